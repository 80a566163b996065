import type { IndexManifest } from '../../manifest.ts';
import { howToDecide } from '../check/channel.ts';
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
    const standing = standingFor(index, there?.indexes ?? []);
    return row(
      name,
      `index ${index.name}`,
      [showIndex(index), standing ? showIndex(standing) : ABSENT],
      standing
        ? byHand(
            `Index ${standing.name} of ${name} is another one. Delete it (console, Database, ${name}, Indexes) and run this again`,
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

/**
 * What is there for an index: whatever its name, the database uses one with the same fields, and refuses a second one. One in
 * the way, by its name or its fields, has to go first.
 */
function standingFor(wanted: IndexManifest, there: readonly IndexManifest[]): IndexManifest | undefined {
  return (
    there.find((index) => showIndex(index) === showIndex(wanted)) ??
    there.find(({ name }) => name === wanted.name) ??
    there.find(({ keys }) => showIndex({ ...wanted, keys }) === showIndex(wanted))
  );
}

/** Any other index of the merchant's own costs a little at each write; a unique one makes writes fail. */
const refusesDocuments = ({ name, keys, unique }: IndexManifest, wanted: readonly IndexManifest[]): boolean =>
  unique === true &&
  !keys.every(([field]) => field === '_id') &&
  !wanted.some((index) => index.name === name || showIndex(index) === showIndex({ name, keys, unique }));

const deleteIndex = (collection: string, { name }: IndexManifest): Step =>
  byHand(
    `Index ${name} of ${collection} is unique and not in scripts/manifest.ts: documents that it refuses are not saved. ` +
      `Delete it (console, Database, ${collection}, Indexes), or add it to the manifest if it is wanted`,
  );

/** @param isAsked whether this deployment was asked for this collection alone, with `--only` */
export function ruleRow(
  { name, rule, earlierRule }: WantedCollection,
  there: CollectionState | undefined,
  isAsked: boolean,
): Row {
  const isKept = earlierRule !== undefined && there?.rule === earlierRule && !isAsked;
  const step: Step = isKept ? notTightened(name) : { kind: 'set rule', collection: name, rule };
  return row(name, 'rule', [rule, there?.rule ?? ABSENT], step);
}

/** An upgrade. Only the shop's owner knows when phones have the new pages. */
const notTightened = (name: string): Step =>
  byHand(
    `The rule of ${name} is that of an earlier release and was not tightened: phones keep the old pages for a while, and under ` +
      'the new rule some of those cannot load. Release the mini-program first; once phones have it, set the rule with: ' +
      `npm run deploy -- --only ${name}`,
  );

/**
 * Only whether the documents are there: what stands in them is the merchant's to edit.
 * @param undecided those whose owner has to decide something first. They are held back: in the file it is a word, and in the
 * database they would be on sale meanwhile
 */
export function seedRows(
  { name, seed }: WantedCollection,
  there: CollectionState | undefined,
  undecided: readonly string[],
): Row[] {
  if (seed.length === 0) return [];
  const seeded = there?.seeded ?? [];
  const missing = seed.filter(({ _id }) => !seeded.includes(_id));
  const documents = missing.filter(({ _id }) => !undecided.includes(_id));
  return [
    row(
      name,
      'first documents',
      [showIds(seed.map(({ _id }) => _id)), showIds(seeded)],
      documents.length > 0
        ? { kind: 'insert documents', collection: name, documents }
        : byHand(howToDecide(undecided)),
    ),
  ];
}

const showIndex = ({ keys, unique }: IndexManifest): string =>
  `${keys.map(([field, direction]) => `${field} ${direction}`).join(', ')}${unique ? ', unique' : ''}`;

const showIds = (ids: readonly string[]): string => ids.toSorted().join(', ') || ABSENT;
