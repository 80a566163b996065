import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { WorldClock } from '../../../scripts/local/clock.ts';
import type { IndexDefinition } from '../../../scripts/local/cloud/database/collection-index.ts';
import { Database } from '../../../scripts/local/cloud/database/database.ts';
import {
  changeDocuments,
  findDocuments,
  insertDocuments,
  type Search,
} from '../../../scripts/local/cloud/database/operations.ts';
import { compareValues, comparison, type SortKeys } from '../../../scripts/local/cloud/database/order.ts';
import { compileFilter } from '../../../scripts/local/cloud/database/query.ts';
import type { Document, Value } from '../../../scripts/local/cloud/database/value.ts';
import { collections } from '../../../scripts/manifest.ts';
import { BIRTH } from './world.ts';

async function collectionOf(documents: readonly Document[], indexes: readonly IndexDefinition[]) {
  const database = new Database({ clock: new WorldClock({ source: () => BIRTH }), random: () => 0 });
  await database.createCollection('things');
  const collection = database.collection('things');
  for (const index of indexes) collection.addIndex(index);
  await insertDocuments(database, collection, documents);
  const find = (source: Document, how: Omit<Search, 'filter'> = {}) =>
    findDocuments(database, collection, { filter: compileFilter(source), ...how });
  /** How many documents are looked at for it. */
  const looks = (source: Document, how?: Omit<Search, 'filter'>) => {
    const before = collection.looks;
    find(source, how);
    return collection.looks - before;
  };
  const change = (source: Document, replace: (document: Document) => Document | undefined) =>
    changeDocuments(database, collection, { filter: compileFilter(source), multi: true, change: replace });
  return { find, looks, change };
}

