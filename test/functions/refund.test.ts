import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { derOf, makeCertificates } from '../../scripts/local/wechatpay/certificates.ts';
import { MINUTE_MS, openShop, type Shop, type Shopper, TIMER_MS } from './shop.ts';

let shop: Shop;
let operator: Shopper;

beforeAll(async () => {
  shop = await openShop();
  operator = await shop.newOperator();
});
afterAll(() => shop.close());

const REFUND = '/secapi/pay/refund';

/** Refunds, which must be answered, and gives the answer. */
async function refund(out_trade_no: string, change = {}) {
  const answer = await shop.refundOrder(operator, shop.newRefund(out_trade_no, change));
  if ('errcode' in answer) throw new Error(`${answer.errcode}: ${answer.errmsg}`);
  return answer;
}

/** What WeChat has of the refunds of an order. */
const atWeChat = (out_trade_no: string) =>
  (shop.wechatpay.order(MERCHANT.mch_id, out_trade_no)?.refunds ?? []).map(
    ({ refund_fee, refund_status }) => [refund_fee, refund_status],
  );

describe('an operator gives money back', () => {
  test('the whole of it: the order is REFUND, and the membership ends when that is booked', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    const answer = await refund(out_trade_no, { refund_fee: 4800 });
    expect(answer.refund).toMatchObject({ state: 'PROCESSING', takes: 'all', requested_by: operator.openid });
    expect(answer.order).toMatchObject({ trade_state: 'SUCCESS', refund_reserved_fee: 4800 });
    expect(shop.membership(shopper)?.getTime()).toBeGreaterThan(
      shop.clock.now().getTime() + 80 * 24 * 60 * MINUTE_MS,
    );

    await shop.clock.advance(MINUTE_MS);
    await shop.deliver();
    expect(shop.stored(out_trade_no)).toMatchObject({
      trade_state: 'REFUND',
      refunded_fee: 4800,
      refund_reserved_fee: 0,
      next_query_at: null,
      refunds: [{ refund_fee: 4800, state: 'SUCCESS' }],
    });
    expect(shop.membership(shopper)?.getTime()).toBeLessThanOrEqual(shop.clock.now().getTime());
    expect(atWeChat(out_trade_no)).toEqual([[4800, 'SUCCESS']]);
    expect(shop.alarms(out_trade_no)).toEqual([]);
  });

  test('a part of it takes its share of the days', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    const before = shop.membership(shopper)?.getTime() ?? 0;
    expect((await refund(out_trade_no, { refund_fee: 1600 })).refund.takes).toEqual({ days: 30 });
    await shop.clock.advance(MINUTE_MS);
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: 1600 });
    expect(shop.membership(shopper)?.getTime()).toBe(before - 30 * 24 * 60 * MINUTE_MS);
  });

  test('its answer is lost, and the timer finds it: one refund', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    shop.wechatpay.faults.add({ kind: 'break', when: 'after', path: REFUND, out_trade_no });
    shop.wechatpay.faults.add({ kind: 'lose-notice', out_trade_no, count: Number.POSITIVE_INFINITY });
    expect((await refund(out_trade_no)).refund.state).toBe('PROCESSING');
    await shop.clock.advance(MINUTE_MS + TIMER_MS);
    expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'SUCCESS', refund_fee: 1000 }]);
    expect(atWeChat(out_trade_no)).toEqual([[1000, 'SUCCESS']]);
  });

  test('it never arrives, and the timer sends it again under the same number', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    shop.wechatpay.faults.add({ kind: 'break', when: 'before', path: REFUND, out_trade_no });
    await refund(out_trade_no);
    await shop.clock.advance(5 * MINUTE_MS);
    expect(atWeChat(out_trade_no)).toEqual([[1000, 'SUCCESS']]);
    expect(shop.asked(REFUND, out_trade_no)).toBe(2);
  });
});

/** Only what belongs to one order, and only while the test runs. */
const losingNotices = (out_trade_no: string) =>
  shop.wechatpay.faults.add({ kind: 'lose-notice', out_trade_no, count: Number.POSITIVE_INFINITY });

