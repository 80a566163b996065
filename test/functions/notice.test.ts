import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readXml } from '../../cloudfunctions/_shared/wechatpay/xml.ts';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { sign } from '../../scripts/local/wechatpay/sign.ts';
import { spellTime } from '../../scripts/local/wechatpay/spelling.ts';
import { writeXml } from '../../scripts/local/wechatpay/xml.ts';
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

/** How many database calls payNotify has made so far. */
function databaseCalls(): number {
  return shop.trace.since().filter(({ kind, to }) => kind === 'call' && to === 'database').length;
}

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

  test('heard again, it is refused again, and the alarms do not multiply', async () => {
    const out_trade_no = await placed();
    for (let time = 0; time < 3; time++) await forge(out_trade_no, 'wrong amount');
    expect(shop.alarms(out_trade_no).filter((code) => code === 'AMOUNT_MISMATCH')).toHaveLength(1);
    expect(shop.alarms(out_trade_no)).toHaveLength(2); // The second tells that a payment waits on an order under review.
  });

  test('an order under review gives no more signatures, and the shopper is told not to pay again', async () => {
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    const { out_trade_no } = (await shop.place(shopper, request)).order;
    await forge(out_trade_no, 'wrong amount');
    expect(await shop.createOrder(shopper, request)).toMatchObject({ errcode: 'ORDER_HELD', out_trade_no });
  });

  test('wrong merchant: refused, and a human is told', async () => {
    const out_trade_no = await placed();
    expect(await forge(out_trade_no, 'wrong merchant')).toMatchObject({ outcome: 'FAIL' });
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'NOTPAY', under_review: false });
    expect(shop.alarms(out_trade_no)).toEqual(['NOTICE_REFUSED']);
  });

  test('an order that we do not have: FAIL, and a human is told', async () => {
    expect(await forge(await placed(), 'wrong order')).toMatchObject({ outcome: 'FAIL' });
    expect(shop.alarms('no-such-order')).toEqual(['ORDER_UNKNOWN']);
  });

  test('MD5 on an HMAC-SHA256 order: refused, and a human is told', async () => {
    const out_trade_no = await placed();
    expect(await forge(out_trade_no, 'other algorithm')).toMatchObject({ outcome: 'FAIL' });
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'NOTPAY', under_review: false });
    expect(shop.alarms(out_trade_no)).toEqual(['SIGN_TYPE_MISMATCH']);
  });
});

describe('a notice that WeChat did not sign', () => {
  test.each(['wrong sign', 'no sign', 'changed amount'] as const)(
    '%s: FAIL, without a database call',
    async (forgery) => {
      const out_trade_no = await placed();
      const calls = databaseCalls();
      expect(await forge(out_trade_no, forgery)).toMatchObject({ outcome: 'FAIL' });
      expect(databaseCalls()).toBe(calls);
      expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'NOTPAY', under_review: false });
    },
  );
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

describe('whatever is sent to payNotify is answered with well-formed XML', () => {
  const XML = { 'content-type': 'text/xml' };
  test.each<[string, RequestInit, number]>([
    ['nothing', { method: 'POST', headers: XML }, 400],
    ['text', { method: 'POST', headers: XML, body: 'paid!' }, 400],
    ['JSON', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"paid":true}' }, 400],
    ['bytes that are no text', { method: 'POST', body: new Uint8Array([0xff, 0xfe, 0x00, 0x80]) }, 400],
    [
      'an entity bomb',
      { method: 'POST', headers: XML, body: '<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>' },
      400,
    ],
    ['33 kB', { method: 'POST', headers: XML, body: `<xml><a>${'a'.repeat(33 * 1024)}</a></xml>` }, 400],
    [
      'return_code FAIL',
      { method: 'POST', headers: XML, body: '<xml><return_code>FAIL</return_code></xml>' },
      400,
    ],
    [
      'an unsigned success',
      { method: 'POST', headers: XML, body: '<xml><result_code>SUCCESS</result_code></xml>' },
      400,
    ],
    ['GET', { method: 'GET' }, 405],
    ['PUT', { method: 'PUT', headers: XML, body: '<xml/>' }, 405],
    ['DELETE', { method: 'DELETE' }, 405],
  ])('%s', async (_, init, status) => {
    const response = await fetch(`${shop.gateway.url}/payNotify/and/further?x=1`, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^text\/xml/);
    const reply = readXml(await response.text());
    expect(reply.return_code).toBe('FAIL');
    expect(reply.return_msg).not.toContain(MERCHANT.api_key);
  });

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
