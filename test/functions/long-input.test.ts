import { afterAll, beforeAll, expect, test } from 'vitest';
import { storedOrder } from '../../cloudfunctions/_shared/cloud/database/stores/stored-order.ts';
import { openShop, type Shop } from './shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** Near the 1 MB that the platform takes as an event. */
const LONG = 'a'.repeat(900_000);
/** HTTP access lets 100 kB of text through. */
const LONG_TEXT = 'a'.repeat(45_000);
const ANSWER_CHARACTERS_MAX = 1200;
const LINE_CHARACTERS_MAX = 4000;

const longestLine = () => Math.max(0, ...shop.host.logs.map(({ line }) => line.length));

test.each<[string, object, RegExp]>([
  ['createOrder', { request_id: LONG }, /request_id: /],
  ['createOrder', { product_id: LONG }, /product_id: /],
  ['createOrder', { months: LONG }, /months: /],
  ['createOrder', { expected_total_fee: LONG }, /expected_total_fee: /],
  ['createOrder', { months: LONG, expected_total_fee: LONG }, /months: .*expected_total_fee: /],
  ['createOrder', { request_id: { [LONG]: LONG } }, /request_id: /],
  ['createOrder', { request_id: [LONG] }, /request_id: /],
  ['checkOrder', { out_trade_no: LONG }, /out_trade_no: /],
  ['cancelOrder', { out_trade_no: LONG }, /out_trade_no: /],
])(
  '%s names what is wrong with a parameter of 900 kB, and does not send it back',
  async (name, change, reported) => {
    const event = { ...shop.newRequest(), ...change };
    const answer = await shop.host.callFunction(name, event, shop.newShopper());
    expect(answer).toMatchObject({ errcode: 'INVALID_PARAMETERS', errmsg: expect.stringMatching(reported) });
    expect(JSON.stringify(answer).length).toBeLessThan(ANSWER_CHARACTERS_MAX);
  },
);

test.each([
  ['in one field', `<xml><out_trade_no>${LONG_TEXT}</out_trade_no></xml>`],
  ['in a field’s name', `<xml><${LONG_TEXT}>1</${LONG_TEXT}></xml>`],
  ['that is no XML', LONG_TEXT],
])('a notice of 45 kB or more %s is refused in few words', async (_, body) => {
  const response = await fetch(`${shop.gateway.url}/payNotify`, { method: 'POST', body });
  expect(response.status).toBe(400);
  expect((await response.text()).length).toBeLessThan(ANSWER_CHARACTERS_MAX);
});

test('a document of 900 kB in the way is reported in few words, in the log and in the alarm', async () => {
  const options = [{ months: LONG, total_fee: LONG }];
  await shop.cloud.insert('products', { _id: 'huge', name: LONG, description: LONG, on_sale: LONG, options });
  await shop.createOrder(shop.newShopper(), shop.newRequest({ product_id: 'huge' }));
  expect(shop.alarms('huge')).toEqual(['PRODUCT_UNREADABLE']);
  const { order } = await shop.place(shop.newShopper());
  const edited = {
    ...storedOrder(shop.stored(order.out_trade_no)),
    _id: 'huge-order',
    body: { [LONG]: LONG },
  };
  await shop.cloud.insert('orders', { ...edited, next_query_at: new Date(0) });
  await shop.sweep();
  expect(shop.alarms('huge-order')).toEqual(['ORDER_UNREADABLE']);
  for (const alarm of shop.cloud.documents('alarms')) {
    expect(JSON.stringify(alarm).length).toBeLessThan(ANSWER_CHARACTERS_MAX);
  }
});

test('and no line of any log was long', () => {
  expect(shop.host.logs.length).toBeGreaterThan(0);
  expect(longestLine()).toBeLessThan(LINE_CHARACTERS_MAX);
});
