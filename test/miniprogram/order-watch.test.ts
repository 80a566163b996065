import { expect, test } from 'vitest';
import type { Answered } from '../../miniprogram/logic/answer.ts';
import type { Attempt } from '../../miniprogram/logic/order/attempts.ts';
import type { Order, OrderAnswered } from '../../miniprogram/logic/order/order.ts';
import { OrderWatch } from '../../miniprogram/logic/order/order-watch.ts';
import { POLL_AFTER_MS } from '../../miniprogram/logic/order/poll-schedule.ts';
import { LOST, NOW, order } from './samples.ts';

const OFFLINE = { kind: 'lost', offline: true } as const;
const answered = (changes: Partial<Order> = {}): Answered<OrderAnswered> => ({
  kind: 'answered',
  answer: { order: order(changes), now: NOW.toISOString() },
});

test('an order that is not being confirmed is asked about once', async () => {
  const { watch, waits, asked } = watchWith([answered()], undefined);
  await watch.start(order());
  expect([asked(), waits.length]).toEqual([1, 0]);
});

test('an order past its time is asked about until WeChat has closed it, also when an answer is lost', async () => {
  const past = { time_expire: NOW.toISOString() };
  const closed = answered({ ...past, trade_state: 'CLOSED' });
  const { watch, waits, next } = watchWith([answered(past), LOST, closed], undefined);
  await watch.start(order(past));
  await next();
  await next();
  expect([watch.order?.trade_state, waits.length]).toEqual(['CLOSED', 2]);
});

test('an order that is over is not asked about', async () => {
  const { watch, asked } = watchWith([], undefined);
  await watch.start(order({ trade_state: 'SUCCESS' }));
  expect(asked()).toBe(0);
});

test('while it is confirmed the server is asked ever less often, and no more after the last wait', async () => {
  const { watch, waits, next } = watchWith(Array(30).fill(answered()), 'done');
  await watch.start(order());
  for (let index = 0; index < 30 && (await next()); index += 1);
  expect(waits).toEqual(POLL_AFTER_MS);
  expect(watch.polling).toMatchObject({ count: POLL_AFTER_MS.length + 1, since: NOW });
});

test('a payment that the merchant looks into is not asked about again and again', async () => {
  const { watch, asked, waits } = watchWith([answered({ under_review: true })], undefined);
  await watch.start(order({ under_review: true }));
  expect([asked(), waits.length]).toEqual([1, 0]);
});

test.each<[open: string, Attempt, waits: number]>([
  ['not said how it was left', { kind: 'opened', at: NOW.toISOString() }, 2],
  ['said nothing of what became of it', { kind: 'failed', at: NOW.toISOString(), cause: 'unknown' }, 2],
  ['been too busy', { kind: 'failed', at: NOW.toISOString(), cause: 'busy' }, 2],
  ['refused it', { kind: 'failed', at: NOW.toISOString(), cause: 'risk' }, 0],
  ['been closed', { kind: 'cancelled', at: NOW.toISOString() }, 0],
])('an order whose cashier has %s is asked about again or not', async (_, attempt, count) => {
  const paid = answered({ trade_state: 'SUCCESS' });
  const { watch, next, waits } = watchWith([answered(), answered(), paid], attempt);
  await watch.start(order());
  await next();
  await next();
  expect(waits.length).toBe(count);
});

test('it ends when the server says that the order is paid', async () => {
  const { watch, next, waits } = watchWith([answered(), LOST, answered({ trade_state: 'SUCCESS' })], 'done');
  await watch.start(order());
  await next();
  await next();
  expect([watch.order?.trade_state, waits.length]).toEqual(['SUCCESS', 2]);
});

test('without a network it waits for the network, and remembers when it last received an answer', async () => {
  const { watch, waits } = watchWith([OFFLINE, answered()], 'done');
  await watch.start(order());
  expect([watch.polling.offlineSince, waits.length]).toEqual([NOW, 0]);
  await watch.ask();
  expect([watch.polling.offlineSince, waits.length]).toEqual([undefined, 1]);
});

