import { expect, test } from 'vitest';
import {
  forgetOrder,
  KEPT_ORDERS_MAX,
  keepOrder,
  keptOrder,
  orderBeingConfirmed,
} from '../../miniprogram/logic/kept-orders.ts';
import {
  ATTEMPTS_MAX,
  attemptFor,
  forgetAttempt,
  keepAttempt,
} from '../../miniprogram/logic/order/attempts.ts';
import {
  forgetRequestId,
  lastRequestId,
  requestIdFrom,
  requestIdsFor,
  requestIdsKept,
  supersedeChoice,
  supersedeRequestId,
} from '../../miniprogram/logic/shop/request-ids.ts';
import { keepShopShape, shopShape } from '../../miniprogram/logic/shop-shape.ts';
import { memoryStore, NOW, order } from './samples.ts';

const at = NOW.toISOString();

test('a request_id is one that createOrder accepts', () => {
  expect(requestIdFrom(new Uint8Array([0, 1, 15, 16, 254, 255, 7, 8, 0, 1, 15, 16, 254, 255, 7, 8]))).toBe(
    '00010f10feff070800010f10feff0708',
  );
});

test('two choices made at the same time both keep their request_id', async () => {
  const store = memoryStore();
  const unused = ['a', 'b', 'c'];
  const make = async () => unused.shift() ?? '';
  const choices = [1, 3].map((months) => ({ product_id: 'city', months }));
  const ids = await Promise.all(choices.map((choice) => requestIdsFor(store, choice, make)));
  expect(await Promise.all(choices.map((choice) => requestIdsFor(store, choice, make)))).toEqual(ids);
});

test('the same choice made twice at once is one request_id', async () => {
  const store = memoryStore();
  const unused = ['a', 'b'];
  const ask = () => requestIdsFor(store, { product_id: 'city', months: 1 }, async () => unused.shift() ?? '');
  expect(await Promise.all([ask(), ask()])).toEqual([{ request_id: 'a' }, { request_id: 'a' }]);
});

test('forgetting one request_id leaves the others', async () => {
  const store = memoryStore();
  await requestIdsFor(store, { product_id: 'city', months: 1 }, async () => 'a');
  await requestIdsFor(store, { product_id: 'city', months: 3 }, async () => 'b');
  forgetRequestId(store, 'a');
  expect(store.read('request_ids')).toEqual({ 'city/3': 'b' });
});

test('a request_id that is superseded is named by the next one of its choice, and by no other', async () => {
  const store = memoryStore();
  const [city, market] = ['city', 'market'].map((product_id) => ({ product_id, months: 1 }));
  if (!city || !market) throw new Error('two choices');
  await requestIdsFor(store, city, async () => 'old');
  supersedeRequestId(store, 'old');
  expect(requestIdsKept(store, city)).toBeUndefined();
  expect(await requestIdsFor(store, market, async () => 'other')).toEqual({ request_id: 'other' });
  const ids = { request_id: 'new', supersedes: 'old' };
  expect(await requestIdsFor(store, city, async () => 'new')).toEqual(ids);
  expect(await requestIdsFor(store, city, async () => 'unused')).toEqual(ids);
  forgetRequestId(store, 'new');
  expect(await requestIdsFor(store, city, async () => 'next')).toEqual({ request_id: 'next' });
});

test('a choice whose order cannot be paid under its number is ordered in its place, and anew once that is over', async () => {
  const store = memoryStore();
  const city = { product_id: 'city', months: 1 };
  await requestIdsFor(store, city, async () => 'used');
  supersedeChoice(store, city, 'used');
  expect([requestIdsKept(store, city), lastRequestId(store, city)]).toEqual([undefined, 'used']);
  const ids = await requestIdsFor(store, city, async () => 'new');
  expect(ids).toEqual({ request_id: 'new', supersedes: 'used' });
  supersedeChoice(store, city, 'used');
  expect([requestIdsKept(store, city), lastRequestId(store, city)]).toEqual([ids, 'new']);
  forgetRequestId(store, 'used');
  expect(requestIdsKept(store, city)).toEqual(ids);
  supersedeRequestId(store, 'used');
  expect(requestIdsKept(store, city)).toEqual(ids);
  supersedeChoice(store, city, 'new');
  supersedeRequestId(store, 'new');
  expect(lastRequestId(store, city)).toBe('new');
  forgetRequestId(store, 'new');
  expect(lastRequestId(store, city)).toBeUndefined();
});

