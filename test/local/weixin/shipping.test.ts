import { describe, expect, test } from 'vitest';
import { WorldClock } from '../../../scripts/local/clock.ts';
import { Trace } from '../../../scripts/local/trace.ts';
import { KNOWN_AFTER_MS, type ShippablePayment } from '../../../scripts/local/weixin/shipping.ts';
import { createWeixin } from '../../../scripts/local/weixin/weixin.ts';

const BIRTH = Date.UTC(2027, 0, 15, 4);
const APP = { appid: 'wxd930ea5d5a258f4f', secret: 'secretsecretsecretsecretsecret00' };
const BODY = {
  order_key: { order_number_type: 1, mchid: '1230000109', out_trade_no: 'paid' },
  logistics_type: 3,
  delivery_mode: 1,
  shipping_list: [{ item_desc: '城市版 3 个月' }],
  upload_time: '2027-01-15T12:00:00.000+08:00',
  payer: { openid: 'oPayer' },
};

function openWorld({ isManaged = true, payment = {} as Partial<ShippablePayment> } = {}) {
  const clock = new WorldClock({ source: () => BIRTH });
  const trace = new Trace(() => clock.now());
  const paid: ShippablePayment = {
    openid: 'oPayer',
    paid_at: new Date(BIRTH),
    isRefunded: false,
    ...payment,
  };
  const weixin = createWeixin({
    ...{ clock, trace, app: APP, random: Math.random },
    paymentOf: (mch_id, number) => (mch_id === '1230000109' && number === 'paid' ? paid : undefined),
  });
  weixin.shipping.isManaged = isManaged;
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const { body: answer } = await weixin.handle({
      method: 'POST',
      url: path,
      body: Buffer.from(JSON.stringify(body)),
    });
    return JSON.parse(answer);
  };
  const token = async () => {
    const grant = { grant_type: 'client_credential', ...APP };
    return String((await post('/cgi-bin/stable_token', grant)).access_token);
  };
  const ask = async (name: string, body: object) =>
    post(`/wxa/sec/order/${name}?access_token=${await token()}`, body);
  const upload = (change: object = {}) => ask('upload_shipping_info', { ...BODY, ...change });
  return { clock, trace, weixin, post, ask, upload };
}

describe('upload_shipping_info', () => {
  test('takes a payment that is a minute old, tells the shopper, and shows it', async () => {
    const { clock, trace, weixin, upload } = openWorld();
    await clock.advance(KNOWN_AFTER_MS);
    expect(await upload()).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(weixin.shipping.shipped()).toMatchObject([
      { out_trade_no: 'paid', item_desc: '城市版 3 个月', times: 1, at: new Date(BIRTH + KNOWN_AFTER_MS) },
    ]);
    const told = trace.since().find(({ to }) => to === 'mini-program');
    expect(told).toMatchObject({ label: '服务通知', payload: { title: '商家已发货', out_trade_no: 'paid' } });
  });

  test('the same again is nothing new, whenever it was sent; another once is a correction', async () => {
    const { clock, weixin, upload } = openWorld();
    await clock.advance(KNOWN_AFTER_MS);
    await upload();
    expect(await upload({ upload_time: '2027-01-16T12:00:00+08:00' })).toMatchObject({ errcode: 10060023 });
    const other = (n: number) => ({ shipping_list: [{ item_desc: `别的 ${n}` }] });
    expect(await upload(other(1))).toMatchObject({ errcode: 0 });
    expect(await upload(other(2))).toMatchObject({ errcode: 10060003 });
    expect(weixin.shipping.shipped()).toMatchObject([{ item_desc: '别的 1', times: 2 }]);
  });

  test.each([
    ['a token that nobody was given', {}, 40001],
    ['no list', { shipping_list: { item_desc: 'x' } }, 47001],
    ['another way to name an order', { order_key: { order_number_type: '1' } }, 268485194],
    ['no merchant', { order_key: { order_number_type: 1, out_trade_no: 'paid' } }, 268485196],
    ['no number', { order_key: { order_number_type: 1, mchid: '1230000109' } }, 268485197],
    ['a kind of shipping as text', { logistics_type: '3' }, 10060005],
    ['a kind of shipping that is none', { logistics_type: 5 }, 10060005],
    ['a mode that is none', { delivery_mode: 'UNIFIED_DELIVERY' }, 268485224],
    ['parts of what goes by no express', { delivery_mode: 2 }, 10060006],
    ['two entries at once', { shipping_list: [{ item_desc: 'a' }, { item_desc: 'b' }] }, 268485228],
    ['no description', { shipping_list: [{}] }, 10060008],
    ['a long description', { shipping_list: [{ item_desc: 'x'.repeat(121) }] }, 10060009],
    ['express without a number', { logistics_type: 1 }, 268485226],
    ['a time of no format', { upload_time: '2027-01-15 12:00:00' }, 268485216],
    ['no payer', { payer: {} }, 10060014],
    ['an order that nobody paid', { order_key: { ...BODY.order_key, out_trade_no: 'unpaid' } }, 10060001],
    ['another merchant', { order_key: { ...BODY.order_key, mchid: '1900000001' } }, 10060001],
    ['another payer', { payer: { openid: 'oSomebodyElse' } }, 10060031],
  ])('%s is refused with %s', async (what, change, errcode) => {
    const { clock, post, upload } = openWorld();
    await clock.advance(KNOWN_AFTER_MS);
    const answer = what.startsWith('a token')
      ? await post('/wxa/sec/order/upload_shipping_info?access_token=invented', BODY)
      : await upload(change);
    expect(answer).toMatchObject({ errcode });
  });

  test.each([
    ['is younger than a minute', {}, 0, 10060001],
    ['was given back', { payment: { isRefunded: true } }, KNOWN_AFTER_MS, 10060004],
    ['is of a shop that takes no part', { isManaged: false }, KNOWN_AFTER_MS, 10060001],
  ])('a payment that %s is refused', async (_, world, ms, errcode) => {
    const { clock, weixin, upload } = openWorld(world);
    await clock.advance(ms);
    expect(await upload()).toMatchObject({ errcode });
    expect(weixin.shipping.shipped()).toEqual([]);
  });
});

test('is_trade_managed says whether WeChat keeps the money, of the own mini-program', async () => {
  const { ask, weixin } = openWorld();
  expect(await ask('is_trade_managed', { appid: APP.appid })).toMatchObject({
    errcode: 0,
    is_trade_managed: true,
  });
  weixin.shipping.isManaged = false;
  expect(await ask('is_trade_managed', { appid: APP.appid })).toMatchObject({ is_trade_managed: false });
  expect(await ask('is_trade_managed', { appid: 'wx10ca110ca110ca11' })).toMatchObject({ errcode: 40013 });
});
