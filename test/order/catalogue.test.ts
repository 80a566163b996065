import { expect, test } from 'vitest';
import { channels } from '../../cloudfunctions/_shared/channels/channels.ts';
import { readProduct as readProductFor } from '../../cloudfunctions/_shared/order/catalogue.ts';
import PRODUCTS from '../../scripts/products.json' with { type: 'json' };

/** As the functions read it, with the channels that they have. */
const readProduct = (document: unknown) => readProductFor(document, channels);

const PRODUCT = {
  _id: 'city',
  name: '城市版',
  description: '一座城市的全部内容',
  options: [{ months: 1, total_fee: 1800 }],
  on_sale: true,
};

/** The longest id and the longest name that virtual payment takes. */
const VIRTUAL = {
  channel: 'virtualpay',
  _id: 'memberships',
  name: '会'.repeat(15),
  options: [{ months: 1, total_fee: 10000 }],
};

test('a product may leave out whether it is virtual, and then it is not', () => {
  expect(readProduct(PRODUCT)).toEqual({ product: { ...PRODUCT, virtual: false } });
});

test.each([
  ['a price in yuan', { options: [{ months: 1, total_fee: 18.5 }] }, 'options.0.total_fee'],
  ['a price as text', { options: [{ months: 1, total_fee: '1800' }] }, 'options.0.total_fee'],
  ['a price of nothing', { options: [{ months: 1, total_fee: 0 }] }, 'options.0.total_fee'],
  ['a negative price', { options: [{ months: 1, total_fee: -1 }] }, 'options.0.total_fee'],
  ['half a month', { options: [{ months: 0.5, total_fee: 900 }] }, 'options.0.months'],
  ['an id with a dot', { _id: 'city.plus' }, '_id'],
  ['no name', { name: '' }, 'name'],
  ['a name of two lines', { name: '会员\r\n卡' }, 'name'],
  ['a tab in its name', { name: '会员\t卡' }, 'name'],
  ['a line separator in its name', { name: '会员\u2028卡' }, 'name'],
  ['half a character in its name', { name: '会员\ud83d卡' }, 'name'],
  ['no character in its name', { name: '会员\uffff卡' }, 'name'],
  ['a name over 127 bytes', { name: '会'.repeat(43) }, 'name'],
  ['a price over 100,000 yuan', { options: [{ months: 1, total_fee: 10_000_001 }] }, 'options.0.total_fee'],
  [
    'two prices for the same months',
    { options: [1800, 1700].map((total_fee) => ({ months: 1, total_fee })) },
    'options',
  ],
  ['on_sale as text', { on_sale: 'yes' }, 'on_sale'],
  ['a price under Apple’s least', { ...VIRTUAL, options: [{ months: 1, total_fee: 99 }] }, 'options'],
  ['an item id of 21 characters', { ...VIRTUAL, _id: 'membershipsx' }, '_id'],
  ['an item name of 21 characters', { ...VIRTUAL, name: '会'.repeat(16) }, 'name'],
  ['a channel that does not exist', { channel: 'cash' }, 'channel'],
  ['options that are not a list', { options: {} }, 'options'],
])('a product with %s is not sold, and its field is named', (_, change, field) => {
  expect(readProduct({ ...PRODUCT, ...change })).toEqual({ problem: expect.stringMatching(`^${field}: `) });
});

test('a product of the longest name is sold for the most months, also in emoji', () => {
  const options = [{ months: 120, total_fee: 10_000_000 }];
  for (const name of ['会'.repeat(32), '😀'.repeat(16)]) {
    expect(readProduct({ ...PRODUCT, name, options })).toHaveProperty('product');
  }
});

test('a product of WeChat Pay may say so', () => {
  const channel = 'wechatpay';
  expect(readProduct({ ...PRODUCT, channel })).toEqual({ product: { ...PRODUCT, channel, virtual: false } });
});

test('a product of virtual payment is sold at its limits', () => {
  const options = [{ months: 1, total_fee: 100 }];
  const read = readProduct({ ...PRODUCT, ...VIRTUAL, _id: 'membershipcar', options });
  expect(read).toHaveProperty('product');
});

test('the items that the deployment published are read, and one that cannot be read is none', () => {
  const item = { item_id: 'city_1m_1800', months: 1, price: 1800, env: 0 };
  const items = [
    { ...item, effective_at: '2026-11-27T10:45:00.000Z' },
    { ...item, effective_at: new Date(0) },
    { ...item, effective_at: 'soon' },
    { ...item, price: '1800', effective_at: new Date(0) },
    null,
  ];
  const read = readProduct({ ...PRODUCT, items });
  expect('product' in read && read.product.items).toEqual([
    { ...item, effective_at: new Date('2026-11-27T10:45:00.000Z') },
    { ...item, effective_at: new Date(0) },
  ]);
  const broken = readProduct({ ...PRODUCT, items: 'city_1m_1800' });
  expect('product' in broken && broken.product.items).toEqual([]);
});

test('every product that the shop starts with is sold', () => {
  expect(PRODUCTS.length).toBeGreaterThan(0);
  expect(PRODUCTS.map((document) => readProduct(document)).filter((read) => 'problem' in read)).toEqual([]);
});

test.each([null, undefined, 'city', []])('%o is not a product', (document) => {
  expect(readProduct(document)).toHaveProperty('problem');
});
