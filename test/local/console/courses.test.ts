import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Arrow, Mark } from '../../../scripts/local/console/browser/story/row.ts';
import { storyOf } from '../../../scripts/local/console/browser/story/story.ts';
import { shownEvent } from '../../../scripts/local/console/feed.ts';
import type { TraceEvent } from '../../../scripts/local/trace.ts';
import { MINUTE_MS, openShop, type Shop } from '../../functions/shop.ts';
import { openVirtualShop } from '../../functions/virtual-shop.ts';

/** Whom a function calls over HTTP. */
const OUTSIDE: readonly TraceEvent['to'][] = ['wechatpay', 'weixin', 'robot'];

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({}, { timerRunsPerJumpMax: 6 });
});
afterAll(() => shop.close());

/** The functions' calls to whoever is outside, each with the name of the function in whose course it stands. */
function callsOutside(events: readonly TraceEvent[]) {
  const running = new Map(
    events.flatMap(({ to, kind, id, invocation, label }) =>
      to === 'function' && kind === 'call' && id !== undefined && id === invocation ? [[id, label]] : [],
    ),
  );
  return events
    .filter(({ from, to, kind }) => from === 'function' && kind === 'call' && OUTSIDE.includes(to))
    .map(({ label, invocation, payload }) => ({
      label,
      by: running.get(invocation ?? ''),
      out_trade_no: Object(payload).out_trade_no,
    }));
}

/** As the console's page gets them. */
function shown(events: readonly TraceEvent[]) {
  return events.map((event) => shownEvent(event, []));
}

test('whatever a function asks outside stands in the course of its call', async () => {
  const out_trade_no = await shop.placePaid(shop.newShopper());
  await shop.checkOrder(shop.newShopper(), out_trade_no);
  await shop.refundOrder(await shop.newOperator(), shop.newRefund(out_trade_no));
  await shop.clock.advance(24 * 60 * MINUTE_MS);
  await shop.clock.advance(5 * MINUTE_MS);
  const calls = callsOutside(shop.trace.since());
  expect(new Set(calls.map(({ label, by }) => `${by} ${label}`))).toEqual(
    new Set([
      'createOrder /pay/unifiedorder',
      'refundOrder /secapi/pay/refund',
      'refundNotify /pay/refundquery',
      'reconcileBills /pay/downloadbill',
      'queryOrders 群机器人 wecom',
    ]),
  );
});

test('answers stand there as well, and what WeChat changes meanwhile', async () => {
  const out_trade_no = await shop.placePaid(shop.newShopper());
  const [before] = shop.trace.since().slice(-1);
  await shop.refundOrder(await shop.newOperator(), shop.newRefund(out_trade_no));
  const events = shop.trace.since(before?.seq);
  const asked = events.find(({ label }) => label === '/secapi/pay/refund');
  const course = events.filter(({ invocation }) => invocation === asked?.invocation);
  const told = course.filter(({ from, to }) => [from, to].includes('wechatpay'));
  expect(told.map(({ kind, label }) => `${kind} ${label}`)).toEqual([
    'call /secapi/pay/refund',
    'change SUCCESS → REFUND',
    'reply /secapi/pay/refund',
  ]);
});

