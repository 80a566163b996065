import { afterEach, describe, expect, test } from 'vitest';
import { settle } from '../../cloudfunctions/_shared/order/settle.ts';
import { sweep } from '../../cloudfunctions/_shared/order/sweep.ts';
import { type OpenPorts, openPorts } from '../order/ports.ts';
import { HOUR_MS, later, MINUTE_MS, sampleOrder, sampleReport } from '../order/samples.ts';
import { answered, failed } from '../wechatpay/gateway.ts';
import { weixinDesk } from './weixin-desk.ts';

const NOW = later(10 * MINUTE_MS);
const DAY_MS = 24 * HOUR_MS;
const UPLOAD = '/wxa/sec/order/upload_shipping_info';
const MANAGED = '/wxa/sec/order/is_trade_managed';
const PAYMENT = {
  ...{ openid: 'oShopperLi', total_fee: '4800', cash_fee: '4800', bank_type: 'OTHERS' },
  ...{ transaction_id: '4200000000202701150000000001', time_end: '20270115103000', trade_type: 'JSAPI' },
};
/** Booked by its notice, and WeChat is still to be told. */
const paid = sampleOrder({ trade_state: 'SUCCESS', undelivered_since: NOW, next_query_at: NOW });

let opened: OpenPorts;
afterEach(() => opened.close());

interface Truth {
  trade_state: string;
  /** Fen of refunds that were made elsewhere, and how they stand. */
  refunds: readonly number[];
  refund_status: string;
  refundquery: 'answers' | 'refuses';
}

async function open(
  desk: ReturnType<typeof weixinDesk>,
  { ships = true, ...truth }: Partial<Truth> & { ships?: boolean } = {},
) {
  const says: Truth = {
    ...{ trade_state: 'SUCCESS', refunds: [], refund_status: 'SUCCESS', refundquery: 'answers' },
    ...truth,
  };
  opened = await openPorts({
    ...{ now: NOW, ships, weixin: desk.transport },
    answer({ out_trade_no = '' }, path) {
      if (path !== '/pay/refundquery')
        return answered({ out_trade_no, trade_state: says.trade_state, ...PAYMENT });
      if (says.refundquery === 'refuses') return failed('NOAUTH');
      return says.refunds.length === 0
        ? failed('REFUNDNOTEXIST')
        : answered({ out_trade_no, ...PAYMENT, ...refundsIn(out_trade_no, says) });
    },
  });
  return { ports: opened.ports, says };
}

function refundsIn(
  out_trade_no: string,
  { refunds, refund_status }: Pick<Truth, 'refunds' | 'refund_status'>,
): Record<string, string> {
  const about = refunds.flatMap((fee, n) => [
    [`out_refund_no_${n}`, `elsewhere-${out_trade_no.slice(0, 4)}-${n}`],
    [`refund_id_${n}`, `5000000000000000000000000${n}`],
    [`refund_fee_${n}`, String(fee)],
    [`refund_status_${n}`, refund_status],
  ]);
  return { refund_count: String(refunds.length), ...Object.fromEntries(about) };
}

const codes = () => opened.documents('alarms').map(({ code }) => code);
const stored = () => opened.documents('orders')[0] ?? {};

async function sweepAt(ports: OpenPorts['ports'], moment: Date) {
  await opened.clock.advance(moment.getTime() - opened.clock.now().getTime());
  return sweep({ ...ports, deadline: new Date(moment.getTime() + 50_000) });
}

/** Runs the timer whenever the order is due, up to three hundred times; answers after how many minutes. */
async function runOn(ports: OpenPorts['ports']): Promise<number[]> {
  const runs: number[] = [];
  for (
    let due = stored().next_query_at;
    due instanceof Date && runs.length < 300;
    due = stored().next_query_at
  ) {
    runs.push((due.getTime() - NOW.getTime()) / MINUTE_MS);
    await sweepAt(ports, due);
  }
  return runs;
}

