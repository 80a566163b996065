import { expect, test } from 'vitest';
import {
  ATTEMPTS_MAX,
  attemptFor,
  forgetAttempt,
  keepAttempt,
} from '../../miniprogram/logic/order/attempts.ts';
import { forgetRequestId, requestIdFor, requestIdFrom } from '../../miniprogram/logic/shop/request-ids.ts';
import { memoryStore, NOW } from './samples.ts';

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
  const ids = await Promise.all(choices.map((choice) => requestIdFor(store, choice, make)));
  expect(await Promise.all(choices.map((choice) => requestIdFor(store, choice, make)))).toEqual(ids);
});

test('the same choice made twice at once is one request_id', async () => {
  const store = memoryStore();
  const unused = ['a', 'b'];
  const ask = () => requestIdFor(store, { product_id: 'city', months: 1 }, async () => unused.shift() ?? '');
  expect(new Set(await Promise.all([ask(), ask()])).size).toBe(1);
});

test('forgetting one request_id leaves the others', async () => {
  const store = memoryStore();
  await requestIdFor(store, { product_id: 'city', months: 1 }, async () => 'a');
  await requestIdFor(store, { product_id: 'city', months: 3 }, async () => 'b');
  forgetRequestId(store, 'a');
  expect(store.read('request_ids')).toEqual({ 'city/3': 'b' });
});

test('the last attempt for an order replaces the one before it', () => {
  const store = memoryStore();
  keepAttempt(store, 'one', { kind: 'cancelled', at });
  keepAttempt(store, 'one', { kind: 'failed', at, said: '余额不足' });
  expect(attemptFor(store, 'one')).toEqual({ kind: 'failed', at, said: '余额不足' });
  forgetAttempt(store, 'one');
  expect(attemptFor(store, 'one')).toBeUndefined();
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
