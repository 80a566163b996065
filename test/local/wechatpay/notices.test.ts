import { describe, expect, test } from 'vitest';
import { WorldClock } from '../../../scripts/local/clock.ts';
import type { PostingReply } from '../../../scripts/local/wechatpay/deliver.ts';
import type { Forgery } from '../../../scripts/local/wechatpay/notice.ts';
import { type SignType, sign } from '../../../scripts/local/wechatpay/sign.ts';
import {
  BIRTH,
  createWorld,
  DAY_MS,
  HOUR_MS,
  MERCHANT,
  MINUTE_MS,
  OTHER,
  OUT_TRADE_NO,
  orderParameters,
  PAYER,
} from './world.ts';

const FAIL = {
  status: 200,
  body: '<xml><return_code>FAIL</return_code><return_msg>later</return_msg></xml>',
};

async function paid(parameters: Record<string, string> = {}, options = {}) {
  const world = createWorld(options);
  const pay = async (out_trade_no: string) => {
    const signType: SignType = parameters.sign_type === 'HMAC-SHA256' ? 'HMAC-SHA256' : 'MD5';
    const payment = world.payment(await world.order({ ...parameters, out_trade_no }), { signType });
    expect(world.wechatpay.cashier.pay(payment, PAYER).errMsg).toBe('requestPayment:ok');
  };
  const outcomes = () =>
    world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.notices.map(({ outcome }) => outcome);
  const names = () => world.received.map(({ notice }) => notice.out_trade_no);
  return { ...world, pay, outcomes, names, faults: world.wechatpay.faults };
}

describe('the schedule', () => {
  test('a notice that is never taken comes 16 times in 24 hours and 4 minutes', async () => {
    const world = await paid();
    world.replying(async () => FAIL);
    await world.pay(OUT_TRADE_NO);
    await world.clock.advance(3 * DAY_MS);
    const seconds = world.received.map(({ at }) => (at.getTime() - BIRTH) / 1000);
    const gaps = seconds.slice(1).map((second, index) => second - (seconds[index] ?? 0));
    expect(seconds[0]).toBe(0);
    expect(gaps).toEqual([
      15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600,
    ]);
    expect(new Set(world.received.map(({ notice }) => JSON.stringify(notice))).size).toBe(1);
    expect(world.outcomes()).toEqual(Array(16).fill('FAIL'));
    expect(world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.next_notice_at).toBeUndefined();
  });

  test('it ends with SUCCESS', async () => {
    const world = await paid();
    world.replying(async () => FAIL);
    await world.pay(OUT_TRADE_NO);
    await world.clock.advance(MINUTE_MS);
    expect(world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.next_notice_at).toEqual(
      new Date(BIRTH + 4 * MINUTE_MS),
    );
    world.replying(async () => ({ status: 200, body: '<xml><return_code>SUCCESS</return_code></xml>' }));
    await world.clock.advance(DAY_MS);
    expect(world.outcomes()).toEqual(['FAIL', 'FAIL', 'FAIL', 'FAIL', 'SUCCESS']);
    expect(world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.next_notice_at).toBeUndefined();
  });

  test('a notice in flight is neither skipped nor overtaken when the clock is moved', async () => {
    const clock = new WorldClock();
    const world = await paid(orderParameters(clock.now()), { clock });
    const { promise, resolve } = withResolvers<PostingReply>();
    world.replying(() => promise);
    await world.pay(OUT_TRADE_NO);
    while (world.received.length === 0) await new Promise(setImmediate);
    const moved = clock.advance(15_000);
    await new Promise(setImmediate);
    expect(world.received).toHaveLength(1);
    resolve(FAIL);
    await moved;
    await world.wechatpay.noticesSettled();
    expect(world.outcomes()).toEqual(['FAIL', 'FAIL']);
    clock.dispose();
  });

  test('nothing is noticed that was not paid', async () => {
    const world = createWorld();
    await world.order();
    await world.clock.advance(DAY_MS);
    expect(world.received).toEqual([]);
  });
});

