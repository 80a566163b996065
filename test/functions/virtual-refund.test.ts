import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAYS_PASS, MINUTE_MS, type Shopper } from './shop.ts';
import { openVirtualShop, VIP_FEE, type VirtualShop } from './virtual-shop.ts';

let shop: VirtualShop;
let operator: Shopper;

beforeAll(async () => {
  shop = await openVirtualShop();
  operator = await shop.newOperator();
});
afterAll(() => shop.close());

/** An order of one month of vip that is paid and settled. */
async function placePaid(shopper: Shopper, terminal?: 'ios'): Promise<string> {
  const placed = await shop.placeVirtual(shopper);
  shop.payVirtual(shopper, placed, terminal);
  await shop.deliverEvents();
  return placed.order.out_trade_no;
}

async function later(minutes: number): Promise<void> {
  await shop.clock.advance(minutes * MINUTE_MS);
  await shop.deliverEvents();
}

/** The functions' clocks go on a little where the world's stands. */
const isOver = (shopper: Shopper) =>
  (shop.vip(shopper)?.getTime() ?? 0) < shop.clock.now().getTime() + MINUTE_MS;

describe('an operator gives money back through virtual payment', () => {
  test('wholly: the order is REFUND, and the membership ends', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await placePaid(shopper);
    const request = shop.newRefund(out_trade_no, { refund_fee: VIP_FEE });
    expect(await shop.refundOrder(operator, request)).toMatchObject({ refund: { state: 'PROCESSING' } });
    await later(5);
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: VIP_FEE });
    expect(isOver(shopper)).toBe(true);
    expect(shop.alarms(out_trade_no)).toEqual([]);
  });

  test('in two parts, each by what is left', async () => {
    const out_trade_no = await placePaid(shop.newShopper());
    const half = Math.floor(VIP_FEE / 2);
    for (const expected_refunded_fee of [0, half]) {
      const request = shop.newRefund(out_trade_no, { refund_fee: half, expected_refunded_fee });
      expect(await shop.refundOrder(operator, request)).toMatchObject({ refund: { refund_fee: half } });
      await later(5);
    }
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 2 * half, refund_reserved_fee: 0 });
  });

  test('which fails there: a human is alerted and gives it up, and the money can go back another time', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await placePaid(shopper);
    const before = shop.vip(shopper);
    shop.virtualpay.faults.add({ kind: 'fail-refund', out_trade_no });
    const first = shop.newRefund(out_trade_no, { refund_fee: 1000 });
    await shop.refundOrder(operator, first);
    await later(5);
    const [failed] = shop.refunds(out_trade_no);
    expect(failed).toMatchObject({ state: 'ABNORMAL' });
    expect(shop.stored(out_trade_no)).toMatchObject({ refund_reserved_fee: 1000, trade_state: 'SUCCESS' });
    expect(shop.alarms(out_trade_no)).toEqual(['REFUND_ABNORMAL']);

    await shop.operate({ act: 'give-up', by: '老板', out_refund_no: failed?._id });
    await later(10);
    expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'CLOSED' }]);
    expect(shop.stored(out_trade_no)).toMatchObject({ refund_reserved_fee: 0, next_query_at: null });
    expect(shop.vip(shopper)).toEqual(before);
    await shop.refundOrder(operator, shop.newRefund(out_trade_no, { refund_fee: VIP_FEE }));
    await later(5);
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: VIP_FEE });
  });

  test('not of what Apple took: nothing is reserved', async () => {
    const out_trade_no = await placePaid(shop.newShopper(), 'ios');
    const answer = await shop.refundOrder(operator, shop.newRefund(out_trade_no, { refund_fee: 100 }));
    expect(answer).toMatchObject({
      errcode: 'REFUND_NOT_POSSIBLE',
      errmsg: expect.stringContaining('Apple'),
    });
    expect(shop.refunds(out_trade_no)).toEqual([]);
  });
});