describe('nobody gives the same money back twice', () => {
  test('the same request, however often and at once, is one refund', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    const request = shop.newRefund(out_trade_no);
    const answers = await Promise.all([1, 2, 3].map(() => shop.refundOrder(operator, request)));
    for (const answer of answers) expect(answer).toMatchObject({ refund: { refund_fee: 1000 } });
    await shop.clock.advance(2 * MINUTE_MS);
    expect(await shop.refundOrder(operator, request)).toMatchObject({ refund: { state: 'SUCCESS' } });
    expect(atWeChat(out_trade_no)).toEqual([[1000, 'SUCCESS']]);
    expect(shop.stored(out_trade_no).refunded_fee).toBe(1000);
  });

  test('two operators at once: one is refused, and learns how much is under way', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    const other = await shop.newOperator();
    const answers = await Promise.all([
      shop.refundOrder(operator, shop.newRefund(out_trade_no)),
      shop.refundOrder(other, shop.newRefund(out_trade_no)),
    ]);
    const refused = answers.filter((answer) => 'errcode' in answer);
    expect(refused).toMatchObject([{ errcode: 'REFUND_CHANGED', refunded_fee: 1000 }]);
    await shop.clock.advance(2 * MINUTE_MS);
    expect(atWeChat(out_trade_no)).toEqual([[1000, 'SUCCESS']]);
  });

  test.each([
    ['while another is under way', 0, { expected_refunded_fee: 1000 }, 'REFUND_OPEN'],
    ['of more than is left', 2, { expected_refunded_fee: 1000, refund_fee: 3801 }, 'REFUND_TOO_MUCH'],
    ['within a minute of the last', 0.9, { expected_refunded_fee: 1000 }, 'REFUND_TOO_SOON'],
    ['that the operator did not know of', 2, {}, 'REFUND_CHANGED'],
  ])('a second refund %s is refused', async (_, minutes, change, errcode) => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    await refund(out_trade_no);
    if (minutes > 0) await shop.clock.advance(30_000);
    await shop.clock.advance(Math.max(0, minutes * MINUTE_MS - 30_000));
    const answer = await shop.refundOrder(operator, shop.newRefund(out_trade_no, change));
    expect(answer).toMatchObject({ errcode });
    expect(shop.refunds(out_trade_no)).toHaveLength(1);
  });

  test('days without money are taken once: by two operators, and by one who asks anew in other words', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    const before = shop.membership(shopper)?.getTime() ?? 0;
    const days = { refund_fee: 0, takes: { days: 10 } } as const;
    const request = shop.newRefund(out_trade_no, { ...days, expected_refunds: 0 });
    const other = await shop.newOperator();
    expect(await shop.refundOrder(operator, request)).toMatchObject({ refund: { state: 'SUCCESS' } });
    expect(await shop.refundOrder(operator, request)).toMatchObject({ refund: { state: 'SUCCESS' } });
    for (const [who, change] of [
      [other, {}],
      [operator, { reason: '协商退款' }],
      [other, { refund_fee: 1000, takes: 'none' }],
    ] as const) {
      const anew = shop.newRefund(out_trade_no, { ...days, expected_refunds: 0, ...change });
      expect(await shop.refundOrder(who, anew)).toMatchObject({ errcode: 'REFUND_CHANGED', refunded_fee: 0 });
    }
    expect(shop.membership(shopper)?.getTime()).toBe(before - 10 * 24 * 60 * MINUTE_MS);
    expect(shop.refunds(out_trade_no)).toHaveLength(1);

    const knowing = shop.newRefund(out_trade_no, { ...days, expected_refunds: 1 });
    expect(await shop.refundOrder(other, knowing)).toMatchObject({ refund: { state: 'SUCCESS' } });
    // A page of before that does not count them goes on working.
    const page = shop.newRefund(out_trade_no, days);
    expect(await shop.refundOrder(other, page)).toMatchObject({ refund: { state: 'SUCCESS' } });
    expect(shop.membership(shopper)?.getTime()).toBe(before - 30 * 24 * 60 * MINUTE_MS);
  });

  test('a refund that came to nothing is counted too: it was there to be seen', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    shop.wechatpay.faults.add({ kind: 'fail-refund', refund_status: 'REFUNDCLOSE', out_trade_no });
    await refund(out_trade_no);
    await shop.clock.advance(2 * MINUTE_MS);
    const blind = shop.newRefund(out_trade_no, { expected_refunds: 0 });
    expect(await shop.refundOrder(operator, blind)).toMatchObject({ errcode: 'REFUND_CHANGED' });
    await refund(out_trade_no, { expected_refunds: 1 });
  });

  test('in parts, up to the whole, and not a fen more', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    for (const expected_refunded_fee of [0, 1600, 3200]) {
      await refund(out_trade_no, { refund_fee: 1600, expected_refunded_fee });
      await shop.clock.advance(2 * MINUTE_MS);
    }
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 4800, refund_reserved_fee: 0 });
    expect(shop.membership(shopper)?.getTime()).toBeLessThanOrEqual(shop.clock.now().getTime());
    const more = shop.newRefund(out_trade_no, { refund_fee: 1, expected_refunded_fee: 4800 });
    expect(await shop.refundOrder(operator, more)).toMatchObject({ errcode: 'REFUND_TOO_MUCH' });
  });

  test.each([
    ['an order that is not paid', 'ORDER_NOT_PAID'],
    ['an order that is not there', 'ORDER_NOT_FOUND'],
  ])('%s is refused', async (what, errcode) => {
    const { order } = await shop.place(shop.newShopper());
    const out_trade_no = what.includes('paid') ? order.out_trade_no : 'f'.repeat(32);
    expect(await shop.refundOrder(operator, shop.newRefund(out_trade_no))).toMatchObject({ errcode });
  });

  test.each([
    ['another amount', { refund_fee: 1001 }],
    ['another part of the membership', { takes: { days: 20 } }],
    ['the whole membership', { takes: 'all' }],
    ['nothing of the membership', { takes: 'none' }],
  ])('a request_id that asked for another refund is refused: now for %s', async (_, change) => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    const request = shop.newRefund(out_trade_no, { takes: { days: 19 } });
    const { out_refund_no } = (await refund(out_trade_no, request)).refund;
    expect(await shop.refundOrder(operator, { ...request, ...change })).toMatchObject({
      ...{ errcode: 'REQUEST_ID_REUSED', out_refund_no },
      errmsg: expect.stringContaining('19 days'),
    });
    expect(shop.refunds(out_trade_no)).toMatchObject([{ refund_fee: 1000, takes: { days: 19 } }]);
  });

  test('a repeat that leaves out what is taken, or says it again, is the same refund', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    const request = shop.newRefund(out_trade_no);
    const { out_refund_no } = (await refund(out_trade_no, request)).refund;
    for (const again of [request, { ...request, takes: { days: 19 } }]) {
      expect(await shop.refundOrder(operator, again)).toMatchObject({ refund: { out_refund_no } });
    }
  });
});