describe('of two functions that overlap', () => {
  test('each asks about its own order', async () => {
    const shoppers = Array.from({ length: 4 }, () => shop.newShopper());
    const orders = await Promise.all(shoppers.map((shopper) => shop.place(shopper)));
    const [before] = shop.trace.since().slice(-1);
    const numbers = orders.map(({ order }) => order.out_trade_no);
    await Promise.all(shoppers.map((shopper, place) => shop.cancelOrder(shopper, numbers[place] ?? '')));
    const events = shop.trace.since(before?.seq);
    const wanted = new Map(
      events.flatMap(({ label, kind, invocation, payload }) =>
        label === 'cancelOrder' && kind === 'call' ? [[invocation, Object(payload).out_trade_no]] : [],
      ),
    );
    const asked = events.filter(({ label, kind }) => label.startsWith('/pay/') && kind === 'call');
    expect(asked.length).toBeGreaterThanOrEqual(numbers.length);
    for (const { invocation, payload } of asked)
      expect(wanted.get(invocation)).toBe(Object(payload).out_trade_no);
  });

  test('the one that asks WeChat is drawn so, though a notice arrives meanwhile', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.place(shopper);
    const { out_trade_no } = placed.order;
    const [before] = shop.trace.since().slice(-1);
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const unhook = shop.wechatpay.hook({
      when: 'before',
      path: '/pay/orderquery',
      run: (call) => {
        if (call.out_trade_no !== out_trade_no) return undefined;
        isAsked();
        return gate;
      },
    });
    const checking = shop.checkOrder(shopper, out_trade_no);
    await asked;
    shop.pay(shopper, placed);
    await shop.deliver();
    goOn();
    await checking;
    unhook();
    const events = shown(shop.trace.since(before?.seq));
    let chapter = '';
    const rows = storyOf(events, { productNames: {} }).flatMap((row) => {
      if (row.kind === 'chapter') chapter = row.title;
      return row.kind === 'arrow' && /orderquery|trade_state/.test(row.label)
        ? [`${chapter}: ${row.label}`]
        : [];
    });
    expect(rows).toEqual(['核对: orderquery', '核对: trade_state SUCCESS', '核对: trade_state SUCCESS']);
  });
});

describe('a day on which all goes well', () => {
  let rows: readonly { readonly chapter: string; readonly row: Arrow | Mark }[];
  beforeAll(async () => {
    const own = await openShop({}, { timerRunsPerJumpMax: 6 });
    const out_trade_no = await own.placePaid(own.newShopper());
    await own.refundOrder(await own.newOperator(), own.newRefund(out_trade_no));
    await own.clock.advance(MINUTE_MS);
    await own.placePaid(own.newShopper());
    await own.clock.advance(2 * 24 * 60 * MINUTE_MS);
    let chapter = '';
    rows = storyOf(shown(own.trace.since()), { productNames: {} }).flatMap((row) => {
      if (row.kind === 'chapter') chapter = row.title;
      return row.kind === 'arrow' || row.kind === 'mark' ? [{ chapter, row }] : [];
    });
    await own.close();
  });

  test('has nothing in red', () => {
    expect(rows.filter(({ row }) => row.isBad).map(({ row }) => row.label)).toEqual([]);
  });

  test('has each message under the heading of what it belongs to', () => {
    const messages = rows.filter(
      ({ row }) =>
        row.kind === 'arrow' &&
        ['function wechatpay', 'wechatpay function'].includes(`${row.from} ${row.to}`),
    );
    expect(new Set(messages.map(({ chapter, row }) => `${chapter} | ${row.label}`))).toEqual(
      new Set([
        '下单 | unifiedorder ¥48.00',
        '下单 | prepay_id',
        '通知 | notify',
        '通知 | SUCCESS，不再重发',
        '退款 | refund ¥10.00',
        '退款 | SUCCESS',
        '退款通知 | 退款 notify',
        '退款通知 | refundquery',
        '退款通知 | refund_status SUCCESS',
        '退款通知 | SUCCESS，不再重发',
        '对账 | downloadbill 20270115',
        '对账 | 账单，3 行',
        '对账 | downloadbill 20270116',
        '对账 | 这一天没有账单',
        '定时核对 | 群机器人：【店铺日报】1 月 15 日',
        '定时核对 | 群机器人回答',
      ]),
    );
  });

  test('has runs of timers that had nothing to do between the acts, in their own words', () => {
    const idle = rows.flatMap(({ row }) => (row.kind === 'mark' && row.idleRuns ? [row.label] : []));
    expect(idle.length).toBeGreaterThan(0);
    for (const label of idle)
      expect(label).toMatch(
        /^(queryOrders.*：没有到时间的订单|(reconcileBills|sendReminders).*：没有要做的事)$/,
      );
  });
});

test('a function that asks WeChat’s other host has it in its course too', async () => {
  const virtual = await openVirtualShop();
  const shopper = virtual.newShopper();
  await virtual.placePaid(shopper);
  const calls = callsOutside(virtual.trace.since());
  expect(calls.filter(({ by }) => by === undefined)).toEqual([]);
  expect(new Set(calls.map(({ by }) => by))).toContain('createOrder');
  await virtual.close();
});
