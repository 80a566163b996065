import { describe, expect, test } from 'vitest';
import { createAccessTokens } from '../../cloudfunctions/_shared/weixin/access-token.ts';
import { createManagedApps } from '../../cloudfunctions/_shared/weixin/managed-apps.ts';
import { isTradeManaged, uploadShippingInfo } from '../../cloudfunctions/_shared/weixin/shipping.ts';
import type { Request, Transport } from '../../cloudfunctions/_shared/weixin/transport.ts';

const APP = { appid: 'wx10ca110ca110ca11', secret: 'the-secret-of-the-mini-program' };
const NOW = new Date(Date.UTC(2027, 0, 15, 2, 30, 5, 120));
const SHIPPING = {
  mch_id: '1230000109',
  out_trade_no: '0123456789abcdef0123456789abcdef',
  openid: 'oShopper',
  item_desc: '城市版 3 个月',
  upload_time: NOW,
};

/** Everything it takes to ask; tokens are given out one after the other, and each answer once, the last one for ever. */
function asking(...answers: object[]) {
  const requests: Request[] = [];
  let tokens = 0;
  const transport: Transport = async (request) => {
    if (request.path === '/cgi-bin/stable_token')
      return json({ access_token: `token-${++tokens}`, expires_in: 7200 });
    requests.push(request);
    return json(answers[Math.min(requests.length, answers.length) - 1] ?? {});
  };
  let now = NOW;
  const needs = { transport, tokens: createAccessTokens(), clock: { now: () => now }, answerBy: NOW };
  const pass = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };
  return { needs, requests, pass };
}

const json = (answer: object) => Buffer.from(JSON.stringify(answer));
const OK = { errcode: 0, errmsg: 'ok' };
const no = (errcode: number, errmsg = '不行 rid: 1-2-3') => ({ errcode, errmsg });

describe('upload_shipping_info', () => {
  test('is asked with what the documents ask for, as goods without logistics', async () => {
    const { needs, requests } = asking(OK);
    await uploadShippingInfo(needs, APP, SHIPPING);
    expect(requests.map(({ path }) => path)).toEqual([
      '/wxa/sec/order/upload_shipping_info?access_token=token-1',
    ]);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      order_key: { order_number_type: 1, mchid: SHIPPING.mch_id, out_trade_no: SHIPPING.out_trade_no },
      logistics_type: 3,
      delivery_mode: 1,
      shipping_list: [{ item_desc: '城市版 3 个月' }],
      upload_time: '2027-01-15T10:30:05.120+08:00',
      payer: { openid: 'oShopper' },
    });
  });

  test('describes what was bought in 120 characters at most', async () => {
    const { needs, requests } = asking(OK);
    await uploadShippingInfo(needs, APP, { ...SHIPPING, item_desc: 'x'.repeat(127) });
    const { shipping_list } = JSON.parse(requests[0]?.body ?? '');
    expect(shipping_list[0].item_desc).toHaveLength(120);
  });

  test.each([40001, 40014, 42001])('%i: the token is fetched anew, once', async (errcode) => {
    const once = asking(no(errcode), OK);
    await uploadShippingInfo(once.needs, APP, SHIPPING);
    expect(once.requests.map(({ path }) => path.slice(-7))).toEqual(['token-1', 'token-2']);
    const always = asking(no(errcode));
    await expect(uploadShippingInfo(always.needs, APP, SHIPPING)).rejects.toMatchObject({
      code: 'TOKEN_REFUSED',
    });
    expect(always.requests).toHaveLength(2);
  });

  test.each([10060002, 10060003, 10060023, 268440065])(
    '%i says that it is shipped: done',
    async (errcode) => {
      await expect(uploadShippingInfo(asking(no(errcode)).needs, APP, SHIPPING)).resolves.toBeUndefined();
    },
  );

  test.each([
    [-1, 'TRY_AGAIN'],
    [10060001, 'TRY_AGAIN'],
    [10060004, 'TRY_AGAIN'],
    [10060012, 'TRY_AGAIN'],
    [10060019, 'TRY_AGAIN'],
    [44990, 'TOO_OFTEN'],
    [45009, 'TOO_OFTEN'],
    [48001, 'NOT_PERMITTED'],
    [10060005, 'REFUSED'],
    [10060008, 'REFUSED'],
    [10060014, 'REFUSED'],
    [10060031, 'REFUSED'],
    [268485216, 'REFUSED'],
    [47001, 'REFUSED'],
  ])('%i is %s', async (errcode, code) => {
    const { needs } = asking(no(errcode, '支付单不存在, hint: [b14904df-e8ee-4a4c] rid: 650a4efa-79ed'));
    await expect(uploadShippingInfo(needs, APP, SHIPPING)).rejects.toMatchObject({
      ...{ code, errcode, rid: '650a4efa-79ed' },
      message: `WeChat refused: ${errcode}, 支付单不存在.`,
    });
  });
});

describe('is_trade_managed', () => {
  test('is asked about the own mini-program', async () => {
    const { needs, requests } = asking({ ...OK, is_trade_managed: true }, { ...OK, is_trade_managed: false });
    expect(await isTradeManaged(needs, APP)).toBe(true);
    expect(await isTradeManaged(needs, APP)).toBe(false);
    expect(requests[0]).toMatchObject({
      path: '/wxa/sec/order/is_trade_managed?access_token=token-1',
      body: '{"appid":"wx10ca110ca110ca11"}',
    });
  });

  test.each([
    [OK, 'ANSWER_REFUSED'],
    [{ ...OK, is_trade_managed: 'true' }, 'ANSWER_REFUSED'],
    [no(40013, 'invalid appid'), 'REFUSED'],
  ])('%o is none', async (answer, code) => {
    await expect(isTradeManaged(asking(answer).needs, APP)).rejects.toMatchObject({ code });
  });

  test('a yes is remembered for an hour', async () => {
    const managed = createManagedApps();
    const { needs, requests, pass } = asking(
      { ...OK, is_trade_managed: true },
      { ...OK, is_trade_managed: false },
    );
    const all = await Promise.all([1, 2, 3].map(() => managed.has(needs, APP)));
    expect(all).toEqual([true, true, true]);
    pass(3_599_999);
    expect(await managed.has(needs, APP)).toBe(true);
    expect(requests).toHaveLength(1);
    pass(1);
    expect(await managed.has(needs, APP)).toBe(false);
  });

  test('a no only for a minute, and a failure not at all', async () => {
    const managed = createManagedApps();
    const { needs, pass } = asking(
      no(-1),
      { ...OK, is_trade_managed: false },
      { ...OK, is_trade_managed: true },
    );
    await expect(managed.has(needs, APP)).rejects.toMatchObject({ code: 'TRY_AGAIN' });
    expect(await managed.has(needs, APP)).toBe(false);
    pass(59_999);
    expect(await managed.has(needs, APP)).toBe(false);
    pass(1);
    expect(await managed.has(needs, APP)).toBe(true);
  });

  test('each mini-program is asked about by itself', async () => {
    const managed = createManagedApps();
    const { needs } = asking({ ...OK, is_trade_managed: true }, { ...OK, is_trade_managed: false });
    expect(await managed.has(needs, APP)).toBe(true);
    expect(await managed.has(needs, { ...APP, appid: 'wx2421b1c4370ec43b' })).toBe(false);
  });
});