describe.each([1000, 10_000])('of %i orders', (count) => {
  const SECOND_MS = 1000;
  const STATES = ['NOTPAY', 'USERPAYING', 'PAYERROR', 'SUCCESS', 'CLOSED'];
  const unsettled = { trade_state: { $in: STATES.slice(0, 3) } };
  const at = (second: number) => new Date(BIRTH + second * SECOND_MS);
  const now = at(count);
  const half = at(count / 2);
  let orders: Awaited<ReturnType<typeof collectionOf>>;

  beforeAll(async () => {
    const indexes = collections.find(({ name }) => name === 'orders')?.indexes ?? [];
    const documents = Array.from({ length: count }, (_, n) => ({
      _id: `order-${(n * 7919) % count}`,
      // A tenth are of one shopper; everybody else has ten.
      _openid: n % 10 === 0 ? 'heavy' : `shopper-${n % (count / 10)}`,
      trade_state: STATES[n % STATES.length] ?? '',
      // Two hundred are due at one moment: more than a page.
      next_query_at: n % 5 > 2 ? null : n < 400 ? half : at((n * 31) % count),
      created_at: at(n),
      cancelled_at: null,
    }));
    orders = await collectionOf(documents, indexes);
  });

  const byMoment: SortKeys = [['next_query_at', 1]];
  const byMomentAndId: SortKeys = [...byMoment, ['_id', 1]];
  const afterHalf = {
    $or: [{ next_query_at: { $gt: half } }, { next_query_at: half, _id: { $gt: 'order-5' } }],
  };

  test.each<[about: string, most: number, filter: Document, how: Omit<Search, 'filter'>]>([
    [
      'the first page of what is due',
      102,
      { ...unsettled, next_query_at: { $lte: now } },
      { sort: byMoment, limit: 100 },
    ],
    [
      'a page from a moment on',
      102,
      { ...unsettled, $and: [{ next_query_at: { $gte: half } }, { next_query_at: { $lte: now } }] },
      { sort: byMoment, limit: 100 },
    ],
    [
      'a page at one moment, by _id',
      102,
      { ...unsettled, next_query_at: half, _id: { $gt: 'order-3' } },
      { sort: [['_id', 1]], limit: 100 },
    ],
    [
      'a page after (moment, _id)',
      105,
      { ...unsettled, next_query_at: { $lte: now }, ...afterHalf },
      { sort: byMomentAndId, limit: 100 },
    ],
    [
      'the same, with its conditions nested',
      105,
      { $and: [unsettled, { $and: [{ next_query_at: { $lte: now } }, afterHalf] }] },
      { sort: byMoment, limit: 100 },
    ],
    [
      'the newest 40 of a shopper with a tenth of all',
      40,
      { _openid: 'heavy' },
      { sort: [['created_at', -1]], limit: 40 },
    ],
    ['the oldest 40 of that shopper', 40, { _openid: 'heavy' }, { sort: [['created_at', 1]], limit: 40 }],
    [
      'the second page of that shopper',
      80,
      { _openid: 'heavy' },
      { sort: [['created_at', -1]], skip: 40, limit: 40 },
    ],
    [
      'the unpaid ones of a shopper, by the smaller index',
      10,
      { ...unsettled, _openid: 'shopper-7', cancelled_at: null },
      {},
    ],
    [
      'what nobody has, by the smallest index',
      0,
      { ...unsettled, _openid: 'nobody' },
      { sort: byMoment, limit: 100 },
    ],
    ['one by _id, whatever else is asked', 1, { ...unsettled, _id: 'order-9' }, { sort: byMoment }],
    ['a few by _id', 3, { _id: { $in: ['order-1', 'order-2', 'order-3', 'order-1'] } }, {}],
    ['a page of all, by _id', 20, { _id: { $gt: 'order-5' } }, { sort: [['_id', 1]], limit: 20 }],
    ['the last of all, by _id', 20, {}, { sort: [['_id', -1]], limit: 20 }],
    [
      'a state and a moment, without a sort',
      20,
      { trade_state: 'NOTPAY', next_query_at: { $lte: now } },
      { limit: 20 },
    ],
    ['none of none', 0, { trade_state: { $in: [] } }, {}],
  ])('%s takes at most %i looks', (_, most, filter, how) => {
    expect(orders.looks(filter, how)).toBeLessThanOrEqual(most);
  });

  test('an order that is found late is not followed further than the other way is', () => {
    const filter = { _openid: 'shopper-7', _id: { $gt: 'order' } };
    expect(orders.looks(filter, { sort: [['_id', 1]], limit: 5 })).toBeLessThanOrEqual(2 * 10 + 1);
  });

  test('what no index knows takes a look at each', () => {
    expect(orders.looks({ cancelled_at: 'never' })).toBe(count);
  });

  test('pages by (moment, _id) give everything that is due, once and in order', () => {
    const all = orders.find({ ...unsettled, next_query_at: { $lte: now } });
    const pages: Document[] = [];
    let from: Document = {};
    for (;;) {
      const filter = { ...unsettled, next_query_at: { $lte: now }, ...from };
      const page = orders.find(filter, { sort: byMomentAndId, limit: 100 });
      const last = page.at(-1);
      if (!last) break;
      pages.push(...page);
      const { next_query_at = null, _id = null } = last;
      from = { $or: [{ next_query_at: { $gt: next_query_at } }, { next_query_at, _id: { $gt: _id } }] };
    }
    expect(pages).toEqual([...all].sort(comparison(byMomentAndId)));
  });
});