describe('a paid order of a shop whose money WeChat keeps', () => {
  test('is noted to be shipped in the settlement itself, whoever makes it', async () => {
    const { ports } = await open(weixinDesk());
    await opened.add(sampleOrder());
    await settle(ports, { report: sampleReport('SUCCESS', { undelivered: true }) });
    expect(stored()).toMatchObject({
      trade_state: 'SUCCESS',
      undelivered_since: NOW,
      next_query_at: later(15 * MINUTE_MS),
    });
    await settle(ports, { report: sampleReport('SUCCESS', { undelivered: true }) });
    expect(stored().next_query_at).toEqual(later(15 * MINUTE_MS));
  });

  test('is shipped once by the timer, with what stands in it', async () => {
    const desk = weixinDesk();
    const { ports } = await open(desk);
    await opened.add(paid);
    expect(await runOn(ports)).toEqual([0]);
    expect(desk.asked.filter(({ path }) => path === UPLOAD).map(({ body }) => body)).toEqual([
      {
        order_key: { order_number_type: 1, mchid: paid.mch_id, out_trade_no: paid._id },
        ...{ logistics_type: 3, delivery_mode: 1, shipping_list: [{ item_desc: '城市版 3 个月' }] },
        ...{ upload_time: '2027-01-15T10:34:00.000+08:00', payer: { openid: 'oShopperLi' } },
      },
    ]);
    expect(stored()).toMatchObject({ trade_state: 'SUCCESS', undelivered_since: null, next_query_at: null });
    expect(codes()).toEqual([]);
  });

  test('is shipped as soon as the timer finds its payment', async () => {
    const desk = weixinDesk();
    const { ports } = await open(desk);
    await opened.add(sampleOrder({ next_query_at: NOW }));
    await sweep(ports);
    expect(desk.count(UPLOAD)).toBe(1);
    expect(stored()).toMatchObject({ trade_state: 'SUCCESS', undelivered_since: null, next_query_at: null });
  });

  test('that WeChat does not have yet is said again, the same, until it has', async () => {
    const notYet = { errcode: 10060001, errmsg: '支付单不存在 rid: 1-2-3' };
    const isThere = () => opened.clock.now().getTime() - NOW.getTime() >= HOUR_MS;
    const desk = weixinDesk({ ship: () => (isThere() ? { errcode: 0, errmsg: 'ok' } : notYet) });
    const { ports } = await open(desk);
    await opened.add(paid);
    expect(await runOn(ports)).toEqual([0, 5, 10, 20, 40, 80]);
    const said = desk.asked.filter(({ path }) => path === UPLOAD).map(({ body }) => JSON.stringify(body));
    expect(new Set(said).size).toBe(1);
    expect(opened.logged).toEqual(
      Array(5).fill(['order.delivery_not_marked', expect.objectContaining({ rid: '1-2-3' })]),
    );
    expect(codes()).toEqual([]);
  });

  test('that was shipped already needs no more', async () => {
    const { ports } = await open(
      weixinDesk({ ship: () => ({ errcode: 10060002, errmsg: '支付单已完成发货' }) }),
    );
    await opened.add(paid);
    expect(await runOn(ports)).toEqual([0]);
    expect(stored()).toMatchObject({ undelivered_since: null });
  });

  test('that WeChat refuses for good is left to a human, once', async () => {
    const desk = weixinDesk({
      ship: () => ({ errcode: 10060031, errmsg: '该笔支付单不属于 openid 所指定的用户' }),
    });
    const { ports } = await open(desk);
    await opened.add(paid);
    expect(await runOn(ports)).toEqual([0]);
    expect(opened.documents('alarms')).toMatchObject([
      { code: 'DELIVERY_NOT_MARKED', subject: paid._id, message: expect.stringContaining('10060031') },
    ]);
    expect(stored()).toMatchObject({ undelivered_since: null, next_query_at: null });
    expect(desk.count(UPLOAD)).toBe(1);
  });

  test('is not given up for what is wrong with the whole mini-program', async () => {
    const isOver = () => opened.clock.now().getTime() - NOW.getTime() >= HOUR_MS;
    const refused = { errcode: 89503, errmsg: 'the administrator has to confirm' };
    const good = { access_token: 'the-access-token', expires_in: 7200 };
    const desk = weixinDesk({ token: () => (isOver() ? good : refused) });
    const { ports } = await open(desk);
    await opened.add(paid);
    expect(await runOn(ports)).toEqual([0, 5, 10, 20, 40, 80]);
    expect(desk.count(UPLOAD)).toBe(1);
    expect(stored()).toMatchObject({ undelivered_since: null, next_query_at: null });
    expect(codes()).not.toContain('DELIVERY_NOT_MARKED');
  });

  test('that WeChat takes at the last attempt calls nobody', async () => {
    const isThere = () => opened.clock.now().getTime() - NOW.getTime() >= 7 * DAY_MS;
    const desk = weixinDesk({ ship: () => ({ errcode: isThere() ? 0 : -1, errmsg: '' }) });
    const { ports } = await open(desk);
    await opened.add(paid);
    await runOn(ports);
    expect(stored()).toMatchObject({ undelivered_since: null, next_query_at: null });
    expect(codes()).toEqual([]);
  });

  test('is shipped while a refund from elsewhere is under way, which is looked at until it ends', async () => {
    const desk = weixinDesk();
    const { ports, says } = await open(desk, { refunds: [1000], refund_status: 'PROCESSING' });
    await opened.add(paid);
    await sweep(ports);
    expect(desk.count(UPLOAD)).toBe(1);
    expect(stored()).toMatchObject({ undelivered_since: null, next_query_at: expect.any(Date) });
    says.refund_status = 'SUCCESS';
    await runOn(ports);
    expect(stored()).toMatchObject({ refunded_fee: 1000, next_query_at: null });
    expect(desk.count(UPLOAD)).toBe(1);
  });

  test('is shipped where its refunds cannot be asked about, and then asked about no more', async () => {
    const desk = weixinDesk();
    const { ports } = await open(desk, { refundquery: 'refuses' });
    await opened.add(paid);
    expect(await runOn(ports)).toEqual([0]);
    expect(desk.count(UPLOAD)).toBe(1);
    expect(stored()).toMatchObject({ undelivered_since: null, next_query_at: null });
  });

  test('that WeChat never takes is given up after a week, and left to a human', async () => {
    const { ports } = await open(weixinDesk({ ship: () => ({ errcode: -1, errmsg: 'system error' }) }));
    await opened.add(paid);
    const runs = await runOn(ports);
    expect(runs.length).toBeLessThan(15);
    expect(runs.at(-1)).toBeGreaterThan((7 * DAY_MS) / MINUTE_MS);
    expect(codes()).toEqual(['DELIVERY_NOT_MARKED']);
  });

  test('that WeChat lets nobody ship calls a human once, and delays no other order', async () => {
    const desk = weixinDesk({ ship: () => ({ errcode: 48001, errmsg: 'api unauthorized rid: 1-2-3' }) });
    const { ports } = await open(desk);
    const orders = Array.from({ length: 120 }, (_, n) => ({ ...paid, _id: String(n).padStart(32, '0') }));
    await opened.add(...orders, sampleOrder({ next_query_at: NOW }));
    expect(await sweep(ports)).toMatchObject({ asked: 121, failed: 0, complete: true });
    expect(codes()).toEqual(['MERCHANT_MISCONFIGURED']);
  });

  test('is shipped too where a part of it was given back, and not where all of it was', async () => {
    const desk = weixinDesk();
    const { ports, says } = await open(desk, { trade_state: 'REFUND', refunds: [1000] });
    await opened.add(paid);
    await runOn(ports);
    expect(stored()).toMatchObject({ trade_state: 'REFUND', refunded_fee: 1000, undelivered_since: null });
    expect(desk.count(UPLOAD)).toBe(1);
    says.refunds = [4800];
    const whole = sampleOrder({ ...paid, _id: 'f'.repeat(32), next_query_at: opened.clock.now() });
    await opened.add(whole);
    for (let run = 0; run < 3; run++) await sweepAt(ports, later((20 + 5 * run) * MINUTE_MS));
    expect(desk.count(UPLOAD)).toBe(1);
    expect(opened.documents('orders').find(({ _id }) => _id === whole._id)).toMatchObject({
      ...{ trade_state: 'REFUND', refunded_fee: 4800, next_query_at: null },
    });
  });

  test('of a merchant number that is no longer ours is given up after a week', async () => {
    const desk = weixinDesk();
    const { ports } = await open(desk);
    await opened.add({ ...paid, mch_id: '1900000001' });
    const runs = await runOn(ports);
    expect(runs.at(-1)).toBeLessThan((8 * DAY_MS) / MINUTE_MS);
    expect(stored().next_query_at).toBeNull();
    expect(codes()).toEqual(['MERCHANT_CHANGED']);
    expect(desk.count(UPLOAD)).toBe(0);
  });
});