describe('refundOrder is killed', () => {
  test.each([
    ['after it reserved, before it asked WeChat', 'before'],
    ['after WeChat accepted, before the answer came', 'after'],
  ] as const)('%s: the timer goes on with the same refund', async (_, when) => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    losingNotices(out_trade_no);
    const run = () => shop.host.kill('refundOrder');
    const unhook = shop.wechatpay.hook({ when, path: REFUND, run });
    await expect(shop.refundOrder(operator, shop.newRefund(out_trade_no))).rejects.toMatchObject({
      code: 'FUNCTIONS_EXECUTE_FAIL',
    });
    unhook();
    expect(shop.stored(out_trade_no)).toMatchObject({ refund_reserved_fee: 1000 });
    await shop.clock.advance(5 * MINUTE_MS);
    expect(atWeChat(out_trade_no)).toEqual([[1000, 'SUCCESS']]);
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 1000, refund_reserved_fee: 0 });
  });

  test.each(['database.commitTransaction', 'database.modifyDocument'])(
    'around %s: nothing is half done, and the same request goes on',
    async (action) => {
      const out_trade_no = await shop.placePaid(shop.newShopper());
      shop.cloud.faults.add({ kind: 'kill-after', function: 'refundOrder', action });
      const request = shop.newRefund(out_trade_no);
      await expect(shop.refundOrder(operator, request)).rejects.toThrow();
      // A transaction whose function is gone holds its documents for half a minute.
      await shop.clock.advance(MINUTE_MS / 2);
      expect(await shop.refundOrder(operator, request)).toMatchObject({ refund: { state: 'PROCESSING' } });
      await shop.clock.advance(5 * MINUTE_MS);
      expect(atWeChat(out_trade_no)).toEqual([[1000, 'SUCCESS']]);
      expect(
        shop.cloud.documents('audit').filter(({ subject }) => subject === shop.refunds(out_trade_no)[0]?._id),
      ).toHaveLength(1);
    },
  );
});

