import { describe, expect, test } from 'vitest';
import { CLIENT_ERRORS, type ClientErrCode } from '../../../scripts/local/virtualpay/errors.ts';
import type { Phone } from '../../../scripts/local/virtualpay/phone.ts';
import vectors from '../../vectors/virtual-payment.json' with { type: 'json' };
import {
  ACCOUNT,
  ANDROID,
  createWorld,
  HOUR_MS,
  IPHONE,
  ITEM,
  MINUTE_MS,
  NUMBER,
  SOMEBODY_ELSE,
} from './world.ts';

const CLIENT_CODES = Object.keys(CLIENT_ERRORS).map(Number) as readonly ClientErrCode[];

test('the cash desk shows the item at its price, and the shopper pays', async () => {
  const world = createWorld();
  const shown = await world.open();
  expect(shown).toMatchObject({ kind: 'shown', name: ITEM.name, price: 990, out_trade_no: NUMBER });
  if (shown.kind !== 'shown') throw new Error(shown.why);
  expect(world.virtualpay.cashDesk.pay(shown.id)).toEqual({
    kind: 'paid',
    errMsg: 'requestVirtualPayment:ok',
  });
});

/** Each row breaks one thing; the number is the document's. */
const FIELDS: readonly (readonly [what: string, fields: object, errCode: number])[] = [
  ['offerId as a number', { offerId: 1450000000 }, -15016],
  ['buyQuantity as text', { buyQuantity: '1' }, -15016],
  ['a field of 2023', { platform: 'android' }, -15016],
  ['no offerId', { offerId: undefined }, -15001],
  ['no goodsPrice', { goodsPrice: undefined }, -15001],
  ['no attach', { attach: undefined }, -15001],
  ['a number of 7 characters', { outTradeNo: 'abcdefg' }, -15001],
  ['a number of 33 characters', { outTradeNo: 'a'.repeat(33) }, -15001],
  ['a number that begins with _', { outTradeNo: '_abcdefgh' }, -15001],
  ['a number with a dot', { outTradeNo: 'abcdefgh.1' }, -15001],
  ['another currency', { currencyType: 'USD' }, -15004],
  ['the sandbox on a released version', { env: 1 }, -15011],
  ['another offer', { offerId: '1450000001' }, -15001],
  ['an unknown item', { productId: 'city_2m_990' }, -15010],
  ['another price', { goodsPrice: 1 }, -15013],
  ['an activity price above the price', { activitySellingPrice: 991 }, -15013],
  ['an activity price under 40 %', { activitySellingPrice: 395 }, -15013],
];

test.each(FIELDS)('signData with %s: %s is refused with %i', async (_, fields, errCode) => {
  const world = createWorld();
  expect(await world.open(fields)).toMatchObject({ kind: 'failed', errCode });
  expect(world.virtualpay.orders()).toEqual([]);
});

test('signData that is no JSON, and parameters that are no texts', async () => {
  const { virtualpay, parameters } = createWorld();
  const good = await parameters();
  const { cashDesk } = virtualpay;
  expect(cashDesk.open({ ...good, signData: '{' }, ANDROID)).toMatchObject({ errCode: -15016 });
  expect(cashDesk.open({ ...good, signData: {} }, ANDROID)).toMatchObject({ errCode: 1001 });
  expect(cashDesk.open({ ...good, mode: 'goods' }, ANDROID)).toMatchObject({ errCode: 1001 });
  expect(cashDesk.open({ ...good, mode: 'short_series_coin' }, ANDROID)).toMatchObject({ errCode: -15009 });
});

test('the words of a number given as offerId are those that were seen', async () => {
  expect(await createWorld().open({ offerId: 1 })).toMatchObject({
    errMsg: `requestVirtualPayment:fail field "offerId" doesn't expect an uint32 value`,
  });
});

test('the checks come in the documented order: what is wrong first is answered', async () => {
  const world = createWorld();
  const fix: readonly (readonly [errCode: number, fields: object])[] = [
    [-15016, { offerId: 1, outTradeNo: 'short', currencyType: 'USD', productId: 'none', goodsPrice: 1 }],
    [-15001, { outTradeNo: 'short', currencyType: 'USD', productId: 'none', goodsPrice: 1 }],
    [-15004, { currencyType: 'USD', productId: 'none', goodsPrice: 1 }],
    [-15010, { productId: 'none', goodsPrice: 1 }],
    [-15013, { goodsPrice: 1 }],
  ];
  for (const [errCode, fields] of fix) expect(await world.open(fields)).toMatchObject({ errCode });
  const { signData, mode } = await world.parameters({ productId: 'none' });
  const unsigned = { signData, mode, paySig: 'x', signature: 'x' };
  expect(world.virtualpay.cashDesk.open(unsigned, ANDROID)).toMatchObject({ errCode: -15006 });
});

test.each(vectors.negative_client)('$field: $id is refused with $client_errCode', async (vector) => {
  const world = createWorld();
  const right = await world.parameters();
  const { signData } = vector;
  const signed = { ...right, [vector.field]: vector.wrong_value };
  expect(JSON.parse(signData).offerId).toBe(ACCOUNT.offer_id);
  expect(world.virtualpay.cashDesk.open(signed, ANDROID)).toMatchObject({ errCode: vector.client_errCode });
});

