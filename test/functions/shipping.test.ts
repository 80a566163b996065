import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openShop, type Shop, TIMER_MS } from './shop.ts';
import { openVirtualShop, type VirtualShop } from './virtual-shop.ts';

const UPLOAD = '/wxa/sec/order/upload_shipping_info';
const ON = { UPLOAD_SHIPPING_INFO: 'on' };

let shop: VirtualShop;
beforeAll(async () => {
  shop = await openVirtualShop(ON);
});
afterEach(() => {
  shop.weixin.shipping.isManaged = true;
  for (const { faults } of [shop.weixin, shop.wechatpay, shop.cloud, shop.virtualpay]) faults.clear();
});
afterAll(() => shop.close());

const shipped = (out_trade_no: string) =>
  shop.weixin.shipping.shipped().filter((order) => order.out_trade_no === out_trade_no);
const asked = ({ trace }: Shop) =>
  trace.since().filter(({ kind, label }) => kind === 'call' && label === UPLOAD);

/** Runs of the timer, one after the other, for so long. */
async function minutes(count: number): Promise<void> {
  for (let passed = 0; passed < count * 60_000; passed += TIMER_MS) {
    await shop.clock.advance(TIMER_MS);
    await expect.poll(() => shop.host.running.length, { timeout: 20_000 }).toBe(0);
  }
}

describe('a paid order of WeChat Pay', () => {
  test('is shipped by the timer, minutes after its notice', async () => {
    shop.weixin.shipping.isManaged = true;
    const number = await shop.placePaid(shop.newShopper());
    expect(shop.stored(number)).toMatchObject({
      trade_state: 'SUCCESS',
      undelivered_since: expect.any(Date),
    });
    expect(shipped(number)).toEqual([]);
    await minutes(8);
    expect(shipped(number)).toMatchObject([{ item_desc: '城市版 3 个月', times: 1 }]);
    expect(shop.stored(number)).toMatchObject({ undelivered_since: null, next_query_at: null });
    expect(shop.alarms(number)).toEqual([]);
  }, 60_000);

  test('is never shipped while its shopper waits', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.place(shopper);
    shop.paySilently(shopper, placed);
    const before = asked(shop).length;
    const { out_trade_no } = placed.order;
    expect(await shop.checkOrder(shopper, out_trade_no)).toMatchObject({ order: { trade_state: 'SUCCESS' } });
    expect(asked(shop)).toHaveLength(before);
    expect(shop.stored(out_trade_no)).toMatchObject({ undelivered_since: expect.any(Date) });
    await minutes(8);
    expect(shipped(out_trade_no)).toHaveLength(1);
  }, 60_000);

  test('is shipped once where the answer got lost, and where a run dies at the call', async () => {
    const number = await shop.placePaid(shop.newShopper());
    shop.weixin.faults.add({ kind: 'break', when: 'after', path: UPLOAD, count: 2 });
    const unhook = shop.weixin.hook({
      when: 'after',
      path: UPLOAD,
      run: () => {
        for (const { id } of shop.host.running) shop.host.kill(id);
      },
    });
    await minutes(8);
    unhook();
    await minutes(12);
    expect(shipped(number)).toMatchObject([{ times: 1 }]);
    expect(shop.stored(number)).toMatchObject({ undelivered_since: null });
  }, 120_000);

  test('is shipped in the end where its token dies', async () => {
    const number = await shop.placePaid(shop.newShopper());
    shop.weixin.faults.add({ kind: 'kill-token', path: UPLOAD });
    await minutes(8);
    expect(shipped(number)).toHaveLength(1);
  }, 60_000);

  test('is not shipped before it is paid, nor after all of it was given back', async () => {
    const shopper = shop.newShopper();
    const { order } = await shop.place(shopper);
    const number = await shop.placePaid(shopper);
    await shop.refundOrder(await shop.newOperator(), shop.newRefund(number, { refund_fee: 4800 }));
    await minutes(60);
    expect([...shipped(order.out_trade_no), ...shipped(number)]).toEqual([]);
    expect(shop.stored(number)).toMatchObject({ trade_state: 'REFUND', next_query_at: null });
  }, 120_000);

  test('is shipped also where a part of it was given back before', async () => {
    const number = await shop.placePaid(shop.newShopper());
    await shop.refundOrder(await shop.newOperator(), shop.newRefund(number, { refund_fee: 1000 }));
    await minutes(60);
    expect(shop.stored(number)).toMatchObject({ trade_state: 'REFUND', refunded_fee: 1000 });
    expect(shipped(number)).toHaveLength(1);
    expect(shop.stored(number)).toMatchObject({ undelivered_since: null, next_query_at: null });
  }, 120_000);
});

test('an order of virtual payment is never shipped', async () => {
  const shopper = shop.newShopper();
  const placed = await shop.placeVirtual(shopper);
  const before = asked(shop).length;
  shop.payVirtual(shopper, placed);
  await shop.deliverEvents();
  await minutes(8);
  expect(shop.stored(placed.order.out_trade_no).trade_state).toBe('SUCCESS');
  expect(asked(shop)).toHaveLength(before);
}, 60_000);

test('a mini-program that WeChat does not look after ships nothing', async () => {
  shop.weixin.shipping.isManaged = false;
  await shop.clock.advance(3_600_000);
  const number = await shop.placePaid(shop.newShopper());
  const before = asked(shop).length;
  await minutes(8);
  expect(asked(shop)).toHaveLength(before);
  expect(shop.stored(number)).toMatchObject({ undelivered_since: null, next_query_at: null });
}, 120_000);

describe('where it is off', () => {
  let plain: Shop;
  beforeAll(async () => {
    plain = await openShop();
  });
  afterAll(() => plain.close());

  test('nothing is asked and nothing is stored', async () => {
    const number = await plain.placePaid(plain.newShopper());
    expect(plain.stored(number)).toMatchObject({ trade_state: 'SUCCESS', next_query_at: null });
    expect(plain.cloud.documents('orders').find(({ _id }) => _id === number)).not.toHaveProperty(
      'undelivered_since',
    );
    expect(plain.trace.since().filter(({ label }) => label.startsWith('/wxa/sec'))).toEqual([]);
  });
});

test('a shop whose AppSecret is missing takes payments all the same, and a human is called', async () => {
  const without = await openShop({
    ...{ ...ON, WEIXIN_APP_SECRET: '', VIRTUAL_PAY_OFFER_ID: '', VIRTUAL_PAY_APP_KEY: '' },
  });
  try {
    const number = await without.placePaid(without.newShopper());
    await without.clock.advance(8 * 60_000);
    await expect.poll(() => without.host.running.length, { timeout: 20_000 }).toBe(0);
    expect(without.stored(number)).toMatchObject({
      trade_state: 'SUCCESS',
      undelivered_since: expect.any(Date),
    });
    expect(without.cloud.documents('alarms')).toMatchObject([
      { code: 'MERCHANT_MISCONFIGURED', message: expect.stringContaining('WEIXIN_APP_SECRET is missing') },
    ]);
  } finally {
    await without.close();
  }
}, 60_000);
