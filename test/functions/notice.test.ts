import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readXml } from '../../cloudfunctions/_shared/wechatpay/xml.ts';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { type SignType, sign } from '../../scripts/local/wechatpay/sign.ts';
import { spellTime } from '../../scripts/local/wechatpay/spelling.ts';
import { type Message, writeXml } from '../../scripts/local/wechatpay/xml.ts';
import { openShop, type Shop } from './shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({ WECHAT_PAY_API_KEY_PREVIOUS: 'thepreviouskeyofthelocalmerchant' });
});
afterAll(() => shop.close());

/** Places an order of a new shopper and answers its number. */
async function placed(): Promise<string> {
  return (await shop.place(shop.newShopper())).order.out_trade_no;
}

function forge(out_trade_no: string, forgery: Parameters<Shop['wechatpay']['forgeNotice']>[2]) {
  return shop.wechatpay.forgeNotice(MERCHANT.mch_id, out_trade_no, forgery);
}

// What anybody can send is in the attack table: test/security/.
describe('a notice that nobody but WeChat could have signed, about money that is not the order’s', () => {
  test.each([
    ['wrong amount', 'AMOUNT_MISMATCH'],
    ['wrong payer', 'PAYER_MISMATCH'],
    ['wrong app', 'APPID_MISMATCH'],
  ] as const)('%s: the order is under review and never asked about again', async (forgery, code) => {
    const out_trade_no = await placed();
    expect(await forge(out_trade_no, forgery)).toMatchObject({ outcome: 'FAIL' });
    expect(shop.stored(out_trade_no)).toMatchObject({
      trade_state: 'NOTPAY',
      under_review: true,
      next_query_at: null,
    });
    expect(shop.alarms(out_trade_no)).toEqual([code]);
    const asked = shop.asked('/pay/orderquery', out_trade_no);
    await shop.clock.advance(2 * 60_000);
    expect(shop.asked('/pay/orderquery', out_trade_no)).toBe(asked);
  });

  test('closed before, and released by hand: WeChat is asked, and what it says is settled, or it rests', async () => {
    const [paid, unpaid] = [await placed(), await placed()];
    await shop.clock.advance(40 * 60_000);
    for (const each of [paid, unpaid]) {
      expect(shop.stored(each)).toMatchObject({ trade_state: 'CLOSED', next_query_at: null });
      await forge(each, 'wrong amount');
      expect(shop.stored(each)).toMatchObject({ trade_state: 'CLOSED', under_review: true });
      // As the runbook says.
      await shop.edit('orders', each, { held: false, next_query_at: shop.clock.now() });
    }
    shop.wechatpay.force(MERCHANT.mch_id, paid, 'SUCCESS');
    await shop.clock.advance(2 * 60_000);
    expect(shop.stored(paid)).toMatchObject({ trade_state: 'SUCCESS', under_review: false });
    expect(shop.stored(unpaid)).toMatchObject({ trade_state: 'CLOSED', next_query_at: null });
  });

  test('received again, it is refused again, and the alarms do not multiply', async () => {
    const out_trade_no = await placed();
    for (let time = 0; time < 3; time++) await forge(out_trade_no, 'wrong amount');
    expect(shop.alarms(out_trade_no).filter((code) => code === 'AMOUNT_MISMATCH')).toHaveLength(1);
    expect(shop.alarms(out_trade_no)).toHaveLength(2); // The second says that a payment waits on an order under review.
  });

  test('an order under review gives no more signatures, and the shopper learns not to pay again', async () => {
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    const { out_trade_no } = (await shop.place(shopper, request)).order;
    await forge(out_trade_no, 'wrong amount');
    expect(await shop.createOrder(shopper, request)).toMatchObject({ errcode: 'ORDER_HELD', out_trade_no });
  });

  test('wrong merchant: refused, and a human is alerted', async () => {
    const out_trade_no = await placed();
    expect(await forge(out_trade_no, 'wrong merchant')).toMatchObject({ outcome: 'FAIL' });
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'NOTPAY', under_review: false });
    expect(shop.alarms(out_trade_no)).toEqual(['NOTICE_REFUSED']);
  });

  test('an order that we do not have: FAIL, and a human is alerted', async () => {
    expect(await forge(await placed(), 'wrong order')).toMatchObject({ outcome: 'FAIL' });
    expect(shop.alarms('no-such-order')).toEqual(['ORDER_UNKNOWN']);
  });

  test('MD5 on an HMAC-SHA256 order: refused, and a human is alerted', async () => {
    const out_trade_no = await placed();
    expect(await forge(out_trade_no, 'other algorithm')).toMatchObject({ outcome: 'FAIL' });
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'NOTPAY', under_review: false });
    expect(shop.alarms(out_trade_no)).toEqual(['SIGN_TYPE_MISMATCH']);
  });
});

test('while the key is rotated, a notice under the previous key still settles', async () => {
  const shopper = shop.newShopper();
  const answer = await shop.place(shopper);
  const merchant = shop.wechatpay.merchant(MERCHANT.mch_id);
  merchant.rotate('thepreviouskeyofthelocalmerchant');
  shop.wechatpay.force(MERCHANT.mch_id, answer.order.out_trade_no, 'SUCCESS');
  const [attempt] = await shop.wechatpay.resendNotice(MERCHANT.mch_id, answer.order.out_trade_no);
  merchant.rotate(MERCHANT.api_key);
  expect(attempt).toMatchObject({ outcome: 'SUCCESS' });
  expect(shop.membership(shopper)).toBeDefined();
});