test.each([
  [{ 'city/1': 'a' }, { request_id: 'a' }],
  [{ 'city/1': { request_id: 'a', supersedes: 'b' } }, { request_id: 'a', supersedes: 'b' }],
  [{ 'city/1': { request_id: '', supersedes: 7 } }, undefined],
  [{ 'city/1': null }, undefined],
  ['text', undefined],
])('in storage, %j is the request_id %j', (found, ids) => {
  const store = memoryStore();
  store.write('request_ids', found);
  expect(requestIdsKept(store, { product_id: 'city', months: 1 })).toEqual(ids);
});

test('an order is kept as createOrder answered it last, until it is forgotten', () => {
  const store = memoryStore();
  const now = NOW.toISOString();
  keepOrder(store, { order: order({ total_fee: 1 }), now });
  keepOrder(store, { order: order(), now });
  expect(keptOrder(store, order().out_trade_no)).toEqual({ order: order(), now });
  forgetOrder(store, order().out_trade_no);
  expect(keptOrder(store, order().out_trade_no)).toBeUndefined();
});

test('kept orders are bounded, and the oldest goes first', () => {
  const store = memoryStore();
  for (let index = 0; index <= KEPT_ORDERS_MAX; index += 1)
    keepOrder(store, { order: order({ out_trade_no: `order-${index}` }), now: NOW.toISOString() });
  expect(keptOrder(store, 'order-0')).toBeUndefined();
  expect(keptOrder(store, 'order-1')).toBeDefined();
});

test.each([['text'], [[7]], [[{ order: {}, now: 'never' }]]])(
  'what someone else left in storage (%j) is not an order',
  (found) => {
    const store = memoryStore();
    store.write('orders', found);
    expect(keptOrder(store, order().out_trade_no)).toBeUndefined();
  },
);

test.each(['opened', 'done', 'cancelled', 'failed', undefined] as const)(
  'an order whose cashier was left as %s is being confirmed only when it was paid for there',
  (kind) => {
    const store = memoryStore();
    keepOrder(store, { order: order(), now: NOW.toISOString() });
    if (kind !== undefined) keepAttempt(store, order().out_trade_no, { kind, at });
    const found = orderBeingConfirmed(store, order().request_id);
    expect(found?.out_trade_no).toBe(kind === 'done' ? order().out_trade_no : undefined);
  },
);

test('before the shop is read, as many cards and options are drawn as it had the last time', () => {
  const store = memoryStore();
  const drawn = () => [shopShape(store).cards.length, shopShape(store).options.length];
  expect(drawn()).toEqual([3, 4]);
  keepShopShape(store, { cards: 1, options: 2 });
  expect(drawn()).toEqual([1, 2]);
  keepShopShape(store, { cards: 300, options: 5 });
  expect(drawn()).toEqual([12, 5]);
  store.write('shop_shape', 'text');
  expect(drawn()).toEqual([3, 4]);
});

test('the last attempt for an order replaces the one before it', () => {
  const store = memoryStore();
  keepAttempt(store, 'one', { kind: 'cancelled', at });
  keepAttempt(store, 'one', { kind: 'failed', at, said: '余额不足' });
  expect(attemptFor(store, 'one')).toEqual({ kind: 'failed', at, said: '余额不足' });
  keepAttempt(store, 'one', { kind: 'failed', at, cause: 'merchant', code: '-15010' });
  expect(attemptFor(store, 'one')).toEqual({ kind: 'failed', at, cause: 'merchant', code: '-15010' });
  forgetAttempt(store, 'one');
  expect(attemptFor(store, 'one')).toBeUndefined();
});

test('a cause of a later version is none', () => {
  const store = memoryStore();
  store.write('attempts', [['one', { kind: 'failed', at, cause: 'toString' }]]);
  expect(attemptFor(store, 'one')).toEqual({ kind: 'failed', at });
});

test('attempts are bounded, and the oldest goes first', () => {
  const store = memoryStore();
  for (let index = 0; index <= ATTEMPTS_MAX; index += 1)
    keepAttempt(store, `order-${index}`, { kind: 'done', at });
  expect(attemptFor(store, 'order-0')).toBeUndefined();
  expect(attemptFor(store, 'order-1')?.kind).toBe('done');
});

test.each([
  ['text'],
  [7],
  [null],
  [[['one', { kind: 'paid', at }]]],
  [[['one', { kind: 'done', at: 'never' }]]],
  [[7]],
])('what someone else left in storage (%j) is not an attempt', (found) => {
  const store = memoryStore();
  store.write('attempts', found);
  expect(attemptFor(store, 'one')).toBeUndefined();
});
