import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { MINUTE_MS, openShop, type Shop, type Shopper, TIMER_MS } from './shop.ts';

let shop: Shop;
let operator: Shopper;

beforeAll(async () => {
  shop = await openShop();
  operator = await shop.newOperator();
});
afterAll(() => shop.close());
afterEach(() => {
  shop.cloud.faults.clear();
  shop.wechatpay.faults.clear();
});

const REFUND = '/secapi/pay/refund';
const REFUNDQUERY = '/pay/refundquery';
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The calls of the database that a function makes while `run` runs, and whether each writes. */
async function callsOf(functionName: string, run: () => Promise<unknown>): Promise<string[]> {
  const labels: string[] = [];
  const unsubscribe = shop.trace.subscribe(({ kind, to, label, invocation }) => {
    if (kind === 'call' && to === 'database' && isOf(functionName, invocation)) labels.push(label);
  });
  await run();
  unsubscribe();
  return labels;
}

const isOf = (functionName: string, invocation: string | undefined) =>
  shop.host.running.some((running) => running.id === invocation && running.functionName === functionName);

const WRITES = /commitTransaction|modifyDocument|insertDocument|updateDocument|removeDocument/;

/** Kills the function at one of its calls of the database: the fault is asked for as the call comes in. */
function killAt(functionName: string, { turn, kind }: { turn: number; kind: 'kill-before' | 'kill-after' }) {
  let seen = 0;
  const unsubscribe = shop.trace.subscribe(({ kind: what, to, invocation }) => {
    if (what !== 'call' || to !== 'database' || !isOf(functionName, invocation)) return;
    if (seen++ === turn) shop.cloud.faults.add({ kind, function: functionName });
  });
  return { unsubscribe, isReached: () => seen > turn };
}

/** A function that is in the middle of something, which it would finish. */
interface Scene {
  readonly functionName: string;
  readonly out_trade_no: string;
  readonly shopper: Shopper;
  readonly membership: Date | undefined;
  readonly run: () => Promise<unknown>;
}

const SCENES: Readonly<Record<string, () => Promise<Scene>>> = {
  'refundOrder, which is asked for a refund': async () => {
    const paid = await paidOrder();
    const request = shop.newRefund(paid.out_trade_no);
    return { ...paid, functionName: 'refundOrder', run: () => shop.refundOrder(operator, request) };
  },
  'operateShop, by which a refund is given up that WeChat has': async () => {
    const paid = await paidOrder();
    await shop.refundOrder(operator, shop.newRefund(paid.out_trade_no));
    const out_refund_no = shop.refunds(paid.out_trade_no)[0]?._id;
    const run = () => shop.operate({ act: 'give-up', by: '老板', out_refund_no });
    return { ...paid, functionName: 'operateShop', run };
  },
  'refundNotify, which receives the end of a refund': async () => {
    const paid = await paidOrder();
    await shop.refundOrder(operator, shop.newRefund(paid.out_trade_no));
    const run = async () => {
      // WeChat ends the refund, and its notice comes, before the timer's next turn.
      await shop.clock.advance(MINUTE_MS / 2);
      await shop.deliver();
    };
    return { ...paid, functionName: 'refundNotify', run };
  },
  'queryOrders, which finds a refund whose answer was lost': async () => {
    const paid = await paidOrder();
    const { out_trade_no } = paid;
    shop.wechatpay.faults.add({ kind: 'break', when: 'after', path: REFUND, out_trade_no });
    shop.wechatpay.faults.add({ kind: 'lose-notice', out_trade_no, count: Number.POSITIVE_INFINITY });
    await shop.refundOrder(operator, shop.newRefund(out_trade_no));
    return { ...paid, functionName: 'queryOrders', run: () => shop.clock.advance(MINUTE_MS + TIMER_MS) };
  },
  'queryOrders, which sends a refund that never arrived': async () => {
    const paid = await paidOrder();
    const { out_trade_no } = paid;
    shop.wechatpay.faults.add({ kind: 'break', when: 'before', path: REFUND, out_trade_no });
    await shop.refundOrder(operator, shop.newRefund(out_trade_no));
    return { ...paid, functionName: 'queryOrders', run: () => shop.clock.advance(MINUTE_MS + TIMER_MS) };
  },
};

async function paidOrder() {
  const shopper = shop.newShopper();
  const out_trade_no = await shop.placePaid(shopper);
  return { shopper, out_trade_no, membership: shop.membership(shopper) };
}