describe('WeChat refuses', () => {
  test('for want of money: the operator reads what to do, the amount stays reserved, and the timer asks again', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    shop.wechatpay.faults.add({ kind: 'refuse', err_code: 'NOTENOUGH', path: REFUND, out_trade_no });
    const { refund: refused } = await refund(out_trade_no);
    expect(refused).toMatchObject({ state: 'PROCESSING', err_code: 'NOTENOUGH' });
    expect(shop.alarms(out_trade_no)).toEqual(['REFUND_REFUSED']);
    expect(shop.stored(out_trade_no)).toMatchObject({ refund_reserved_fee: 1000 });
    await shop.clock.advance(5 * MINUTE_MS);
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 1000 });
    expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'SUCCESS', err_code: null }]);
  });

  test('and the operator gives up: free only two minutes after it was last sent', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    const before = shop.membership(shopper);
    shop.wechatpay.faults.add({
      kind: 'refuse',
      err_code: 'USER_ACCOUNT_ABNORMAL',
      path: REFUND,
      out_trade_no,
      count: 99,
    });
    const { out_refund_no } = (await refund(out_trade_no)).refund;
    // Paid in another way before that, the shopper may have it twice.
    const told = shop.cloud.documents('alarms').find(({ subject }) => subject === out_trade_no);
    expect(told?.message).toMatch(/give this refund up, and .* only once it is CLOSED/);
    const given = await shop.operate({ act: 'give-up', by: '老板', out_refund_no });
    expect(given).toMatchObject({ refund: { state: 'ABANDONING' } });
    expect(shop.stored(out_trade_no)).toMatchObject({ refund_reserved_fee: 1000 });
    const asked = shop.asked(REFUND, out_trade_no);
    await shop.clock.advance(MINUTE_MS);
    expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'ABANDONING' }]);
    await shop.clock.advance(3 * MINUTE_MS);
    expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'CLOSED' }]);
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'SUCCESS', refund_reserved_fee: 0 });
    expect(shop.asked(REFUND, out_trade_no)).toBe(asked);
    expect(shop.membership(shopper)).toEqual(before);
  });

  test('for hours, and the operator gives up soon after it was sent again: free two minutes after that', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    const request = shop.newRefund(out_trade_no);
    shop.wechatpay.faults.add({
      ...{ kind: 'refuse', err_code: 'NOTENOUGH', path: REFUND, out_trade_no },
      count: Number.POSITIVE_INFINITY,
    });
    await shop.refundOrder(operator, request);
    await shop.clock.advance(180 * MINUTE_MS);
    const asked = shop.asked(REFUND, out_trade_no);
    await shop.refundOrder(operator, request);
    expect(shop.asked(REFUND, out_trade_no)).toBe(asked + 1);
    await shop.clock.advance(MINUTE_MS / 2);
    const [open] = shop.refunds(out_trade_no);
    await shop.operate({ act: 'give-up', by: '老板', out_refund_no: open?._id });
    expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'ABANDONING' }]);
    await shop.clock.advance(4 * MINUTE_MS);
    expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'CLOSED' }]);
    expect(shop.stored(out_trade_no)).toMatchObject({ refund_reserved_fee: 0, next_query_at: null });
    expect(shop.asked(REFUND, out_trade_no)).toBe(asked + 1);
  });

  test('to answer, and has it all the same: giving up does not lose it', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    losingNotices(out_trade_no);
    shop.wechatpay.faults.add({ kind: 'break', when: 'after', path: REFUND, out_trade_no });
    const { out_refund_no } = (await refund(out_trade_no)).refund;
    await shop.operate({ act: 'give-up', by: '老板', out_refund_no });
    await shop.clock.advance(4 * MINUTE_MS);
    expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'SUCCESS' }]);
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 1000, refund_reserved_fee: 0 });
  });

  test('later, since the card is closed: a human is alerted, and staff end it', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    shop.wechatpay.faults.add({ kind: 'fail-refund', refund_status: 'CHANGE', out_trade_no });
    const { out_refund_no } = (await refund(out_trade_no)).refund;
    await shop.clock.advance(2 * MINUTE_MS);
    expect(shop.stored(out_trade_no)).toMatchObject({
      refund_reserved_fee: 1000,
      refunds: [{ state: 'ABNORMAL' }],
    });
    expect(shop.alarms(out_trade_no)).toEqual(['REFUND_ABNORMAL']);
    shop.wechatpay.endRefund(MERCHANT.mch_id, { out_trade_no, out_refund_no }, 'SUCCESS');
    await shop.deliver();
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 1000, refunds: [{ state: 'SUCCESS' }] });
  });

  test('later, and nothing is given back: the amount is free', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    shop.wechatpay.faults.add({ kind: 'fail-refund', refund_status: 'REFUNDCLOSE', out_trade_no });
    await refund(out_trade_no);
    await shop.clock.advance(2 * MINUTE_MS);
    expect(shop.stored(out_trade_no)).toMatchObject({
      refund_reserved_fee: 0,
      refunds: [{ state: 'CLOSED' }],
    });
    await refund(out_trade_no);
  });
});