/** What a message needs to pass for a notice at first sight. */
const LOOKS = {
  ...{ return_code: 'SUCCESS', result_code: 'SUCCESS', appid: MERCHANT.appid, mch_id: MERCHANT.mch_id },
  ...{ nonce_str: 'n0nce', openid: 'oAttacker', total_fee: '4800', time_end: '20270115103000' },
  ...{ transaction_id: '4200009999202701150000000001' },
} as const;

async function post(to: Shop, fields: Message, by: SignType = 'HMAC-SHA256'): Promise<number> {
  const body = writeXml({ sign: sign(fields, MERCHANT.api_key, by), ...fields });
  return (await fetch(`${to.gateway.url}/payNotify`, { method: 'POST', body })).status;
}

test.each(['MD5', 'HMAC-SHA256'] as const)(
  'a message that one of our keys signed with %s is looked at, whatever it says of its sign',
  async (by) => {
    expect(await post(shop, { ...LOOKS, out_trade_no: `of-nobody-${by.slice(0, 3)}` }, by)).toBe(403);
  },
);

describe('a true notice settles, whatever XML allows around it', () => {
  const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
  test.each([
    ['a byte order mark and a declaration', (xml: string) => `\uFEFF${DECLARATION}\n${xml}`],
    ['white space and a declaration', (xml: string) => `\n ${DECLARATION}${xml}\n`],
    ['a comment before and after', (xml: string) => `${DECLARATION}<!-- sent --><!---->${xml}<!-- end -->`],
  ])('%s', async (_, spell) => {
    const shopper = shop.newShopper();
    const answer = await shop.place(shopper);
    shop.paySilently(shopper, answer);
    const { out_trade_no } = answer.order;
    const fields = {
      ...{ appid: MERCHANT.appid, mch_id: MERCHANT.mch_id, nonce_str: 'n0nce', out_trade_no },
      ...{ return_code: 'SUCCESS', result_code: 'SUCCESS', openid: shopper.openid, total_fee: '4800' },
      ...{ transaction_id: '4200009999202701150000000001', time_end: spellTime(shop.clock.now()) },
    };
    const body = spell(writeXml({ ...fields, sign: sign(fields, MERCHANT.api_key, 'HMAC-SHA256') }));
    const response = await fetch(`${shop.gateway.url}/payNotify`, { method: 'POST', body });
    expect([response.status, shop.stored(out_trade_no).trade_state]).toEqual([200, 'SUCCESS']);
  });
});

describe('payNotify takes what HTTP access makes of a request', () => {
  test('a true notice in base64, as HTTP access passes on what it takes for binary', async () => {
    const shopper = shop.newShopper();
    const answer = await shop.place(shopper);
    shop.paySilently(shopper, answer);
    let body = '';
    const unsubscribe = shop.trace.subscribe(({ label, to, payload }) => {
      if (label === 'payNotify' && to === 'function') body = (payload as { body: string }).body;
    });
    shop.host.kill('payNotify');
    await shop.wechatpay.resendNotice(MERCHANT.mch_id, answer.order.out_trade_no);
    unsubscribe();
    const base64 = { httpMethod: 'POST', body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
    expect(await shop.host.callFromFunction('payNotify', base64)).toMatchObject({ statusCode: 200 });
  });

  test('an event that is no HTTP request', async () => {
    const answer = (await shop.host.callFromFunction('payNotify', { Type: 'Timer' })) as { body: string };
    expect(readXml(answer.body).return_code).toBe('FAIL');
  });
});

test('two notices about one order that are refused for two reasons are two alarms, repeated or not', async () => {
  const message = { ...LOOKS, out_trade_no: 'of-another-merchant' };
  for (const change of [{ mch_id: '1900000001' }, { time_end: 'yesterday' }, { mch_id: '1900000001' }]) {
    expect(await post(shop, { ...message, ...change })).toBe(403);
  }
  expect(shop.alarms('of-another-merchant')).toEqual(['NOTICE_REFUSED', 'NOTICE_REFUSED']);
});

test('without its configuration payNotify alerts a human once an instance, not once a message', async () => {
  const unset = await openShop({ WECHAT_PAY_API_KEY: '' });
  try {
    const message = { ...LOOKS, out_trade_no: 'forged-order', sign: 'F'.repeat(64) };
    for (let time = 0; time < 5; time++) expect(await post(unset, message)).toBe(500);
    expect(unset.alarms('CONFIGURATION_WRONG')).toEqual(['MERCHANT_MISCONFIGURED']);
    // One line for the failure, one for the alarm, and one document.
    const errors = unset.host.logs.filter(({ line }) => line.includes('"level":"ERROR"'));
    const calls = unset.trace.since().filter(({ kind, to }) => kind === 'call' && to === 'database');
    expect([calls.length, errors.length, unset.cloud.documents('alarms').length]).toEqual([1, 2, 1]);
  } finally {
    await unset.close();
  }
});
