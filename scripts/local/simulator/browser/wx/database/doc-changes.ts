type Fields = Readonly<Record<string, unknown>>;

/** https://developers.weixin.qq.com/miniprogram/dev/wxcloudservice/wxcloud/reference-sdk-api/database/collection/Collection.watch.html */
export interface DocChange {
  readonly id: number;
  readonly queueType: 'init' | 'update' | 'enqueue' | 'dequeue';
  readonly dataType: 'init' | 'update' | 'add' | 'remove';
  readonly docId: unknown;
  readonly doc: Fields;
  readonly updatedFields?: Fields;
  readonly removedFields?: readonly string[];
}

export interface Snapshot {
  readonly id: number;
  readonly type?: 'init';
  readonly docs: readonly Fields[];
  readonly docChanges: readonly DocChange[];
}

/** The first snapshot of a watch. */
export function firstSnapshot(docs: readonly Fields[]): Snapshot {
  const docChanges = docs.map((doc) => ({
    ...{ id: 0, queueType: 'init' as const, dataType: 'init' as const, docId: doc._id, doc },
  }));
  return { id: 0, type: 'init', docs, docChanges };
}

/**
 * What changed between two results of a query; undefined where nothing did. What came in counts as added and what went as
 * removed: the result alone does not say whether it was only changed elsewhere.
 */
export function nextSnapshot(before: Snapshot, docs: readonly Fields[]): Snapshot | undefined {
  const id = before.id + 1;
  const known = new Map(before.docs.map((doc) => [keyOf(doc), doc]));
  const present = new Set(docs.map(keyOf));
  const gone = before.docs.filter((doc) => !present.has(keyOf(doc)));
  const changes = docs.map((doc): DocChange | undefined => {
    const old = known.get(keyOf(doc));
    const change = { id, docId: doc._id, doc };
    if (!old) return { ...change, queueType: 'enqueue', dataType: 'add' };
    const difference = differenceOf(old, doc);
    return difference && { ...change, queueType: 'update', dataType: 'update', ...difference };
  });
  const docChanges: readonly DocChange[] = [
    ...gone.map((doc) => ({
      ...{ id, queueType: 'dequeue' as const, dataType: 'remove' as const, docId: doc._id, doc },
    })),
    ...changes.filter((change) => change !== undefined),
  ];
  const isMoved = docs.some((doc, at) => keyOf(doc) !== keyOf(before.docs[at] ?? {}));
  return docChanges.length > 0 || isMoved ? { id, docs, docChanges } : undefined;
}

function differenceOf(
  before: Fields,
  after: Fields,
): { updatedFields: Fields; removedFields: readonly string[] } | undefined {
  const updatedFields: Record<string, unknown> = {};
  const removedFields: string[] = [];
  const compare = (old: Fields, fresh: Fields, prefix: string) => {
    for (const field of Object.keys(old)) if (!(field in fresh)) removedFields.push(prefix + field);
    for (const [field, value] of Object.entries(fresh)) {
      const former = old[field];
      if (isObject(former) && isObject(value)) compare(former, value, `${prefix}${field}.`);
      else if (!isSame(former, value) || !(field in old)) updatedFields[prefix + field] = value;
    }
  };
  compare(before, after, '');
  const isChanged = Object.keys(updatedFields).length + removedFields.length > 0;
  return isChanged ? { updatedFields, removedFields } : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Documents are JSON with dates, which JSON writes as text. */
function isSame(one: unknown, other: unknown): boolean {
  return one instanceof Date === other instanceof Date && JSON.stringify(one) === JSON.stringify(other);
}

function keyOf({ _id }: Fields): string {
  return JSON.stringify(_id) ?? '';
}
