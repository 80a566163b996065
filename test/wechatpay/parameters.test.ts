import { expect, test } from 'vitest';
import { checkOrder } from '../../cloudfunctions/_shared/wechatpay/parameters.ts';
import type { OrderParameters } from '../../cloudfunctions/_shared/wechatpay/wechatpay.ts';
import { answered, gateway, merchant, ORDER, PARAMETERS } from './gateway.ts';
import { refusalOf } from './refusal.ts';

const accepting = () => gateway(() => answered({ prepay_id: 'wx1' }));

const ACCEPTED: readonly (readonly [string, Partial<OrderParameters>])[] = [
  ['127 bytes of body', { body: `${'会'.repeat(42)}!` }],
  ['markup in body', { body: '<a>&]]>"\n' }],
  ['the shortest out_trade_no', { out_trade_no: 'a_1-|*' }],
  ['the longest out_trade_no', { out_trade_no: 'A'.repeat(32) }],
  ['1 fen', { total_fee: 1 }],
  ['an IPv6 address', { spbill_create_ip: '2001:db8::ff00:42:8329' }],
  ['a notify_url on a port', { notify_url: 'http://127.0.0.1:8787/payNotify' }],
  ['256 bytes of notify_url', { notify_url: `https://a.example/${'b'.repeat(238)}` }],
  ['128 bytes of openid', { openid: 'o'.repeat(128) }],
];

test.each(ACCEPTED)('%s may be sent', async (_what, parameters) => {
  const { wechatpay } = accepting();
  expect(await wechatpay.unifiedorder({ ...PARAMETERS, ...parameters })).toMatchObject({ kind: 'prepaid' });
});

const REFUSED: readonly (readonly [keyof OrderParameters, string, Partial<OrderParameters>])[] = [
  ['body', 'has 128 bytes in 44 characters', { body: `${'会'.repeat(42)}!!` }],
  ['body', 'is empty', { body: '' }],
  ['body', 'holds a control character', { body: 'a\u0000b' }],
  ['body', 'holds half a surrogate pair', { body: '会员\ud83d' }],
  ['out_trade_no', 'is too short', { out_trade_no: '12345' }],
  ['out_trade_no', 'is too long', { out_trade_no: 'A'.repeat(33) }],
  ['out_trade_no', 'holds a character of older pages', { out_trade_no: 'order@1' }],
  ['out_trade_no', 'ends in a line break', { out_trade_no: 'order_1\n' }],
  ['total_fee', 'is nothing', { total_fee: 0 }],
  ['total_fee', 'is less than nothing', { total_fee: -1 }],
  ['total_fee', 'is not whole', { total_fee: 9.9 }],
  ['total_fee', 'is not a number', { total_fee: Number.NaN }],
  ['total_fee', 'is endless', { total_fee: Number.POSITIVE_INFINITY }],
  ['total_fee', 'is written with an exponent', { total_fee: 1e21 }],
  ['openid', 'is empty', { openid: '' }],
  ['openid', 'is too long', { openid: 'o'.repeat(129) }],
  ['openid', 'is not an identifier', { openid: 'o&total_fee=1' }],
  ['appid', 'is too long', { appid: 'w'.repeat(33) }],
  ['spbill_create_ip', 'is a name', { spbill_create_ip: 'localhost' }],
  ['spbill_create_ip', 'is too long', { spbill_create_ip: '1'.repeat(65) }],
  ['notify_url', 'has a query string', { notify_url: 'https://shop.example.com/payNotify?a=1' }],
  ['notify_url', 'is too long', { notify_url: `https://a.example/${'b'.repeat(239)}` }],
  ['notify_url', 'is no URL', { notify_url: 'shop.example.com/payNotify' }],
  ['notify_url', 'has a bracket', { notify_url: 'https://shop.example.com/[payNotify]' }],
  ['notify_url', 'is not ASCII', { notify_url: 'https://商店.example.com/payNotify' }],
  ['time_expire', 'is not after time_start', { time_expire: PARAMETERS.time_start }],
  ['time_expire', 'is no time', { time_expire: new Date(Number.NaN) }],
];

test.each(REFUSED)('an order whose %s %s is not sent', async (name, _how, parameters) => {
  const { wechatpay, requests } = accepting();
  const refusal = await refusalOf(() => wechatpay.unifiedorder({ ...PARAMETERS, ...parameters }));
  expect(refusal.code).toBe('PARAMETER_REFUSED');
  expect(refusal.message).toMatch(new RegExp(`^${name} `));
  expect(requests).toEqual([]);
});

test.each(REFUSED)('that its %s %s is known before there is an order', async (_name, _how, parameters) => {
  const refused = { ...PARAMETERS, ...parameters };
  const { message } = await refusalOf(() => accepting().wechatpay.unifiedorder(refused));
  expect(() => checkOrder(refused)).toThrow(message);
});

test.each(ACCEPTED)('with %s there can be an order', (_what, parameters) => {
  expect(() => checkOrder({ ...PARAMETERS, ...parameters })).not.toThrow();
});

test('a limit is named with the field, in bytes', async () => {
  const { message } = await refusalOf(() =>
    accepting().wechatpay.unifiedorder({ ...PARAMETERS, body: '会'.repeat(43) }),
  );
  expect(message).toBe('body has 129 bytes; WeChat Pay takes 1 to 127.');
});

test('a question about an order is checked in the same way', async () => {
  const { wechatpay, requests } = accepting();
  for (const ask of [wechatpay.orderquery, wechatpay.closeorder]) {
    expect((await refusalOf(() => ask({ ...ORDER, out_trade_no: '订单'.repeat(4) }))).code).toBe(
      'PARAMETER_REFUSED',
    );
    expect((await refusalOf(() => ask({ ...ORDER, appid: '' }))).code).toBe('PARAMETER_REFUSED');
  }
  expect(requests).toEqual([]);
});

test('an order that was made for another merchant is not sent', async () => {
  const { wechatpay, requests } = accepting();
  const refusal = await refusalOf(() =>
    wechatpay.unifiedorder({ ...PARAMETERS, mch_id: `${merchant.mch_id}1` }),
  );
  expect(refusal.code).toBe('MERCHANT_MISCONFIGURED');
  expect(requests).toEqual([]);
});
