import { describe, expect, test } from 'vitest';
import { notifyProvideGoods } from '../../cloudfunctions/_shared/virtualpay/delivery.ts';
import {
  itemIdOf,
  queryPublish,
  queryUpload,
  startPublish,
  startUpload,
} from '../../cloudfunctions/_shared/virtualpay/items.ts';
import { queryOrder } from '../../cloudfunctions/_shared/virtualpay/query-order.ts';
import { refundOrder } from '../../cloudfunctions/_shared/virtualpay/refund-order.ts';
import { askerOn, type Posted } from './asker.ts';
import { answerNamed, bodyNamed } from './vectors.ts';

const OPENID = 'oUrsfxxxxxxxxxx';
const NUMBER = 'M20261127abcdef0123456789';
const SANDBOX = { app_key: 'demo-sandbox-appkey-fedcba9876543210', env: 1 } as const;

const ask = (asker: Parameters<typeof queryOrder>[0]) =>
  queryOrder(asker, { openid: OPENID, order_id: NUMBER });

/** The request is the published one, and its pay_sig is over exactly the bytes that were sent. */
function expectPublished({ path, query, body }: Posted, id: string): void {
  const published = bodyNamed(id);
  expect({ path, body, pay_sig: query.get('pay_sig') }).toEqual({
    path: published.uri,
    body: published.body,
    pay_sig: published.expected,
  });
}

const OK = { errcode: 0, errmsg: 'OK' };
const refund = {
  openid: OPENID,
  order_id: NUMBER,
  refund_order_id: 'R20261127abcdef0123456789',
  left_fee: 990,
  refund_fee: 990,
  biz_meta: '{"reason":"admin"}',
  refund_reason: '3',
  req_from: '1',
} as const;
const item = {
  id: 'city_m1_v1',
  name: '城市会员1个月',
  price: 990,
  remark: '城市会员 30 天',
  item_url: 'https://example.com/city.png',
};

describe('every request is the published one', () => {
  test('query_order, live and in the sandbox', async () => {
    const live = askerOn([answerNamed('query-not-found')]);
    await ask(live.asker);
    expectPublished(live.posted[0] as Posted, 'query-order');
    const sandbox = askerOn([answerNamed('query-not-found')], SANDBOX);
    await ask(sandbox.asker);
    expectPublished(sandbox.posted[0] as Posted, 'query-order-sandbox');
  });

  test('query_order of a refund', async () => {
    const { asker, posted } = askerOn([answerNamed('query-not-found')]);
    await queryOrder(asker, { openid: OPENID, order_id: refund.refund_order_id });
    expectPublished(posted[0] as Posted, 'query-refund-order');
  });

  test.each([
    ['refund-full', refund],
    [
      'refund-partial',
      {
        ...refund,
        refund_order_id: 'R20261127abcdef0123456790',
        refund_fee: 300,
        biz_meta: '退款',
        refund_reason: '5',
        req_from: '2',
      },
    ],
  ] as const)('refund_order: %s', async (id, given) => {
    const { asker, posted } = askerOn([{ ...OK, refund_order_id: given.refund_order_id }]);
    expect(await refundOrder(asker, given)).toEqual({});
    expectPublished(posted[0] as Posted, id);
  });

  test('notify_provide_goods, whose answer may be empty', async () => {
    for (const answer of [OK, '', '  ']) {
      const { asker, posted } = askerOn([answer]);
      await notifyProvideGoods(asker, NUMBER);
      expectPublished(posted[0] as Posted, 'notify-provide-goods');
    }
  });

  test('the four of items', async () => {
    const status = { ...OK, status: 1 };
    const uploading = askerOn([OK, status], SANDBOX);
    await startUpload(uploading.asker, item);
    await queryUpload(uploading.asker);
    expectPublished(uploading.posted[0] as Posted, 'start-upload-goods');
    expectPublished(uploading.posted[1] as Posted, 'query-upload-goods');
    const publishing = askerOn([OK, status]);
    await startPublish(publishing.asker, ['city_m1_v1']);
    await queryPublish(publishing.asker);
    expectPublished(publishing.posted[0] as Posted, 'start-publish-goods');
    expectPublished(publishing.posted[1] as Posted, 'query-publish-goods');
  });
});