describe('the merchant’s staff give money back in the merchant platform', () => {
  const byStaff = (out_trade_no: string, refund_fee?: number) =>
    shop.wechatpay.refundByStaff(MERCHANT.mch_id, out_trade_no, {
      notify_url: `${shop.gateway.url}/refundNotify`,
      ...(refund_fee !== undefined && { refund_fee }),
    });

  test('the whole: its notice books it, and takes the membership', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    byStaff(out_trade_no);
    await shop.clock.advance(MINUTE_MS);
    await shop.deliver();
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: 4800 });
    expect(shop.refunds(out_trade_no)).toMatchObject([
      { state: 'SUCCESS', requested_by: null, takes: 'all' },
    ]);
    expect(shop.membership(shopper)?.getTime()).toBeLessThanOrEqual(shop.clock.now().getTime());
    expect(shop.alarms(out_trade_no)).toEqual([]);
  });

  test('a part, whose notice comes five times: booked once, a human is alerted, and takes days without money', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    const before = shop.membership(shopper)?.getTime() ?? 0;
    shop.wechatpay.faults.add({ kind: 'repeat-notice', times: 5, out_trade_no });
    byStaff(out_trade_no, 1000);
    await shop.clock.advance(MINUTE_MS);
    await shop.deliver();
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: 1000 });
    expect(shop.refunds(out_trade_no)).toHaveLength(1);
    expect(shop.membership(shopper)?.getTime()).toBe(before);
    expect(shop.alarms(out_trade_no)).toEqual(['REFUND_ELSEWHERE']);
    const request = shop.newRefund(out_trade_no, {
      refund_fee: 0,
      takes: { days: 10 },
      expected_refunded_fee: 1000,
    });
    expect(await shop.operate({ act: 'refund', by: '老板', request })).toMatchObject({
      refund: { state: 'SUCCESS' },
    });
    expect(shop.membership(shopper)?.getTime()).toBe(before - 10 * 24 * 60 * MINUTE_MS);
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 1000, next_query_at: null });
  });

  test('before one of ours: both are booked', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    byStaff(out_trade_no, 2000);
    await shop.clock.advance(MINUTE_MS);
    await shop.deliver();
    await shop.clock.advance(MINUTE_MS);
    await refund(out_trade_no, { refund_fee: 2800, expected_refunded_fee: 2000 });
    await shop.clock.advance(2 * MINUTE_MS);
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 4800, refund_reserved_fee: 0 });
  });

  test('and one of ours begins while they are looked for: it keeps its turn, and ends without a notice', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    shop.wechatpay.refundByStaff(MERCHANT.mch_id, out_trade_no, { refund_fee: 2000 });
    await shop.clock.advance(MINUTE_MS);
    await shop.untilTimer();
    await shop.clock.advance(1000);
    await shop.edit('orders', out_trade_no, { next_query_at: shop.clock.now() });
    shop.wechatpay.faults.add({ kind: 'lose-notice', out_trade_no, count: Number.POSITIVE_INFINITY });
    const unhook = shop.wechatpay.hook({
      when: 'after',
      path: '/pay/refundquery',
      async run(call) {
        if (call.out_trade_no !== out_trade_no) return;
        unhook();
        await refund(out_trade_no);
      },
    });
    await shop.sweep();
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 2000, refund_reserved_fee: 1000 });
    await shop.clock.advance(5 * MINUTE_MS);
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 3000, refund_reserved_fee: 0 });
  });
});