describe('money goes back elsewhere', () => {
  test('in WeChat’s console, wholly: its event books it', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await placePaid(shopper);
    shop.virtualpay.refundByHand(0, out_trade_no);
    await later(5);
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: VIP_FEE });
    expect(shop.refunds(out_trade_no)).toMatchObject([{ requested_by: null, takes: 'all' }]);
    expect(isOver(shopper)).toBe(true);
  });

  test('in WeChat’s console, wholly, and query_order is a moment behind its event: booked all the same', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await placePaid(shopper);
    shop.virtualpay.faults.add({ kind: 'hide-refund', out_trade_no });
    shop.virtualpay.refundByHand(0, out_trade_no);
    await later(5);
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: VIP_FEE });
    expect(shop.refunds(out_trade_no)).toHaveLength(1);
    expect(isOver(shopper)).toBe(true);
  });

  test('and query_order is behind in both: the event may come again, and the timer looks', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await placePaid(shopper);
    shop.virtualpay.faults.add({ kind: 'lose-event', out_trade_no, count: Number.POSITIVE_INFINITY });
    shop.virtualpay.refundByHand(0, out_trade_no);
    // Under way at WeChat: neither the refund nor the payment says more than that yet.
    const push = refundEventOf(shopper, out_trade_no);
    expect(await push()).toMatchObject({ ErrCode: 1 });
    expect(shop.stored(out_trade_no)).toMatchObject({
      trade_state: 'SUCCESS',
      next_query_at: expect.any(Date),
    });
    await later(60);
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: VIP_FEE });
    expect(isOver(shopper)).toBe(true);
  });

  test('in WeChat’s console, and fails: a human is alerted, and nothing is booked', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await placePaid(shopper);
    const before = shop.vip(shopper);
    shop.virtualpay.faults.add({ kind: 'fail-refund', out_trade_no });
    shop.virtualpay.refundByHand(0, out_trade_no);
    await later(5);
    expect(shop.alarms(out_trade_no)).toEqual(['REFUND_ABNORMAL']);
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'SUCCESS', next_query_at: null });
    expect(shop.stored(out_trade_no).refunded_fee ?? 0).toBe(0);
    expect(shop.vip(shopper)).toEqual(before);
  });

  test('in WeChat’s console, in part: a human is alerted, and the event may come again', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await placePaid(shopper);
    const before = shop.vip(shopper);
    shop.virtualpay.refundByHand(0, out_trade_no, 100);
    await later(5);
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: 100 });
    expect(shop.alarms(out_trade_no)).toEqual(['REFUND_ELSEWHERE']);
    expect(shop.vip(shopper)).toEqual(before);
  });

  test.each([
    ['names no refund', ''],
    ['names one that query_order does not know', 'a-number-of-apple'],
  ])('and the event %s: the order itself is looked at', async (_, MchRefundId) => {
    const shopper = shop.newShopper();
    const out_trade_no = await placePaid(shopper);
    const event = {
      ...{ MsgType: 'event', Event: 'xpay_refund_notify', OpenId: shopper.openid },
      ...{ MchOrderId: out_trade_no, MchRefundId, RetCode: 0 },
    };
    const push = () => shop.host.callFromFunction('virtualPayNotify', event);
    expect(await push()).toMatchObject({ ErrCode: 1 });
    expect(shop.stored(out_trade_no)).toMatchObject({
      trade_state: 'SUCCESS',
      next_query_at: expect.any(Date),
    });

    shop.virtualpay.faults.add({ kind: 'lose-event', out_trade_no, count: Number.POSITIVE_INFINITY });
    shop.virtualpay.refundByHand(0, out_trade_no);
    await later(5);
    expect(await push()).toMatchObject({ ErrCode: 0 });
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: VIP_FEE });
    expect(isOver(shopper)).toBe(true);
    expect(await push()).toMatchObject({ ErrCode: 1 });
    expect(shop.refunds(out_trade_no)).toHaveLength(1);
  });
});