describe('what a notice says', () => {
  test.each(['MD5', 'HMAC-SHA256'] as const)(
    'sign_type is %s where it is wanted, and signed',
    async (sign_type) => {
      const world = await paid({ sign_type }, { noticeSignType: true });
      await world.pay(OUT_TRADE_NO);
      await world.clock.advance(0);
      const notice = world.received[0]?.notice ?? {};
      expect(notice.sign_type).toBe(sign_type);
      expect(notice.sign).toBe(sign(notice, MERCHANT.api_key, sign_type));
    },
  );

  test('attach and device_info come back as they were given, and not at all when they were not', async () => {
    const world = await paid({ attach: ' 说明 ', device_info: 'D1' });
    await world.pay(OUT_TRADE_NO);
    await world.clock.advance(0);
    expect(world.received[0]?.notice).toMatchObject({ attach: ' 说明 ', device_info: 'D1' });
    const plain = await paid();
    await plain.pay(OUT_TRADE_NO);
    await plain.clock.advance(0);
    expect(Object.keys(plain.received[0]?.notice ?? {})).toEqual(
      expect.not.arrayContaining(['attach', 'device_info', 'coupon_fee']),
    );
  });

  test('a notice made before the key was changed keeps its sign; a later request needs the new key', async () => {
    const world = await paid();
    world.faults.add({ kind: 'lose-notice' });
    await world.pay(OUT_TRADE_NO);
    await world.clock.advance(0);
    world.wechatpay.merchant(MERCHANT.mch_id).rotate(OTHER.api_key);
    await world.clock.advance(15_000);
    const notice = world.received[0]?.notice ?? {};
    expect(notice.sign).toBe(sign(notice, MERCHANT.api_key, 'MD5'));
    expect((await world.query()).return_msg).toBe('签名错误');
    const report = await world.ask('orderquery', { out_trade_no: OUT_TRADE_NO }, OTHER.api_key);
    expect(report.sign).toBe(sign(report, OTHER.api_key, 'MD5'));
  });
});

