import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TraceEvent } from '../../scripts/local/trace.ts';
import { functions, QUERY_ORDERS_EVERY_MINUTES } from '../../scripts/manifest.ts';
import { MINUTE_MS, type Shopper } from './shop.ts';
import { openVirtualShop, VIP_FEE, type VirtualShop } from './virtual-shop.ts';

let shop: VirtualShop;
let operator: Shopper;
let events: TraceEvent[] = [];

beforeAll(async () => {
  shop = await openVirtualShop();
  shop.trace.subscribe((event) => events.push(event));
});
afterAll(() => shop.close());

/** Looking for alarms to tell the group chat of, each in its own time, is not an order's either. */
const OF_TELLING = / (progress|alarms)$/;

/** Functions of a timer that are not run for an order, whatever their hour. */
const DAILY: readonly string[] = functions
  .filter(({ name, trigger }) => trigger && name !== 'queryOrders')
  .map(({ name }) => name);

/** What a call of the database and a question to WeChat usually take. */
const DATABASE_MS = 10;
const WECHAT_MS = 140;

/** The smallest plan and what goes beyond it, as CloudBase published them in 2022. */
const PLAN = { yuan: 19.9, calls: 200_000, gb_seconds: 100_000 };
const YUAN_A_CALL = 0.5 / 10_000;
const YUAN_A_GB_SECOND = 0.00011108;
const MEMORY_GB = 0.25;

/** What a month with a million such orders costs, with the timer's own runs and reads. */
function yuanOfAMillion({ calls, ms }: { calls: number; ms: number }): number {
  const timer = (2 * 30 * 24 * 60) / QUERY_ORDERS_EVERY_MINUTES;
  const callsBeyond = Math.max(0, calls * 1e6 + timer - PLAN.calls);
  const gbSecondsBeyond = Math.max(0, (ms / 1000) * MEMORY_GB * 1e6 - PLAN.gb_seconds);
  return Math.round(PLAN.yuan + callsBeyond * YUAN_A_CALL + gbSecondsBeyond * YUAN_A_GB_SECOND);
}

interface Life {
  readonly what: string;
  readonly live: (shopper: Shopper) => Promise<unknown>;
}

/** What becomes of an order. The rows of the table in docs/performance, in its order. */
const LIVES: readonly Life[] = [
  { what: 'WeChat Pay: paid, noticed, looked at once', live: buy },
  {
    what: 'WeChat Pay: nobody pays, closed at its end',
    async live(shopper) {
      await shop.place(shopper);
      await pass(40);
    },
  },
  {
    what: 'WeChat Pay: cancelled a moment later',
    async live(shopper) {
      const { order } = await shop.place(shopper);
      await shop.cancelOrder(shopper, order.out_trade_no);
      await pass(10);
    },
  },
  {
    what: 'WeChat Pay: paid, and given back whole by an operator',
    live: async (shopper) => refund(await buy(shopper), 4800),
  },
  { what: 'virtual payment: paid, its event comes, looked at once', live: buyVirtual },
  {
    what: 'virtual payment: the cashier is closed unpaid, and WeChat closes the order after two hours',
    async live(shopper) {
      const { payment } = await shop.placeVirtual(shopper);
      shop.virtualpay.cashDesk.open(payment, { openid: shopper.openid, platform: 'android' });
      await pass(200);
    },
  },
  {
    what: 'virtual payment: the cashier is closed unpaid, and the shopper cancels a moment later',
    async live(shopper) {
      const { order, payment } = await shop.placeVirtual(shopper);
      shop.virtualpay.cashDesk.open(payment, { openid: shopper.openid, platform: 'android' });
      await shop.cancelOrder(shopper, order.out_trade_no);
      await pass(200);
    },
  },
  {
    what: 'virtual payment: paid, and given back whole by an operator',
    live: async (shopper) => refund(await buyVirtual(shopper), VIP_FEE),
  },
];

