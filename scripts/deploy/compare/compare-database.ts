import type { IndexManifest } from '../../manifest.ts';
import type { CollectionState } from '../cloud/state.ts';
import { ABSENT, byHand, NOT_WANTED, type Row, row, type Step } from './row.ts';
import type { WantedCollection } from './wanted.ts';

export function existenceRow({ name }: WantedCollection, there: CollectionState | undefined): Row {
  return row(name, 'collection', ['exists', there ? 'exists' : ABSENT], {
    kind: 'create collection',
    collection: name,
  });
}

export function indexRows({ name, indexes }: WantedCollection, there: CollectionState | undefined): Row[] {
  const wanted = indexes.map((index) => {
    const standing = there?.indexes.find((other) => other.name === index.name);
    return row(
      name,
      `index ${index.name}`,
      [showIndex(index), standing ? showIndex(standing) : ABSENT],
      standing
        ? byHand(
            `Index ${index.name} of ${name} is another one. Delete it (console, Database, ${name}, Indexes) and run this again`,
          )
        : { kind: 'create index', collection: name, index },
    );
  });
  const others = there?.indexes.filter((index) => refusesDocuments(index, indexes)) ?? [];
  const unwanted = others.map((index) =>
    row(name, `index ${index.name}`, [NOT_WANTED, showIndex(index)], deleteIndex(name, index)),
  );
  return [...wanted, ...unwanted];
}

/** Any other index of the merchant's own costs a little at each write; a unique one makes writes fail. */
const refusesDocuments = ({ name, keys, unique }: IndexManifest, wanted: readonly IndexManifest[]): boolean =>
  unique === true &&
  !keys.every(([field]) => field === '_id') &&
  !wanted.some((index) => index.name === name);

const deleteIndex = (collection: string, { name }: IndexManifest): Step =>
  byHand(
    `Index ${name} of ${collection} is unique and not in scripts/manifest.ts: documents that it refuses are not saved. ` +
      `Delete it (console, Database, ${collection}, Indexes), or add it to the manifest if it is wanted`,
  );

export function ruleRow({ name, rule }: WantedCollection, there: CollectionState | undefined): Row {
  return row(name, 'rule', [rule, there?.rule ?? ABSENT], { kind: 'set rule', collection: name, rule });
}

/** Only whether the documents are there: their content is the merchant's to edit. */
export function seedRows({ name, seed }: WantedCollection, there: CollectionState | undefined): Row[] {
  if (seed.length === 0) return [];
  const seeded = there?.seeded ?? [];
  return [
    row(name, 'first documents', [showIds(seed.map(({ _id }) => _id)), showIds(seeded)], {
      kind: 'insert documents',
      collection: name,
      documents: seed.filter(({ _id }) => !seeded.includes(_id)),
    }),
  ];
}

const showIndex = ({ keys, unique }: IndexManifest): string =>
  `${keys.map(([field, direction]) => `${field} ${direction}`).join(', ')}${unique ? ', unique' : ''}`;

const showIds = (ids: readonly string[]): string => ids.toSorted().join(', ') || ABSENT;
