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

describe('reads the published event', () => {
  test.each([
    ['deliver-wechat-pay', DELIVER],
    ['deliver-retry', DELIVER],
    ['deliver-apple-no-wechatpayinfo', { ...DELIVER, out_trade_no: 'M20261127abcdef0123456796' }],
    ['deliver-activity-price', { ...DELIVER, out_trade_no: 'M20261127abcdef0123456792' }],
    ['not-ours-other-env', { ...DELIVER, env: 1 }],
    ['forged-by-client', DELIVER],
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

describe('reads a delivery or a refund by what it is about, whatever else is in it', () => {
  const deliver = bodyOf('deliver-wechat-pay');
  const WITHOUT_ATTACH = { ...DELIVER, attach: '' };
  test.each<[string, object, object]>([
    ['goods of null', { ...deliver, GoodsInfo: null }, WITHOUT_ATTACH],
    ['no goods', { ...deliver, GoodsInfo: undefined }, WITHOUT_ATTACH],
    ['an attach of null', { ...deliver, GoodsInfo: { Attach: null } }, WITHOUT_ATTACH],
    ['goods that are text', { ...deliver, GoodsInfo: 'city' }, WITHOUT_ATTACH],
    ['a payment of null', { ...deliver, WeChatPayInfo: null }, DELIVER],
    ['a payment whose number is null', { ...deliver, WeChatPayInfo: { TransactionId: null } }, DELIVER],
    ['a payment that is a list', { ...deliver, WeChatPayInfo: [] }, DELIVER],
    ['fields that nobody has documented', { ...deliver, TeamInfo: { X: 1 }, RetryTimes: '3' }, DELIVER],
  ])('%s', (_, event, expected) => {
    expect(readEvent(event)).toEqual(expected);
  });

  test.each<[string, object]>([
    ['a refund without a number of ours', { MchRefundId: undefined }],
    ['a refund whose number is empty', { MchRefundId: '' }],
    ['a refund whose number is null', { MchRefundId: null }],
    ['a refund without a sum', { RefundFee: undefined }],
    ['a refund whose outcome is a word', { RetCode: 'OK' }],
  ])('%s', (_, change) => {
    const event = readEvent({ ...bodyOf('refund-ok'), ...change });
    expect(event).toMatchObject({ kind: 'refund', out_trade_no: DELIVER.out_trade_no, hasFailed: false });
  });
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
