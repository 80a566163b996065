import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { type SignType, sign } from '../../scripts/local/wechatpay/sign.ts';
import { spellTime } from '../../scripts/local/wechatpay/spelling.ts';
import { type Message, readXml, writeXml } from '../../scripts/local/wechatpay/xml.ts';
import { openShop, type Shop, type Shopper } from './shop.ts';

/** What a message needs to pass for a notice at first sight; the sign is the attacker's affair. */
const LOOKS = {
  ...{ return_code: 'SUCCESS', result_code: 'SUCCESS', appid: MERCHANT.appid, mch_id: MERCHANT.mch_id },
  ...{ nonce_str: 'n0nce', openid: 'oAttacker', total_fee: '4800', time_end: '20270115103000' },
  ...{ transaction_id: '4200009999202701150000000001' },
} as const;
const TIMES = 5;

async function post(shop: Shop, message: Message): Promise<number> {
  const init = { method: 'POST', headers: { 'content-type': 'text/xml' }, body: writeXml(message) };
  return (await fetch(`${shop.gateway.url}/payNotify`, init)).status;
}

/** What attacks must not cause: database calls, lines that wake somebody, alarms. */
function traces(shop: Shop) {
  const calls = shop.trace.since().filter(({ kind, to }) => kind === 'call' && to === 'database').length;
  const errors = shop.host.logs.filter(({ line }) => line.includes('"level":"ERROR"')).length;
  return { calls, errors, alarms: shop.cloud.documents('alarms').length };
}

const signed = (message: Message, sign_type: SignType = 'HMAC-SHA256'): Message => ({
  ...message,
  sign: sign(message, MERCHANT.api_key, sign_type),
});

describe('what our key, or WeChat’s, signed for another purpose is no notice', () => {
  let shop: Shop;
  let shopper: Shopper;
  let out_trade_no: string;
  let phone: Message;

  beforeAll(async () => {
    shop = await openShop();
    shopper = shop.newShopper();
    const { order, payment } = await shop.place(shopper);
    out_trade_no = order.out_trade_no;
    const { paySign, ...parameters } = payment;
    phone = { appId: MERCHANT.appid, ...parameters, sign: paySign };
  });
  afterAll(() => shop.close());

  /** An answer of WeChat Pay, as whoever sat between it and the merchant would have it. */
  async function answer(path: string, message: Message = {}): Promise<Message> {
    const { appid, mch_id } = MERCHANT;
    const common = { appid, mch_id, nonce_str: 'n0nce', sign_type: 'HMAC-SHA256', out_trade_no };
    const body = writeXml(signed({ ...common, ...message }));
    return readXml(
      await (await fetch(`${shop.wechatpayServer.url}${path}`, { method: 'POST', body })).text(),
    );
  }

  const empty = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '']));
  const order = () => {
    const time_start = spellTime(shop.clock.now());
    const total = { total_fee: '4800', time_start, trade_type: 'JSAPI', body: '城市 3 个月' };
    const to = { notify_url: `${shop.gateway.url}/payNotify`, spbill_create_ip: '10.1.2.3' };
    return { ...total, ...to, openid: shopper.openid, out_trade_no: 'another-order-1' };
  };

  test.each<[string, () => Message | Promise<Message>, number]>([
    ['a paySign as it is', () => phone, 400],
    [
      'a paySign among empty fields, which are not signed',
      () => ({ ...empty([...Object.keys(LOOKS), 'out_trade_no']), ...phone }),
      400,
    ],
    [
      'a paySign under return_code SUCCESS, all else empty',
      () => ({ ...empty([...Object.keys(LOOKS), 'out_trade_no']), return_code: 'SUCCESS', ...phone }),
      400,
    ],
    ['a paySign beside everything a notice has', () => ({ ...LOOKS, out_trade_no, ...phone }), 401],
    ['a request for an order', () => signed({ ...order(), appid: MERCHANT.appid, nonce_str: 'n' }), 400],
    ['an answer to unifiedorder', () => answer('/pay/unifiedorder', order()), 400],
    ['an answer to closeorder', () => answer('/pay/closeorder', { out_trade_no: 'another-order-1' }), 400],
    ['an answer to orderquery of an unpaid order', () => answer('/pay/orderquery'), 400],
    [
      'an answer to orderquery of no order',
      () => answer('/pay/orderquery', { out_trade_no: 'no-such-order' }),
      400,
    ],
    [
      'an answer to orderquery of a refunded order',
      async () => {
        const { order: refunded } = await shop.place(shopper);
        shop.wechatpay.force(MERCHANT.mch_id, refunded.out_trade_no, 'REFUND');
        return answer('/pay/orderquery', { out_trade_no: refunded.out_trade_no });
      },
      400,
    ],
  ])('%s', async (_, make, status) => {
    const message = await make();
    expect(message.sign).toMatch(/^[0-9A-F]{32,64}$/);
    const before = traces(shop);
    for (let time = 0; time < TIMES; time++) expect(await post(shop, message)).toBe(status);
    expect(traces(shop)).toEqual(before);
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'NOTPAY', under_review: false });
  });

  test.each(['MD5', 'HMAC-SHA256'] as const)(
    'yet the same text under a %s sign of its own is looked at',
    async (by) => {
      expect(await post(shop, signed({ ...LOOKS, out_trade_no: `of-nobody-${by.slice(0, 3)}` }, by))).toBe(
        403,
      );
    },
  );
});

test('two notices about one order that are refused for two reasons are two alarms, repeated or not', async () => {
  const shop = await openShop();
  try {
    const message = { ...LOOKS, out_trade_no: 'of-another-merchant' };
    for (const change of [{ mch_id: '1900000001' }, { time_end: 'yesterday' }, { mch_id: '1900000001' }]) {
      expect(await post(shop, signed({ ...message, ...change }))).toBe(403);
    }
    expect(shop.alarms('of-another-merchant')).toEqual(['NOTICE_REFUSED', 'NOTICE_REFUSED']);
  } finally {
    await shop.close();
  }
});

test('without its configuration payNotify tells a human once an instance, not once a message', async () => {
  const shop = await openShop({ WECHAT_PAY_API_KEY: '' });
  try {
    const message = { ...LOOKS, out_trade_no: 'forged-order', sign: 'F'.repeat(64) };
    for (let time = 0; time < TIMES; time++) expect(await post(shop, message)).toBe(500);
    expect(shop.alarms('CONFIGURATION_WRONG')).toEqual(['MERCHANT_MISCONFIGURED']);
    // One line for the failure, one for the alarm, and one document.
    expect(traces(shop)).toEqual({ calls: 1, errors: 2, alarms: 1 });
  } finally {
    await shop.close();
  }
});