describe('faults', () => {
  test('lose: it comes by the next turn', async () => {
    const world = await paid();
    world.faults.add({ kind: 'lose-notice', count: 2 });
    await world.pay(OUT_TRADE_NO);
    await world.clock.advance(HOUR_MS);
    expect(world.outcomes()).toEqual(['lost', 'lost', 'SUCCESS']);
    expect(world.received.map(({ at }) => at.getTime() - BIRTH)).toEqual([30_000]);
    expect(world.trace.since().filter(({ kind }) => kind === 'lost')).toHaveLength(2);
  });

  test('lose the reply: it was taken, and comes again', async () => {
    const world = await paid();
    world.faults.add({ kind: 'lose-reply' });
    await world.pay(OUT_TRADE_NO);
    await world.clock.advance(HOUR_MS);
    expect(world.outcomes()).toEqual(['reply lost', 'SUCCESS']);
    expect(world.received).toHaveLength(2);
  });

  test.each([true, false])('repeat, parallel: %s', async (parallel) => {
    const world = await paid();
    let running = 0;
    let most = 0;
    world.replying(async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return { status: 200, body: '<xml><return_code>SUCCESS</return_code></xml>' };
    });
    world.faults.add({ kind: 'repeat-notice', times: 100, parallel });
    await world.pay(OUT_TRADE_NO);
    await world.clock.advance(HOUR_MS);
    expect(world.received).toHaveLength(100);
    expect(most).toBe(parallel ? 100 : 1);
  });

  test('delay: it comes later, and the schedule goes on from there', async () => {
    const world = await paid();
    world.replying(async () => FAIL);
    world.faults.add({ kind: 'delay-notice', ms: HOUR_MS });
    await world.pay(OUT_TRADE_NO);
    await world.clock.advance(HOUR_MS + 15_000);
    expect(world.received.map(({ at }) => at.getTime() - BIRTH)).toEqual([HOUR_MS, HOUR_MS + 15_000]);
  });

  test('reorder: it comes after the next one', async () => {
    const world = await paid();
    world.faults.add({ kind: 'reorder-notice', out_trade_no: OUT_TRADE_NO });
    await world.pay(OUT_TRADE_NO);
    await world.pay('order-0002');
    await world.clock.advance(HOUR_MS);
    expect(world.names()).toEqual(['order-0002', OUT_TRADE_NO]);
  });

  test('resend: the notice of a paid order, at any time', async () => {
    const world = await paid();
    await world.pay(OUT_TRADE_NO);
    await world.clock.advance(DAY_MS);
    const attempts = await world.wechatpay.resendNotice(MERCHANT.mch_id, OUT_TRADE_NO, {
      times: 3,
      parallel: true,
    });
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
    expect(world.received).toHaveLength(4);
  });

  test('there is no notice of an unpaid order to resend', async () => {
    const world = await paid();
    await world.order();
    await expect(world.wechatpay.resendNotice(MERCHANT.mch_id, OUT_TRADE_NO)).rejects.toThrow('not paid');
  });

  test('a fault for one order leaves the others alone, and can be taken back', async () => {
    const world = await paid();
    world.faults.add({ kind: 'lose-notice', out_trade_no: 'order-0002', count: Number.POSITIVE_INFINITY });
    const takeBack = world.faults.add({ kind: 'lose-notice', out_trade_no: OUT_TRADE_NO });
    expect(world.faults.list()).toHaveLength(2);
    takeBack();
    await world.pay(OUT_TRADE_NO);
    await world.pay('order-0002');
    await world.clock.advance(DAY_MS);
    expect(world.names()).toEqual([OUT_TRADE_NO]);
    world.faults.clear();
    await world.clock.advance(DAY_MS);
    expect(world.names()).toEqual([OUT_TRADE_NO, 'order-0002']);
  });
});

describe('a forged notice', () => {
  const rows: [Forgery, 'right' | 'wrong' | 'none', Record<string, string>][] = [
    ['wrong sign', 'wrong', {}],
    ['no sign', 'none', {}],
    ['changed amount', 'wrong', { total_fee: '1' }],
    ['wrong amount', 'right', { total_fee: '1' }],
    ['wrong payer', 'right', { openid: 'oSomebodyElse' }],
    ['wrong merchant', 'right', { mch_id: '1900000001' }],
    ['wrong app', 'right', { appid: 'wx0000000000000000' }],
    ['wrong order', 'right', { out_trade_no: 'no-such-order' }],
    ['other algorithm', 'wrong', {}],
  ];
  test.each(rows)('with %s has a sign that is %s', async (forgery, signature, says) => {
    const world = await paid();
    await world.order({ sign_type: 'HMAC-SHA256' });
    await world.wechatpay.forgeNotice(MERCHANT.mch_id, OUT_TRADE_NO, forgery);
    const notice = world.received[0]?.notice ?? {};
    expect(notice).toMatchObject({ result_code: 'SUCCESS', ...says });
    if (signature === 'none') expect(notice).not.toHaveProperty('sign');
    else expect(notice.sign === sign(notice, MERCHANT.api_key, 'HMAC-SHA256')).toBe(signature === 'right');
    expect(world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)).toMatchObject({
      trade_state: 'NOTPAY',
      notices: [],
    });
  });

  test('by the other algorithm is validly signed by it', async () => {
    const world = await paid();
    await world.order({ sign_type: 'HMAC-SHA256' });
    await world.wechatpay.forgeNotice(MERCHANT.mch_id, OUT_TRADE_NO, 'other algorithm');
    const notice = world.received[0]?.notice ?? {};
    expect(notice.sign).toBe(sign(notice, MERCHANT.api_key, 'MD5'));
  });
});

/** Promise.withResolvers, which Node 20 does not have. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