describe('query_order', () => {
  const paid = answerNamed('query-paid-delivered');
  const published = { openid: OPENID, order_id: 'OTN1776852737000' };
  const order = (change: object) => ({ ...OK, order: { ...(paid.order as object), ...change } });

  test('reads the published answer of a paid order', async () => {
    expect(await queryOrder(askerOn([paid]).asker, published)).toEqual({
      kind: 'order',
      order_id: 'OTN1776852737000',
      order_type: 'payment',
      status: 'delivered',
      status_code: 4,
      env: 0,
      order_fee: 1,
      paid_fee: 1,
      refund_fee: undefined,
      left_fee: 1,
      paid_time: new Date(1776852730_000),
      provide_time: new Date(1776852732_000),
      wx_order_id: 'VPO260422181202010000001',
      wxpay_order_id: '4500000138202604220000000001',
      channel_order_id: '202604221200000001',
    });
  });

  test.each(['query-not-found', 'query-null-order'])(
    'takes %s for an order that is not there',
    async (id) => {
      expect(await queryOrder(askerOn([answerNamed(id)]).asker, published)).toEqual({ kind: 'absent' });
    },
  );

  test.each([
    [
      'another field that is wrong',
      { errcode: 268490002, errmsg: 'openid is empty rid: 1' },
      'FIELD_REFUSED',
    ],
    ['another order', order({ order_id: 'other' }), 'ANSWER_REFUSED'],
    ['a fee that is no number', order({ order_fee: '990' }), 'ANSWER_REFUSED'],
    ['a fee below nothing', order({ order_fee: -1 }), 'ANSWER_REFUSED'],
    ['no status', order({ status: undefined }), 'ANSWER_REFUSED'],
    ['no order at all', OK, 'ANSWER_REFUSED'],
  ])('refuses %s', async (_, answer, code) => {
    await expect(queryOrder(askerOn([answer]).asker, published)).rejects.toMatchObject({ code });
  });

  test.each([
    [0, 'initialised'],
    [1, 'created'],
    [2, 'paid'],
    [3, 'delivering'],
    [4, 'delivered'],
    [5, 'refunded'],
    [6, 'closed'],
    [7, 'refund-failed'],
    [8, 'refunded-to-user'],
    [9, 'recovered'],
    [10, 'split-returned'],
    [11, 'unknown'],
  ])('status %i is %s', async (status, named) => {
    expect(await queryOrder(askerOn([order({ status })]).asker, published)).toMatchObject({
      status: named,
      status_code: status,
    });
  });

  test.each([
    [0, 'payment'],
    [1, 'refund'],
    [7, 'apple-payment'],
    [8, 'apple-refund'],
    [2, 'unknown'],
  ])('order_type %i is %s', async (order_type, named) => {
    expect(await queryOrder(askerOn([order({ order_type })]).asker, published)).toMatchObject({
      order_type: named,
    });
  });

  test.each([
    [1, 0],
    [2, 1],
    [0, undefined],
    [3, undefined],
  ])('env_type %i is env %s', async (env_type, env) => {
    expect(await queryOrder(askerOn([order({ env_type })]).asker, published)).toMatchObject({ env });
  });

  test('reads an answer whose fees are null or absent', async () => {
    const sparse = order({ left_fee: null, paid_fee: undefined, paid_time: 0, wxpay_order_id: '' });
    expect(await queryOrder(askerOn([sparse]).asker, published)).toMatchObject({
      left_fee: undefined,
      paid_fee: undefined,
      paid_time: undefined,
      wxpay_order_id: undefined,
    });
  });
});

