import { expect, test } from 'vitest';
import { sign } from '../../../scripts/local/wechatpay/sign.ts';
import { createWorld, MERCHANT, MINUTE_MS, OUT_TRADE_NO, PAYER } from './world.ts';

test.each(['MD5', 'HMAC-SHA256'] as const)(
  'an order is placed, paid, noticed and asked about, with %s',
  async (sign_type) => {
    const world = createWorld();
    const prepaid = await world.order({ sign_type, attach: '' });
    expect(prepaid).toMatchObject({ return_code: 'SUCCESS', result_code: 'SUCCESS', trade_type: 'JSAPI' });
    expect(prepaid.prepay_id).toMatch(/^wx20270115120000[0-9a-f]{20}$/);
    expect(prepaid.sign).toBe(sign(prepaid, MERCHANT.api_key, sign_type));

    const payment = world.payment(prepaid, { signType: sign_type });
    expect(world.wechatpay.cashier.open(payment, PAYER)).toEqual({
      kind: 'shown',
      mch_id: MERCHANT.mch_id,
      out_trade_no: OUT_TRADE_NO,
      payee: '青屿会员',
      body: '青屿会员-城市 3 个月',
      total_fee: 4800,
    });
    await world.clock.advance(MINUTE_MS);
    expect(world.wechatpay.cashier.pay(payment, PAYER)).toEqual({
      kind: 'done',
      errMsg: 'requestPayment:ok',
    });
    await world.clock.advance(0);

    expect(world.received).toHaveLength(1);
    const notice = world.received[0]?.notice ?? {};
    expect(notice).toMatchObject({
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      total_fee: '4800',
      cash_fee: '4800',
    });
    expect(notice).toMatchObject({
      out_trade_no: OUT_TRADE_NO,
      openid: PAYER.openid,
      time_end: '20270115120100',
    });
    expect(notice.transaction_id).toMatch(/^\d{28}$/);
    expect(notice.sign).toBe(sign(notice, MERCHANT.api_key, sign_type));
    expect(notice).not.toHaveProperty('sign_type');

    const report = await world.query();
    expect(report).toMatchObject({
      trade_state: 'SUCCESS',
      trade_state_desc: '支付成功',
      attach: '',
      total_fee: '4800',
    });
    expect(report.transaction_id).toBe(notice.transaction_id);
    expect(await world.close()).toMatchObject({ result_code: 'FAIL', err_code: 'ORDERPAID' });
  },
);
