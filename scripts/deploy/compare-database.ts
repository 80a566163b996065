import type { IndexManifest } from '../manifest.ts';
import { ABSENT, byHand, type Row, row } from './row.ts';
import type { CollectionState } from './state.ts';
import type { WantedCollection } from './wanted.ts';

export function existenceRow({ name }: WantedCollection, there: CollectionState | undefined): Row {
  return row(name, 'collection', ['exists', there ? 'exists' : ABSENT], {
    kind: 'create collection',
    collection: name,
  });
}

export function indexRows({ name, indexes }: WantedCollection, there: CollectionState | undefined): Row[] {
  return indexes.map((index) => {
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
}

export function ruleRow({ name, rule }: WantedCollection, there: CollectionState | undefined): Row {
  return row(name, 'rule', [rule, there?.rule ?? ABSENT], { kind: 'set rule', collection: name, rule });
}

/** Only whether the documents are there: what stands in them is the merchant's to edit. */
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