describe('every code of the table has a meaning', () => {
  test.each([
    [-1, 'TRY_AGAIN'],
    [268490001, 'OPENID_REFUSED'],
    [268490002, 'FIELD_REFUSED'],
    [268490003, 'SIGN_REFUSED'],
    [268490004, 'REFUSED'],
    [268490005, 'REFUSED'],
    [268490006, 'REFUSED'],
    [268490007, 'CONTENT_REFUSED'],
    [268490008, 'REFUSED'],
    [268490009, 'SESSION_EXPIRED'],
    [268490010, 'REFUSED'],
    [268490011, 'TRY_AGAIN'],
    [268490012, 'TASK_RUNNING'],
    [268490013, 'REFUSED'],
    [268490014, 'REFUND_RUNNING'],
    [268490015, 'TOO_OFTEN'],
    [268490016, 'LEFT_FEE_CHANGED'],
    [268490017, 'REFUSED'],
    [268490018, 'REFUSED'],
    [268490021, 'REFUSED'],
    [268490024, 'REFUSED'],
    [40001, 'TOKEN_REFUSED'],
    [40014, 'TOKEN_REFUSED'],
    [41001, 'TOKEN_REFUSED'],
    [42001, 'TOKEN_REFUSED'],
    [43002, 'REFUSED'],
    [45009, 'TOO_OFTEN'],
    [47001, 'REFUSED'],
    [48001, 'NOT_OPENED'],
    [99999, 'REFUSED'],
  ])('%i is %s', async (errcode, code) => {
    const asked = ask(askerOn([{ errcode, errmsg: 'words rid: 1-2-3' }]).asker);
    await expect(asked).rejects.toMatchObject({
      code,
      errcode,
      message: `Virtual payment refused: ${errcode}, words.`,
    });
  });

  test.each(['', 'null', '[]', '<html></html>', '{"errcode":0', '{"errcode":"0"}'])(
    'what is not its JSON is unknown, never failed: %s',
    async (text) => {
      await expect(ask(askerOn([text]).asker)).rejects.toMatchObject({ code: 'TRY_AGAIN' });
    },
  );
});

describe('a token that is not accepted', () => {
  test.each([40001, 40014, 42001])('with %i is fetched again once', async (errcode) => {
    const { asker, posted, tokens } = askerOn([{ errcode, errmsg: '' }, answerNamed('query-not-found')]);
    expect(await ask(asker)).toEqual({ kind: 'absent' });
    expect(posted.map(({ query }) => query.get('access_token'))).toEqual(['token-1', 'token-2']);
    expect(tokens).toEqual([undefined, 'token-1']);
  });
});

test('no failure carries the token, the key or the signature', async () => {
  const { asker, posted } = askerOn([{ errcode: 268490003, errmsg: 'sign' }]);
  const error: unknown = await ask(asker).catch((failure: unknown) => failure);
  const told = `${error instanceof Error ? error.message + error.stack : ''}${JSON.stringify(error)}`;
  for (const secret of ['token-1', asker.app_key, posted[0]?.query.get('pay_sig') ?? 'none'])
    expect(told).not.toContain(secret);
});

describe('items', () => {
  test('the id names the product, the term and the price', () => {
    expect(itemIdOf('city', { months: 1 }, 1800)).toBe('city_1m_1800');
    expect(itemIdOf('city', { days: 7 }, 500)).toBe('city_7d_500');
  });

  test.each([
    [0, 'none'],
    [1, 'running'],
    [2, 'failed'],
    [3, 'done'],
  ])('a task of status %i is %s', async (status, state) => {
    const items = [0, 1, 2, 3, 9].map((upload_status) => ({ id: 'a', upload_status, errmsg: 'e' }));
    const task = await queryUpload(askerOn([{ ...OK, status, upload_item: items }]).asker);
    expect(task.state).toBe(state);
    expect(task.items.map((each) => each.state)).toEqual(['running', 'exists', 'done', 'failed', 'unknown']);
    const published = await queryPublish(
      askerOn([{ ...OK, status, publish_item: [{ id: 'a', publish_status: 2 }] }]).asker,
    );
    expect(published).toEqual({ state, items: [{ id: 'a', state: 'done', errmsg: '' }] });
  });

  test('a task of another status is refused', async () => {
    await expect(queryUpload(askerOn([{ ...OK, status: 4 }]).asker)).rejects.toMatchObject({
      code: 'ANSWER_REFUSED',
    });
  });
});

test('a refund that is answered as another one is refused', async () => {
  const { asker } = askerOn([{ ...OK, refund_order_id: 'another' }]);
  await expect(refundOrder(asker, refund)).rejects.toMatchObject({ code: 'ANSWER_REFUSED' });
});