describe('a day and a half after the order’s end, when an unpaid one is asked about daily', () => {
  let late: VirtualShop;
  beforeAll(async () => {
    late = await openVirtualShop({}, DAYS_PASS);
  });
  afterAll(() => late.close());

  /** An order that was paid so long ago, and its shopper. */
  async function paidLongAgo() {
    const shopper = late.newShopper();
    const placed = await late.placeVirtual(shopper);
    late.payVirtual(shopper, placed);
    await late.deliverEvents();
    await late.clock.advance(36 * 60 * MINUTE_MS);
    return { shopper, out_trade_no: placed.order.out_trade_no };
  }

  /** WeChat cannot be asked this until it is taken back. */
  const failing = (path: string) =>
    late.weixin.faults.add({ kind: 'refuse', errcode: -1, path, count: Number.POSITIVE_INFINITY });

  test('a refund whose request is lost and whose question fails is done within the hour', async () => {
    const { out_trade_no } = await paidLongAgo();
    const person = await late.newOperator();
    const [endAsking, endQuestions] = [failing('/xpay/refund_order'), failing('/xpay/query_order')];
    await late.refundOrder(person, late.newRefund(out_trade_no, { refund_fee: VIP_FEE }));
    endAsking();
    await late.clock.advance(3 * MINUTE_MS);
    endQuestions();
    expect(late.refunds(out_trade_no)).toMatchObject([{ state: 'PROCESSING' }]);
    for (let step = 0; step < 4; step++) await late.clock.advance(12 * MINUTE_MS);
    expect(late.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: VIP_FEE });
  });

  test('one made elsewhere whose event is lost after a hint is found within two hours, though a look fails', async () => {
    const { shopper, out_trade_no } = await paidLongAgo();
    late.virtualpay.faults.add({ kind: 'lose-event', out_trade_no, count: Number.POSITIVE_INFINITY });
    const hint = { MsgType: 'event', Event: 'xpay_refund_notify', OpenId: shopper.openid };
    await late.push({ ...hint, MchOrderId: out_trade_no, MchRefundId: '', RetCode: 0 });
    late.virtualpay.refundByHand(0, out_trade_no);
    const endQuestions = failing('/xpay/query_order');
    await late.clock.advance(15 * MINUTE_MS);
    expect(late.stored(out_trade_no).trade_state).toBe('SUCCESS');
    endQuestions();
    for (let step = 0; step < 6; step++) await late.clock.advance(12 * MINUTE_MS);
    expect(late.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: VIP_FEE });
  });
});

/** WeChat's event about the first refund of an order, which names it; pushed as often as it is called. */
function refundEventOf({ openid: OpenId }: Shopper, MchOrderId: string): () => Promise<unknown> {
  const [{ refund_order_id: MchRefundId = '' } = {}] = shop.virtualpay.order(0, MchOrderId)?.refunds ?? [];
  const about = { OpenId, MchOrderId, MchRefundId, RetCode: 0 };
  return () => shop.push({ MsgType: 'event', Event: 'xpay_refund_notify', ...about });
}

/**
 * Looks at an order for refunds that were made elsewhere, as after an event that names none, and does something between the look's
 * question and WeChat's answer.
 */
async function lookWhile(
  { out_trade_no, shopper }: { out_trade_no: string; shopper: Shopper },
  meanwhile: () => Promise<unknown>,
): Promise<unknown> {
  let done: Promise<unknown> = Promise.reject(new Error('Nothing was asked about the order.'));
  done.catch(() => {});
  const unhook = shop.weixin.hook({
    when: 'before',
    path: '/xpay/query_order',
    async run(call) {
      if (call.out_trade_no !== out_trade_no) return;
      unhook();
      done = meanwhile();
      await done;
    },
  });
  const about = { OpenId: shopper.openid, MchOrderId: out_trade_no, MchRefundId: '', RetCode: 0 };
  const answer = await shop.push({ MsgType: 'event', Event: 'xpay_refund_notify', ...about });
  await done;
  return answer;
}