describe('the session_key', () => {
  test('one that a later login replaced: sign in again', async () => {
    const world = createWorld();
    const parameters = await world.parameters();
    world.weixin.faults.add({ kind: 'replace-session-key' });
    world.weixin.login(ANDROID.openid);
    const { cashDesk } = world.virtualpay;
    expect(cashDesk.open(parameters, ANDROID)).toMatchObject({ errCode: -15007 });
    expect(await world.open()).toMatchObject({ kind: 'shown' });
  });

  test('of another person, it is no signature of who holds the phone', async () => {
    const world = createWorld();
    const parameters = await world.parameters({}, { openid: SOMEBODY_ELSE });
    expect(world.virtualpay.cashDesk.open(parameters, ANDROID)).toMatchObject({ errCode: -15005 });
  });

  test('is over three days after the last login', async () => {
    const world = createWorld();
    const parameters = await world.parameters();
    await world.clock.advance(72 * HOUR_MS);
    expect(world.virtualpay.cashDesk.open(parameters, ANDROID)).toMatchObject({ errCode: -15007 });
  });
});

test('a number has one use, also when the cash desk was closed', async () => {
  const world = createWorld();
  const shown = await world.open();
  if (shown.kind !== 'shown') throw new Error(shown.why);
  expect(world.virtualpay.cashDesk.cancel(shown.id)).toMatchObject({
    errCode: -2,
    errMsg: 'requestVirtualPayment:fail cancel',
  });
  expect(await world.open()).toMatchObject({ errCode: -15002 });
  const reopening = createWorld({ reopens: true });
  await reopening.open();
  expect(await reopening.open()).toMatchObject({ kind: 'shown' });
});

test('the sandbox is for development versions on Android, with its own key', async () => {
  const world = createWorld();
  const develop: Phone = { ...ANDROID, envVersion: 'develop' };
  expect(await world.open({ env: 1 }, develop)).toMatchObject({ kind: 'shown' });
  expect(
    await world.open({ env: 1, outTradeNo: 'another-1' }, { ...IPHONE, envVersion: 'develop' }),
  ).toMatchObject({
    errCode: -15011,
  });
});

test.each([
  ['an item that was published a minute ago', MINUTE_MS, -15014],
  ['after ten minutes', 10 * MINUTE_MS, undefined],
])('%s', async (_, ms, errCode) => {
  const world = createWorld();
  const id = 'fresh';
  world.virtualpay.publish({ ...ITEM, id, env: 0, published_at: world.clock.now() });
  await world.clock.advance(ms);
  const outcome = await world.open({ productId: id });
  expect('errCode' in outcome ? outcome.errCode : undefined).toBe(errCode);
});

const IOS: readonly (readonly [
  what: string,
  phone: Partial<Phone>,
  isOpened: boolean,
  price: number,
  words: string,
])[] = [
  ['under one yuan', {}, true, 99, 'parameter error'],
  ['a foreign account', { isDomesticAppleAccount: false }, true, 990, '暂不支持非中国大陆地区苹果账号支付。'],
  ['IAP that is off', {}, false, 990, '当前商户尚未开启iOS支付'],
  ['an old WeChat', { version: '8.0.67' }, true, 990, 'parameter error'],
];

test.each(IOS)('iOS: %s is refused with -15001', async (_, phone, isOpened, price, words) => {
  const world = createWorld();
  world.virtualpay.publish({ ...ITEM, id: 'apple', price, env: 0 });
  world.virtualpay.account.isAppleOpened = isOpened;
  const outcome = await world.open({ productId: 'apple', goodsPrice: price }, { ...IPHONE, ...phone });
  expect(outcome).toMatchObject({ errCode: -15001, errMsg: `requestVirtualPayment:fail ${words}` });
});

test.each(CLIENT_CODES)('%i can be asked for, at either moment', async (errCode) => {
  const world = createWorld();
  world.virtualpay.faults.add({ kind: 'refuse-payment', errCode });
  expect(await world.open()).toMatchObject({ kind: 'failed', errCode });
  world.virtualpay.faults.add({ kind: 'fail-payment', errCode });
  expect(await world.pay()).toMatchObject({ kind: 'failed', errCode });
  const status = world.virtualpay.order(0, NUMBER)?.status;
  expect(status).toBe(errCode === -15012 ? 6 : 1);
});

test('success that is lost: the money is taken, and the page receives nothing', async () => {
  const world = createWorld();
  world.virtualpay.faults.add({ kind: 'lose-success' });
  expect(await world.pay()).toEqual({ kind: 'lost' });
  expect(world.virtualpay.order(0, NUMBER)?.payment).toBeDefined();
});

test('an order that was closed meanwhile cannot be paid', async () => {
  const world = createWorld();
  const shown = await world.open();
  if (shown.kind !== 'shown') throw new Error(shown.why);
  await world.clock.advance(2 * HOUR_MS);
  expect(world.virtualpay.cashDesk.pay(shown.id)).toMatchObject({ errCode: -15012 });
});