test('when the network is back and the server still does not answer, it goes on asking', async () => {
  const { watch, waits } = watchWith([OFFLINE, LOST], 'done');
  await watch.start(order());
  await watch.ask();
  expect([watch.polling.offlineSince, waits.length]).toEqual([undefined, 1]);
});

test('a page out of sight asks no more', async () => {
  const { watch, asked, calledOff } = watchWith([answered(), answered()], 'done');
  await watch.start(order());
  watch.stop();
  expect(calledOff()).toBe(1);
  await watch.ask();
  expect(asked()).toBe(1);
});

test('an answer that was overtaken by a newer one is not believed', async () => {
  const { watch } = watchWith([answered()], undefined);
  const polling = watch.start(order());
  watch.take(order({ cancelled_at: NOW.toISOString() }));
  await polling;
  expect(watch.order?.cancelled_at).toBe(NOW.toISOString());
});

test('a page that is shown again while its question is under way still receives the answer', async () => {
  const late = new Promise<Answered<OrderAnswered>>((resolve) => {
    setImmediate(() => resolve(answered({ trade_state: 'SUCCESS' })));
  });
  const { watch, asked } = watchWith([late], 'done');
  void watch.start(order());
  watch.stop();
  await watch.start(order());
  expect([asked(), watch.order?.trade_state]).toEqual([1, 'SUCCESS']);
});

test('an answer that arrives while the page is out of sight is not lost', async () => {
  const { watch } = watchWith([answered({ trade_state: 'SUCCESS' })], 'done');
  const polling = watch.start(order());
  watch.stop();
  await polling;
  expect(watch.order?.trade_state).toBe('SUCCESS');
});

test('what was read meanwhile and is over is not taken back by an older answer', async () => {
  const { watch } = watchWith([answered()], 'done');
  const polling = watch.start(order());
  watch.stop();
  await watch.start(order({ trade_state: 'SUCCESS' }));
  await polling;
  expect(watch.order?.trade_state).toBe('SUCCESS');
});

test('a page that is shown again and can read nothing goes on asking', async () => {
  const { watch, waits, asked } = watchWith([answered(), OFFLINE, answered()], 'done');
  await watch.start(order());
  watch.stop();
  await watch.resume();
  expect([asked(), watch.polling.offlineSince]).toEqual([2, NOW]);
  await watch.ask();
  expect([asked(), waits.length]).toEqual([3, 2]);
});

test('without a network an order from the phone is as old as the answer that it came with', async () => {
  const { watch } = watchWith([OFFLINE], 'done');
  const receivedAt = new Date(NOW.getTime() - 60_000);
  await watch.start(order(), receivedAt);
  expect(watch.polling.offlineSince).toEqual(receivedAt);
});

test('two questions at once are one', async () => {
  const { watch, asked } = watchWith([LOST, answered()], undefined);
  const [, isAnswered] = await Promise.all([watch.start(order()), watch.ask()]);
  expect([asked(), isAnswered]).toEqual([1, false]);
});

/** A watch whose questions get these answers, and whose waits are over when the test says `next()`. */
function watchWith(
  answers: (Answered<OrderAnswered> | Promise<Answered<OrderAnswered>>)[],
  left: Attempt | Attempt['kind'] | undefined,
) {
  const waits: number[] = [];
  let asked = 0;
  let calledOff = 0;
  let waiting: (() => unknown) | undefined;
  const watch = new OrderWatch({
    checkOrder: async () => {
      asked += 1;
      return answers.shift() ?? LOST;
    },
    attemptFor: () => (typeof left === 'string' ? { kind: left, at: NOW.toISOString() } : left),
    now: () => NOW,
    later(run, delayMs) {
      waits.push(delayMs);
      waiting = run;
      return () => {
        if (waiting === run) calledOff += 1;
        waiting = undefined;
      };
    },
    changed() {},
  });
  const next = async () => {
    const run = waiting;
    waiting = undefined;
    await run?.();
    return run !== undefined;
  };
  return { watch, waits, next, asked: () => asked, calledOff: () => calledOff };
}
