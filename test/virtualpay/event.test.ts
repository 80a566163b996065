import { describe, expect, test } from 'vitest';
import { readEvent } from '../../cloudfunctions/_shared/virtualpay/event.ts';
import { vectors } from './vectors.ts';

const bodyOf = (id: string) => vectors.events.find((event) => event.id === id)?.body as object;

const DELIVER = {
  kind: 'deliver',
  out_trade_no: 'M20261127abcdef0123456789',
  openid: 'oUrsfxxxxxxxxxx',
  env: 0,
  attach: 'city.1',
};
const THROUGH_WECHAT_PAY = { ...DELIVER, transaction_id: '4500000138202611270000000001' };

describe('reads the published event', () => {
  test.each([
    ['deliver-wechat-pay', THROUGH_WECHAT_PAY],
    ['deliver-retry', THROUGH_WECHAT_PAY],
    ['deliver-apple-no-wechatpayinfo', { ...DELIVER, out_trade_no: 'M20261127abcdef0123456796' }],
    ['deliver-activity-price', { ...THROUGH_WECHAT_PAY, out_trade_no: 'M20261127abcdef0123456792' }],
    ['not-ours-other-env', { ...THROUGH_WECHAT_PAY, env: 1 }],
    ['forged-by-client', THROUGH_WECHAT_PAY],
    [
      'refund-ok',
      {
        kind: 'refund',
        out_trade_no: 'M20261127abcdef0123456789',
        openid: 'oUrsfxxxxxxxxxx',
        refund_order_id: 'R20261127abcdef0123456789',
        hasFailed: false,
      },
    ],
    ['refund-failed', expect.objectContaining({ kind: 'refund', hasFailed: true })],
    [
      'complaint',
      {
        kind: 'complaint',
        openid: 'oUrsfxxxxxxxxxx',
        out_trade_no: 'M20261127abcdef0123456789',
        complaint_id: '200000020261127000000000001',
      },
    ],
    ['ios-refund-question', { kind: 'apple-refund-question', pay_order_id: 'demo', item_id: 'city_m1_v1' }],
  ])('%s', (id, expected) => {
    expect(readEvent(bodyOf(id))).toEqual(expected);
  });
});

test('an event that is not about what is sold here is named, and no more', () => {
  const event = { MsgType: 'event', Event: 'xpay_wxpay_callback_notify' };
  expect(readEvent(event)).toEqual({ kind: 'other', name: 'xpay_wxpay_callback_notify' });
});

describe('refuses', () => {
  const deliver = bodyOf('deliver-wechat-pay');
  test.each([
    ['nothing', undefined],
    ['text', '<xml></xml>'],
    ['a list', []],
    ['a message that is no event', { ...deliver, MsgType: 'text' }],
    ['an event without a name', { ...deliver, Event: '' }],
    ['a delivery without a number', { ...deliver, OutTradeNo: undefined }],
    ['a delivery without a shopper', { ...deliver, OpenId: '' }],
    ['a number that is a list', { ...deliver, OutTradeNo: ['a'] }],
    ['a number of a megabyte', { ...deliver, OutTradeNo: 'a'.repeat(2 ** 20) }],
    ['an env that is none', { ...deliver, Env: 2 }],
    ['a delivery without an env', { ...deliver, Env: undefined }],
    ['a refund without its order', { ...bodyOf('refund-ok'), MchOrderId: undefined }],
    ['a complaint without its order', { ...bodyOf('complaint'), MchOrderId: 1 }],
    ['Apple’s question without a number', { ...bodyOf('ios-refund-question'), pay_order_id: '' }],
  ])('%s', (_, event) => {
    expect(readEvent(event)).toBeUndefined();
  });
});