test('an order costs what docs/performance says, in both languages', async () => {
  operator = await shop.newOperator();
  // What an instance does once, a token for one, is not the order's.
  await refund(await buyVirtual(shop.newShopper()), VIP_FEE);
  await pass(20);
  const idle = await costWhile(() => shop.sweep(), { reads: 0, writes: 0 });
  const counted: number[][] = [];
  for (const { live } of LIVES) {
    const { runs, reads, writes, questions } = await costWhile(() => live(shop.newShopper()), idle);
    const calls = runs + reads + writes;
    const ms = (reads + writes) * DATABASE_MS + questions * WECHAT_MS;
    counted.push([runs, reads, writes, calls, questions, ms, yuanOfAMillion({ calls, ms })]);
  }
  for (const language of ['', '.zh-CN']) {
    const written = tableOf(language);
    expect(written.map((row) => row.length)).toEqual(counted.map((row) => row.length));
    for (const [at, row] of counted.entries())
      expect(
        written[at]?.filter((number, column) => !isNear(number, row[column] ?? 0)),
        `${LIVES[at]?.what}: ${row}`,
      ).toEqual([]);
  }
});

/** A question that comes a moment before or after a run of the timer makes a read or a write more or less. */
function isNear(written: number, counted: number): boolean {
  return Math.abs(written - counted) <= Math.max(2, counted * 0.15);
}

/** The numbers of the table of lives in the documentation. */
function tableOf(language: string): number[][] {
  const text = readFileSync(new URL(`../../docs/performance${language}.md`, import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => /^\|[^|]+(\| [\d,]+ ){7}\|$/.test(line));
  return rows.map((row) =>
    row
      .split('|')
      .slice(2, 9)
      .map((cell) => Number(cell.replaceAll(',', ''))),
  );
}

async function buy(shopper: Shopper): Promise<string> {
  const out_trade_no = await shop.placePaid(shopper);
  await shop.checkOrder(shopper, out_trade_no);
  return out_trade_no;
}

async function buyVirtual(shopper: Shopper): Promise<string> {
  const placed = await shop.placeVirtual(shopper);
  shop.payVirtual(shopper, placed);
  await shop.deliverEvents();
  await shop.checkOrder(shopper, placed.order.out_trade_no);
  return placed.order.out_trade_no;
}

async function refund(out_trade_no: string, refund_fee: number): Promise<void> {
  await shop.refundOrder(operator, shop.newRefund(out_trade_no, { refund_fee }));
  await pass(10);
  await shop.deliverEvents();
  expect(shop.stored(out_trade_no).refunded_fee).toBe(refund_fee);
}

/** In steps that run every timer on the way. */
async function pass(minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed += 10) await shop.clock.advance(10 * MINUTE_MS);
  await shop.wechatpay.noticesSettled();
}

/** What the platform counts while something is done. The timer's own runs, and what each reads for nothing, are not the order's. */
async function costWhile(act: () => Promise<unknown>, idle: { reads: number; writes: number }) {
  events = [];
  await act();
  const every = events.filter(({ kind }) => kind === 'call');
  const names = new Map(
    every.flatMap(({ to, label, invocation }) =>
      to === 'function' && invocation ? [[invocation, label]] : [],
    ),
  );
  for (const [invocation, name] of names) if (DAILY.includes(name)) names.delete(invocation);
  const calls = every.filter(
    ({ invocation, label }) => (invocation === undefined || names.has(invocation)) && !OF_TELLING.test(label),
  );
  const count = (pattern: RegExp) =>
    calls.filter(({ from, label }) => from === 'function' && pattern.test(label)).length;
  const timers = [...names.values()].filter((name) => name === 'queryOrders').length;
  return {
    runs: names.size - timers,
    reads: count(/getDocument|calculateDocument/) - timers * idle.reads,
    writes: count(/insertDocument|modifyDocument/) - timers * idle.writes,
    questions: count(/^\/(secapi\/)?pay\/|^\/xpay\/|^\/sns\//),
  };
}