describe('an index changes nothing but the number of looks', () => {
  const scalar = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) },
    ...[fc.constantFrom('', 'a', 'b', '\uffee', '\u{1f600}'), fc.constantFrom(null, true, false)],
    fc.integer({ min: 0, max: 3 }).map((n) => new Date(n)),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0),
  );
  const value: fc.Arbitrary<Value> = fc.oneof(
    { weight: 8, arbitrary: scalar },
    { weight: 3, arbitrary: fc.array(scalar, { maxLength: 3 }) },
    fc.record({ x: scalar }),
  );
  const document = fc.record({ a: value, b: value, c: value }, { requiredKeys: [] });
  const field = fc.constantFrom('a', 'b', 'c', 'a.x', '_id');
  const limit = fc.record({ $gt: scalar, $gte: scalar, $lt: scalar, $lte: scalar }, { requiredKeys: [] });
  const condition = fc.oneof(
    ...[scalar, value, limit.filter((each) => Object.keys(each).length > 0)],
    fc.array(scalar, { maxLength: 3 }).map((list) => ({ $in: list })),
    value.map((each) => ({ $ne: each })),
    fc.boolean().map((each) => ({ $exists: each })),
  );
  const flat = fc.dictionary(field, condition, { maxKeys: 3 });
  const list = fc.array(flat, { minLength: 1, maxLength: 3 });
  const filter = fc.oneof(
    flat,
    fc.tuple(flat, list).map(([some, more]) => ({ ...some, $or: more })),
    fc.tuple(list, list).map(([some, more]) => ({ $and: [...some, { $or: more }] })),
  );
  const direction = fc.constantFrom<1 | -1>(1, -1);
  const keys = (maxLength: number) =>
    fc.uniqueArray(fc.tuple(field, direction), { minLength: 1, maxLength, selector: ([path]) => path });
  const definition = fc.record({ keys: keys(3), sparse: fc.boolean() });
  const how = fc.record({
    sort: fc.option(keys(2), { nil: undefined }),
    limit: fc.integer({ min: 0, max: 12 }),
  });

  test.each<[about: string, filter: Document, sort: SortKeys, ids: readonly number[]]>([
    ['one item may meet one limit, another the next', { a: { $gt: 4, $lt: 2 } }, [['_id', 1]], [1]],
    ['an array sorts by its least item', { a: { $gt: 4 } }, [['a', 1]], [1, 2]],
    ['backwards by its greatest', { a: { $lt: 6 } }, [['a', -1]], [1, 2]],
    ['a document that fits in two ways comes once', { $or: [{ a: 1 }, { a: 9 }] }, [['_id', 1]], [1]],
    ['two items may meet two conditions', { $and: [{ a: 1 }, { a: 9 }] }, [['_id', 1]], [1]],
  ])('of arrays: %s', async (_, source, sort, ids) => {
    const documents = [
      { _id: 1, a: [1, 9] },
      { _id: 2, a: 5 },
    ];
    const { find } = await collectionOf(documents, [{ name: 'a', keys: [['a', 1]] }]);
    expect(find(source, { sort }).map(({ _id }) => _id)).toEqual(ids);
  });

  test('of random documents, indexes, filters and orders', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { maxLength: 30 }),
        fc.array(definition, { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(filter, how), { minLength: 1, maxLength: 5 }),
        fc.tuple(flat, document),
        async (given, definitions, searches, [changed, change]) => {
          const documents = given.map((each, n) => ({ _id: n % 3 === 0 ? `id-${n}` : n, ...each }));
          const indexes = definitions.map((each, n) => ({ name: `index-${n}`, ...each }));
          const plain = await collectionOf(documents, []);
          const indexed = await collectionOf(documents, indexes);
          for (const each of [plain, indexed]) {
            await each.change(changed, ({ _id = null }) =>
              Number(_id) % 2 === 0 ? undefined : { _id, ...change },
            );
          }
          for (const [source, { sort, limit: most }] of searches) {
            const all = plain.find(source);
            expect(byId(indexed.find(source))).toEqual(byId(all));
            const found = indexed.find(source, { sort, limit: most });
            expect(found.length).toBe(Math.min(most, all.length));
            if (!sort) continue;
            const order = comparison(sort);
            const right = [...all].sort(order).slice(0, most);
            expect(found.every((each, n) => order(each, right[n] ?? {}) === 0)).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('texts are ordered by their UTF-8, as MongoDB orders them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareValues(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

function byId(documents: readonly Document[]): Document[] {
  return [...documents].sort((a, b) => compareValues(a._id, b._id));
}