describe('an operator gives money back while the order is looked at for refunds made elsewhere', () => {
  /** A paid order whose events get lost from now on, and two minutes without the timer. */
  async function placeQuietly() {
    const shopper = shop.newShopper();
    const out_trade_no = await placePaid(shopper);
    await shop.untilTimer();
    shop.virtualpay.faults.add({ kind: 'lose-event', out_trade_no, count: Number.POSITIVE_INFINITY });
    return { shopper, out_trade_no };
  }

  /** Asks for it, and lets WeChat carry it out. */
  async function giveBack(out_trade_no: string, refund_fee: number): Promise<void> {
    const answer = await shop.refundOrder(operator, shop.newRefund(out_trade_no, { refund_fee }));
    expect(answer).toMatchObject({ refund: { state: 'PROCESSING' } });
    await shop.clock.advance(MINUTE_MS);
  }

  test.each([1000, VIP_FEE])(
    '%i fen of it: the look books nothing, and the refund is booked once',
    async (fee) => {
      const placed = await placeQuietly();
      const { out_trade_no } = placed;
      expect(await lookWhile(placed, () => giveBack(out_trade_no, fee))).toMatchObject({ ErrCode: 1 });
      expect(shop.refunds(out_trade_no)).toMatchObject([
        { state: 'PROCESSING', requested_by: operator.openid },
      ]);
      expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'SUCCESS', refund_reserved_fee: fee });
      await later(5);
      expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: fee, refund_reserved_fee: 0 });
      expect(shop.refunds(out_trade_no)).toHaveLength(1);
      expect(shop.alarms(out_trade_no)).toEqual([]);
    },
  );

  test.each([1000, VIP_FEE])('%i fen of it, and it is booked before the look ends', async (fee) => {
    const placed = await placeQuietly();
    const { out_trade_no } = placed;
    await lookWhile(placed, async () => {
      await giveBack(out_trade_no, fee);
      await shop.clock.advance(1000);
      await shop.sweep();
      expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: fee });
    });
    await later(15);
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: fee, next_query_at: null });
    expect(shop.refunds(out_trade_no)).toHaveLength(1);
    expect(shop.alarms(out_trade_no)).toEqual([]);
  });

  test('what was given back elsewhere as well is booked once the operator’s refund has ended', async () => {
    const placed = await placeQuietly();
    const { out_trade_no } = placed;
    shop.virtualpay.refundByHand(0, out_trade_no, 300);
    await shop.clock.advance(MINUTE_MS);
    expect(await lookWhile(placed, () => giveBack(out_trade_no, 1000))).toMatchObject({ ErrCode: 1 });
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'SUCCESS' });
    await later(10);
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 1300, next_query_at: null });
    const booked = shop.refunds(out_trade_no).map(({ refund_fee, state }) => [refund_fee, state]);
    expect(booked.toSorted()).toEqual([
      [1000, 'SUCCESS'],
      [300, 'SUCCESS'],
    ]);
    expect(shop.alarms(out_trade_no)).toEqual(['REFUND_ELSEWHERE']);
  });

  test('an event that names the refund made elsewhere books it once the operator’s has ended', async () => {
    const { shopper, out_trade_no } = await placeQuietly();
    shop.virtualpay.refundByHand(0, out_trade_no, 300);
    await shop.clock.advance(MINUTE_MS);
    const push = refundEventOf(shopper, out_trade_no);
    await giveBack(out_trade_no, 1000);
    // What was given back in all is 1300, and nobody can tell which of it is booked under which number.
    expect(await push()).toMatchObject({ ErrCode: 1 });
    await later(5);
    await push();
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 1300 });
    expect(shop.refunds(out_trade_no)).toHaveLength(2);
  });
});
