import { afterEach, describe, expect, test } from 'vitest';
import type { RefundOrder } from '../../cloudfunctions/_shared/order/channel.ts';
import { type OpenPorts, openPorts } from '../order/ports.ts';
import { BIRTH } from '../order/samples.ts';
import { VIRTUALPAY_FIELDS, virtualOrder } from './samples.ts';
import { queried, weixinDesk } from './weixin-desk.ts';

const order = virtualOrder({ trade_state: 'SUCCESS' });
const out_refund_no = 'a'.repeat(32);
const refund: RefundOrder = {
  ...{ out_refund_no, refund_fee: 1000, reason: '不想要了', refunded_fee: 300, created_at: BIRTH },
};

let opened: OpenPorts;
afterEach(() => opened.close());

/** The channel over a desk that answers refund_order in turn, and query_order as said. */
async function channelOver(refunds: readonly object[], query?: (order_id: string) => object) {
  let asked = 0;
  const desk = weixinDesk({
    ...(query && { query }),
    deliver: () => refunds[Math.min(asked++, refunds.length - 1)] ?? {},
  });
  opened = await openPorts({ weixin: desk.transport });
  return { channel: opened.ports.channelOf(order), desk };
}

const accepted = { errcode: 0, errmsg: 'OK', refund_order_id: out_refund_no, refund_wx_order_id: 'VPR1' };
const failed = (errcode: number) => ({ errcode, errmsg: 'words' });

describe('a refund is asked for', () => {
  test('with what is left by our own books, and is accepted', async () => {
    const { channel, desk } = await channelOver([accepted]);
    expect(await channel.refund(order, refund)).toEqual({ kind: 'accepted', refund_id: 'VPR1' });
    const [asked] = desk.asked.filter(({ path }) => path === '/xpay/refund_order');
    expect(asked?.body).toMatchObject({
      ...{ openid: order._openid, order_id: order._id, refund_order_id: out_refund_no, env: 0 },
      ...{ left_fee: 4500, refund_fee: 1000, biz_meta: '不想要了' },
    });
  });

  test('with what virtual payment says is left, once, where that is another sum', async () => {
    const query = (id: string) => queried(id, { status: 4, left_fee: 4400 });
    const { channel, desk } = await channelOver([failed(268490016), accepted], query);
    expect(await channel.refund(order, refund)).toMatchObject({ kind: 'accepted' });
    const asked = desk.asked.filter(({ path }) => path === '/xpay/refund_order');
    expect(asked.map(({ body }) => body.left_fee)).toEqual([4500, 4400]);
  });

  test('and refused where too little is left', async () => {
    const query = (id: string) => queried(id, { status: 4, left_fee: 999 });
    const { channel } = await channelOver([failed(268490016)], query);
    expect(await channel.refund(order, refund)).toMatchObject({ kind: 'refused', err_code: '268490016' });
  });

  test('and its outcome is open where nothing is said of what is left', async () => {
    const query = (id: string) => queried(id, { status: 4, left_fee: null });
    const { channel } = await channelOver([failed(268490016)], query);
    await expect(channel.refund(order, refund)).rejects.toMatchObject({ code: 'UNKNOWN' });
  });

  test.each([268490002, 268490013, 268490004, 99999])('and refused with %i', async (errcode) => {
    const { channel } = await channelOver([failed(errcode)]);
    expect(await channel.refund(order, refund)).toMatchObject({
      ...{ kind: 'refused', err_code: String(errcode), advice: expect.any(String) },
    });
  });

  test.each([
    [268490014, 'UNKNOWN'],
    [268490015, 'PATIENCE'],
    [-1, 'UNKNOWN'],
    [268490003, 'MISCONFIGURED'],
  ])('and %i leaves its outcome open', async (errcode, code) => {
    const { channel } = await channelOver([failed(errcode)]);
    await expect(channel.refund(order, refund)).rejects.toMatchObject({ code });
  });
});

describe('a refund is asked about', () => {
  const refunded =
    (status: number, change: object = {}) =>
    (id: string) =>
      id === out_refund_no
        ? queried(id, { order_type: 1, status, order_fee: 1000, paid_fee: 0, refund_fee: 0, ...change })
        : queried(id, { status: 4, left_fee: 3800 });

  test.each([
    [1, 'PROCESSING'],
    [5, 'SUCCESS'],
    [8, 'SUCCESS'],
    [7, 'ABNORMAL'],
    [6, 'CLOSED'],
    [9, 'PROCESSING'],
  ])('status %i is %s', async (status, state) => {
    const { channel } = await channelOver([], refunded(status));
    expect(await channel.queryRefund(order, out_refund_no)).toMatchObject({
      ...{ kind: 'refund-report', out_trade_no: order._id, out_refund_no, state, refund_fee: 1000 },
    });
  });

  test('only one that failed is final: nobody can go on with it there', async () => {
    const { channel } = await channelOver([], refunded(7));
    expect(channel.staffGoOnWithRefunds).toBe(false);
    expect(await channel.queryRefund(order, out_refund_no)).toMatchObject({ isFinal: true });
  });

  test('a payment is not believed', async () => {
    const { channel } = await channelOver([], refunded(8, { order_type: 0 }));
    const asked = channel.queryRefund(order, out_refund_no);
    await expect(asked).rejects.toMatchObject({ code: 'UNKNOWN', reason: 'ANSWER_REFUSED' });
  });

  test('more than was given back of the order is another order’s', async () => {
    const { channel } = await channelOver([], refunded(8, { order_fee: 4000 }));
    expect(await channel.queryRefund(order, out_refund_no)).toEqual({ kind: 'absent' });
  });

  test('one of ours that had come to nothing is one only where it is not booked as made elsewhere', async () => {
    const ended = { state: 'CLOSED', requested_at: BIRTH, success_time: null } as const;
    const closed = { out_refund_no, refund_fee: 1000, ...ended };
    const { channel } = await channelOver([], refunded(8));
    const queryOf = (refunded_fee: number) =>
      channel.queryRefund({ ...order, refunds: [closed], refunded_fee }, out_refund_no);
    expect(await queryOf(0)).toMatchObject({ state: 'SUCCESS', beyond_fee: 0 });
    expect(await queryOf(1000)).toEqual({ kind: 'absent' });
  });

  test('one that is not there is absent', async () => {
    const { channel } = await channelOver([]);
    expect(await channel.queryRefund(order, out_refund_no)).toEqual({ kind: 'absent' });
  });
});

test('what Apple took, Apple alone gives back', async () => {
  const { channel } = await channelOver([]);
  expect(channel.unrefundable(order)).toBeUndefined();
  const by_channel = { virtualpay: { ...VIRTUALPAY_FIELDS, apple: true } };
  expect(channel.unrefundable(virtualOrder({ by_channel }))).toMatch(/Apple/);
  expect(await channel.listRefunds(order)).toEqual([]);
});