describe('who may', () => {
  test.each([
    ['a shopper', () => shop.newShopper()],
    [
      'an operator who is none any more',
      async () => {
        const former = await shop.newOperator();
        await shop.operate({ act: 'operators.remove', by: '老板', openid: former.openid });
        return former;
      },
    ],
  ])('%s is refused, and nothing is asked of WeChat', async (_, who) => {
    const caller = await who();
    const out_trade_no = await shop.placePaid(shop.newShopper());
    expect(await shop.refundOrder(caller, shop.newRefund(out_trade_no))).toMatchObject({
      errcode: 'FORBIDDEN',
    });
    expect(await shop.refundOrder(caller, {})).toMatchObject({ errcode: 'FORBIDDEN' });
    expect(shop.asked(REFUND, out_trade_no)).toBe(0);
    expect(shop.host.logs.some(({ line }) => line.includes('operator.refused'))).toBe(true);
  });

  test('an administrator makes an operator, who may from then on; it is written down', async () => {
    const { openid, appid } = shop.newShopper();
    await shop.operate({ act: 'operators.add', by: '老板', openid, name: '小张' });
    const out_trade_no = await shop.placePaid(shop.newShopper());
    const answer = await shop.refundOrder({ openid, appid }, shop.newRefund(out_trade_no));
    expect(answer).toMatchObject({ refund: { requested_by: openid } });
    expect(shop.cloud.documents('audit')).toContainEqual(
      expect.objectContaining({ act: 'operators.add', by: '老板', subject: openid, details: '小张' }),
    );
  });

  test('no client may call what administrators call', async () => {
    const call = shop.host.callFunction('operateShop', { act: 'orders' }, operator);
    await expect(call).rejects.toMatchObject({
      code: expect.stringMatching(/PERMISSION|INVALID|FORBIDDEN|AUTH/),
    });
  });
});

test('without the merchant certificate nothing is reserved', async () => {
  const poor = await openShop({ WECHAT_PAY_CERT: '', WECHAT_PAY_CERT_KEY: '' });
  try {
    const out_trade_no = await poor.placePaid(poor.newShopper());
    const answer = await poor.refundOrder(await poor.newOperator(), poor.newRefund(out_trade_no));
    expect(answer).toMatchObject({
      errcode: 'REFUND_NOT_POSSIBLE',
      errmsg: expect.stringContaining('certificate'),
    });
    expect(poor.refunds(out_trade_no)).toEqual([]);
  } finally {
    await poor.close();
  }
});

test('with a certificate that WeChat did not issue the refund waits, and a human reads why; its key is in no log', async () => {
  const { merchant } = await makeCertificates(MERCHANT.mch_id);
  const key = derOf(merchant.key);
  const wrong = await openShop({ WECHAT_PAY_CERT: derOf(merchant.cert), WECHAT_PAY_CERT_KEY: key });
  try {
    const out_trade_no = await wrong.placePaid(wrong.newShopper());
    const answer = await wrong.refundOrder(await wrong.newOperator(), wrong.newRefund(out_trade_no));
    expect(answer).toMatchObject({ refund: { state: 'PROCESSING' }, order: { refund_reserved_fee: 1000 } });
    expect(wrong.cloud.documents('alarms')).toMatchObject([
      { code: 'MERCHANT_MISCONFIGURED', message: expect.stringContaining('certificate') },
    ]);
    expect(JSON.stringify([answer, wrong.trace.since(), wrong.host.logs])).not.toContain(key.slice(40, 80));
  } finally {
    await wrong.close();
  }
});