/** Whatever happened on the way: one refund here and there, nothing reserved, its days taken once, written down once. */
function expectOneRefund({ out_trade_no, shopper, membership }: Scene): void {
  const { refunds = [] } = shop.wechatpay.order(MERCHANT.mch_id, out_trade_no) ?? {};
  expect(refunds.map(({ refund_fee, refund_status }) => [refund_fee, refund_status])).toEqual([
    [1000, 'SUCCESS'],
  ]);
  expect(shop.stored(out_trade_no)).toMatchObject({
    ...{ trade_state: 'REFUND', refunded_fee: 1000, refund_reserved_fee: 0, next_query_at: null },
    refunds: [{ refund_fee: 1000, state: 'SUCCESS' }],
  });
  const [refund, ...others] = shop.refunds(out_trade_no);
  expect(others).toEqual([]);
  expect(shop.membership(shopper)?.getTime()).toBe((membership?.getTime() ?? 0) - 19 * DAY_MS);
  const written = shop.cloud.documents('audit').filter(({ subject }) => subject === refund?._id);
  expect(written.filter(({ act }) => act === 'refund')).toHaveLength(1);
}

/** A killed call rejects, or it was answered before. */
const settled = (running: Promise<unknown>) => Promise.allSettled([running]);

describe.each(Object.entries(SCENES))('%s, is killed', (_, open) => {
  test('before or after any of its writes: in the end there is one refund', async () => {
    const clean = await open();
    const calls = await callsOf(clean.functionName, clean.run);
    // What is stored before a write is what was stored after the one before it.
    const writes = calls.flatMap((label, turn) => (WRITES.test(label) ? [{ label, turn }] : []));
    const kills = [
      ...writes.slice(0, 1).map((write) => ({ ...write, kind: 'kill-before' as const })),
      ...writes.map((write) => ({ ...write, kind: 'kill-after' as const })),
    ];
    expect(writes.length).toBeGreaterThan(2);
    const scenes: Scene[] = [];
    for (const { label, ...kill } of kills) {
      const scene = await open();
      const { unsubscribe, isReached } = killAt(scene.functionName, kill);
      await settled(scene.run());
      unsubscribe();
      expect(isReached(), `${kill.kind} call ${kill.turn}, ${label}`).toBe(true);
      scenes.push(scene);
      // A transaction whose function is gone holds its documents for half a minute, and whoever lost an answer asks again.
      await shop.clock.advance(MINUTE_MS / 2);
      if (scene.functionName !== 'queryOrders') await settled(scene.run());
    }
    // The timer comes round to each of them.
    await shop.clock.advance(10 * MINUTE_MS);
    await shop.deliver();
    for (const scene of [clean, ...scenes]) expectOneRefund(scene);
  }, 90_000);

  test.each([
    [REFUND, 'before'],
    [REFUND, 'after'],
    [REFUNDQUERY, 'before'],
    [REFUNDQUERY, 'after'],
  ] as const)('%s: %s WeChat’s work', async (path, when) => {
    const scene = await open();
    const { functionName } = scene;
    const unhook = shop.wechatpay.hook({ when, path, run: async () => shop.host.kill(functionName) });
    await settled(scene.run());
    unhook();
    await shop.clock.advance(10 * MINUTE_MS);
    await shop.deliver();
    expectOneRefund(scene);
  });

  test.each([
    [REFUND, 'before'],
    [REFUND, 'after'],
    [REFUNDQUERY, 'before'],
    [REFUNDQUERY, 'after'],
  ] as const)('and WeChat’s answer to %s is lost five times, %s its work', async (path, when) => {
    const scene = await open();
    shop.wechatpay.faults.add({ kind: 'break', when, path, count: 5 });
    await settled(scene.run());
    await shop.clock.advance(60 * MINUTE_MS);
    await shop.deliver();
    expectOneRefund(scene);
  });
});

test('refundOrder, killed before it takes days without money: given up, they are not taken', async () => {
  const days = { refund_fee: 0, takes: { days: 10 } } as const;
  const clean = await paidOrder();
  const calls = await callsOf('refundOrder', () =>
    shop.refundOrder(operator, shop.newRefund(clean.out_trade_no, days)),
  );
  const turn = calls.findIndex((label) => /commitTransaction/.test(label));
  const { out_trade_no, shopper, membership } = await paidOrder();
  const { unsubscribe } = killAt('refundOrder', { turn, kind: 'kill-after' });
  await settled(shop.refundOrder(operator, shop.newRefund(out_trade_no, days)));
  unsubscribe();
  expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'PROCESSING', refund_fee: 0 }]);
  const [refund] = shop.refunds(out_trade_no);
  await shop.clock.advance(MINUTE_MS / 6);
  await shop.operate({ act: 'give-up', by: '老板', out_refund_no: refund?._id });
  expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'CLOSED' }]);
  await shop.clock.advance(10 * MINUTE_MS);
  expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'CLOSED' }]);
  expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'SUCCESS', next_query_at: null });
  expect(shop.membership(shopper)).toEqual(membership);
  expect(shop.alarms(out_trade_no)).toEqual([]);
});
