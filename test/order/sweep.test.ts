import { afterEach, describe, expect, test } from 'vitest';
import { beginByOf } from '../../cloudfunctions/_shared/order/deadline.ts';
import { SWEEP_PAGE_ORDERS, SWEEP_QUESTIONS } from '../../cloudfunctions/_shared/order/lanes.ts';
import type { Order } from '../../cloudfunctions/_shared/order/order.ts';
import type { Ports } from '../../cloudfunctions/_shared/order/ports.ts';
import { sweep } from '../../cloudfunctions/_shared/order/sweep.ts';
import { type Answer, failed } from '../wechatpay/gateway.ts';
import { type OpenPorts, openPorts, unpaid } from './ports.ts';
import { later, MINUTE_MS, sampleOrder } from './samples.ts';

const MANY = 3 * SWEEP_PAGE_ORDERS;
const NOW = later(10 * MINUTE_MS);

let opened: OpenPorts;
afterEach(() => opened.close());

/** So many orders that are due, one after the other. */
function dueOrders(count: number, change: (n: number) => Partial<Order> = () => ({})): Order[] {
  return Array.from({ length: count }, (_, n) =>
    sampleOrder({ _id: String(n).padStart(32, '0'), next_query_at: later(n), ...change(n) }),
  );
}

/** Answers that wait for `give`. */
function heldAnswers() {
  let give = (_: unknown) => {};
  const given = new Promise((resolve) => {
    give = resolve;
  });
  return { given, give: () => give(undefined) };
}

/** The same ports, and how often a page of due orders was read. */
function countingReads(ports: Ports): { ports: Ports; reads: () => number } {
  let reads = 0;
  const due: Ports['orders']['due'] = (...page) => {
    reads++;
    return ports.orders.due(...page);
  };
  return { ports: { ...ports, orders: { ...ports.orders, due } }, reads: () => reads };
}

test('orders whose pages asked a moment ago do not keep the others from being asked about', async () => {
  opened = await openPorts({ now: NOW });
  const askedJustNow = { queried_at: new Date(NOW.getTime() - 1000) };
  const inFront = SWEEP_PAGE_ORDERS + 50;
  await opened.add(...dueOrders(inFront + 50, (n) => (n < inFront ? askedJustNow : {})));
  const { ports, reads } = countingReads(opened.ports);
  expect(await sweep(ports)).toEqual({ asked: 50, settled: 0, skipped: inFront, failed: 0, complete: true });
  expect(reads()).toBe(2);
});

test('orders that are due at the very same moment are each asked about once', async () => {
  opened = await openPorts({ now: NOW });
  await opened.add(...dueOrders(MANY + 50, (n) => ({ next_query_at: later(n < MANY ? 0 : n) })));
  expect(await sweep(opened.ports)).toMatchObject({ asked: MANY + 50, complete: true });
  expect(new Set(opened.asked()).size).toBe(MANY + 50);
  expect(opened.asked()).toHaveLength(MANY + 50);
});

describe('the run is one stream', () => {
  test('a question that is answered late holds up nobody else', async () => {
    const { given, give } = heldAnswers();
    const late = '0'.repeat(32);
    const answer = async (question: Parameters<typeof unpaid>[0]) => {
      if (question.out_trade_no === late) await given;
      return unpaid(question);
    };
    opened = await openPorts({ now: NOW, answer });
    await opened.add(...dueOrders(MANY));
    const run = sweep(opened.ports);
    await expect.poll(() => opened.asked().length, { timeout: 10_000 }).toBe(MANY);
    give();
    expect(await run).toMatchObject({ asked: MANY, complete: true });
  });

  test('as many questions as may be are under way, and never more', async () => {
    let underWay = 0;
    const counts: number[] = [];
    const answer = async (question: Parameters<typeof unpaid>[0]) => {
      counts.push(++underWay);
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      underWay--;
      return unpaid(question);
    };
    opened = await openPorts({ now: NOW, answer });
    await opened.add(...dueOrders(MANY));
    await sweep(opened.ports);
    expect(Math.max(...counts)).toBe(SWEEP_QUESTIONS);
    // Once they are, they stay: nobody waits for the last of a page.
    const full = counts.slice(SWEEP_QUESTIONS, MANY - SWEEP_QUESTIONS);
    expect(full.filter((count) => count < SWEEP_QUESTIONS / 2)).toEqual([]);
  });

  test('the next orders are read while WeChat is being asked about the ones before, and not all of them', async () => {
    const { given, give } = heldAnswers();
    const answer = async (question: Parameters<typeof unpaid>[0]) => {
      await given;
      return unpaid(question);
    };
    opened = await openPorts({ now: NOW, answer });
    await opened.add(...dueOrders(MANY));
    const { ports, reads } = countingReads(opened.ports);
    const run = sweep(ports);
    await expect.poll(() => opened.asked().length).toBe(SWEEP_QUESTIONS);
    await expect.poll(reads).toBe(2);
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(reads()).toBe(2);
    give();
    expect(await run).toMatchObject({ asked: MANY });
  });
});

describe('the run ends early', () => {
  test('when WeChat asks for patience: nothing more is asked', async () => {
    const { given, give } = heldAnswers();
    let asked = 0;
    const answer = async (question: Parameters<typeof unpaid>[0]): Promise<Answer> => {
      if (asked++ === 1) return failed('FREQUENCY_LIMITED');
      await given;
      return unpaid(question);
    };
    opened = await openPorts({ now: NOW, answer });
    await opened.add(...dueOrders(MANY));
    const run = sweep(opened.ports);
    await expect.poll(() => opened.logged.length).toBeGreaterThan(0);
    give();
    expect(await run).toMatchObject({ asked: SWEEP_QUESTIONS - 1, complete: false });
    expect(opened.asked()).toHaveLength(SWEEP_QUESTIONS);
  });

  test('when too little time is left for another order: those begun are ended, the rest stays due', async () => {
    const answer = async (question: Parameters<typeof unpaid>[0]) => {
      const left = beginByOf(opened.ports.deadline).getTime() - opened.clock.now().getTime();
      await opened.clock.advance(Math.max(0, left));
      return unpaid(question);
    };
    opened = await openPorts({ now: NOW, answer });
    await opened.add(...dueOrders(MANY));
    const { asked, skipped, failed, complete } = await sweep(opened.ports);
    expect({ skipped, failed, complete }).toEqual({ skipped: 0, failed: 0, complete: false });
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(SWEEP_PAGE_ORDERS);
  });

  test('when no more can be read: those in hand are ended before it is reported', async () => {
    opened = await openPorts({ now: NOW });
    await opened.add(...dueOrders(MANY));
    let reads = 0;
    const due: Ports['orders']['due'] = async (...page) => {
      if (reads++ > 0) throw new Error('The database is gone.');
      return opened.ports.orders.due(...page);
    };
    const ports = { ...opened.ports, orders: { ...opened.ports.orders, due } };
    await expect(sweep(ports)).rejects.toThrow('The database is gone.');
    expect(opened.asked().length).toBeGreaterThanOrEqual(SWEEP_PAGE_ORDERS - 1);
    const taken = opened.documents('orders').filter(({ query_count }) => Number(query_count) > 0);
    expect(taken).toHaveLength(opened.asked().length);
  });
});
