import { expect, test } from 'vitest';
import { FORGERIES } from '../../../scripts/local/virtualpay/forgeries.ts';
import { EVENT_GAPS_MS } from '../../../scripts/local/virtualpay/pushes.ts';
import vectors from '../../vectors/virtual-payment.json' with { type: 'json' };
import { createWorld, DAY_MS, IPHONE, MINUTE_MS, NO, NUMBER, OPENID, SECOND_MS } from './world.ts';

const bodyOf = (id: string) => Object(vectors.events.find((event) => event.id === id)?.body);

test('the deliver event has the documented fields, and none of WeChat Pay for Apple', async () => {
  const world = createWorld();
  await world.pay();
  await world.pay({ outTradeNo: 'apple-0001' }, IPHONE);
  await world.clock.advance(0);
  const shapes = [bodyOf('deliver-wechat-pay'), bodyOf('deliver-apple-no-wechatpayinfo')];
  expect(world.pushed.map(({ event }) => shapeOf(event))).toEqual(shapes.map(shapeOf));
  expect(world.pushed[0]?.event).toMatchObject({ OpenId: OPENID, OutTradeNo: NUMBER, Env: 0 });
});

test('it is repeated 15 times with doubled gaps, and says how often it came before', async () => {
  const world = createWorld();
  world.answering(async () => NO);
  await world.pay();
  await world.clock.advance(2 * DAY_MS);
  expect(world.pushed).toHaveLength(16);
  expect(world.pushed.map(({ event }) => event.RetryTimes)).toEqual([
    undefined,
    ...EVENT_GAPS_MS.map((_, at) => at + 1),
  ]);
  const times = world.pushed.map(({ at }) => at.getTime());
  expect(times.slice(1).map((at, turn) => at - (times[turn] ?? 0))).toEqual(EVENT_GAPS_MS);
  expect(world.virtualpay.order(0, NUMBER)?.event?.next_at).toBeUndefined();
});

test.each([
  ['ErrCode 0', { ErrCode: 0, ErrMsg: 'success' }, 1],
  ['nothing', undefined, 1],
  ['null', null, 1],
  ['an empty text', '', 1],
  ['the word success', 'success', 1],
  ['ErrCode 1', NO, 16],
  ['an object without ErrCode', {}, 16],
  ['SUCCESS of the other API', { return_code: 'SUCCESS' }, 16],
])('an answer of %s ends it, or not', async (_, answer, times) => {
  const world = createWorld();
  world.answering(async () => answer);
  await world.pay();
  await world.clock.advance(2 * DAY_MS);
  expect(world.pushed).toHaveLength(times);
});

test('a function that throws is asked again, and its first ok ends it', async () => {
  const world = createWorld();
  world.answering(() => Promise.reject(new Error('no function')));
  await world.pay();
  await world.clock.advance(SECOND_MS);
  world.answering(async () => ({ ErrCode: 0 }));
  await world.clock.advance(DAY_MS);
  expect(world.pushed).toHaveLength(2);
  expect(world.virtualpay.order(0, NUMBER)).toMatchObject({ status: 4 });
});

test.each([
  ['lost', { kind: 'lose-event' } as const, 1, 2 * SECOND_MS],
  ['its answer lost', { kind: 'lose-reply' } as const, 2, 0],
  ['repeated', { kind: 'repeat-event', times: 3, parallel: true } as const, 3, 0],
  ['late', { kind: 'delay-event', ms: MINUTE_MS } as const, 1, MINUTE_MS],
])('an event can be %s', async (_, fault, times, firstMs) => {
  const world = createWorld();
  world.virtualpay.faults.add(fault);
  const start = world.clock.now().getTime();
  await world.pay();
  await world.clock.advance(DAY_MS);
  expect(world.pushed).toHaveLength(times);
  expect((world.pushed[0]?.at.getTime() ?? 0) - start).toBe(firstMs);
  expect(world.virtualpay.order(0, NUMBER)).toMatchObject({ status: 4 });
});

test.each(FORGERIES)('an event can be forged: %s', async (forgery) => {
  const world = createWorld();
  const target = {
    out_trade_no: NUMBER,
    openid: OPENID,
    env: 0,
    product_id: 'city_1m_990',
    price: 990,
  } as const;
  await world.virtualpay.forgeEvent(target, forgery);
  expect(world.pushed).toHaveLength(1);
  expect(world.virtualpay.orders()).toEqual([]);
  expect(world.trace.since().some(({ label }) => label === `forged: ${forgery}`)).toBe(true);
});

test('a complaint is told once', async () => {
  const world = createWorld();
  await world.pay();
  await world.virtualpay.complain(0, NUMBER);
  expect(shapeOf(world.pushed.at(-1)?.event)).toEqual(shapeOf(bodyOf('complaint')));
});

/** The names of a body's fields, those within it included. */
function shapeOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return typeof body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, shapeOf(value)]));
}