describe('a shop whose money WeChat does not keep', () => {
  test('ships nothing, and has nothing left to say', async () => {
    const desk = weixinDesk({ isManaged: () => false });
    const { ports } = await open(desk);
    await opened.add(paid);
    expect(await runOn(ports)).toEqual([0]);
    expect([desk.count(MANAGED), desk.count(UPLOAD)]).toEqual([1, 0]);
    expect(stored()).toMatchObject({ undelivered_since: null });
  });

  test('is asked about once for many orders', async () => {
    const desk = weixinDesk({ isManaged: () => false });
    const { ports } = await open(desk);
    await opened.add(
      ...Array.from({ length: 120 }, (_, n) => ({ ...paid, _id: String(n).padStart(32, '0') })),
    );
    await sweep(ports);
    expect(desk.count(MANAGED)).toBe(1);
  });
});

describe('a shop that has it off', () => {
  test('asks nothing more, and writes nothing more', async () => {
    const desk = weixinDesk();
    const { ports } = await open(desk, { ships: false });
    await opened.add(sampleOrder({ next_query_at: NOW }));
    await sweep(ports);
    expect(stored()).toMatchObject({ trade_state: 'SUCCESS', next_query_at: null });
    expect(stored()).not.toHaveProperty('undelivered_since');
    expect(desk.asked).toEqual([]);
  });

  test('says nothing of what was noted before it was switched off', async () => {
    const desk = weixinDesk();
    const { ports } = await open(desk, { ships: false });
    await opened.add(paid);
    expect(await runOn(ports)).toEqual([0]);
    expect(stored()).toMatchObject({ undelivered_since: null, next_query_at: null });
    expect(desk.asked).toEqual([]);
  });
});
