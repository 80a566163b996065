import { expect, test } from 'vitest';
import { NOTICE_GAPS_MS } from '../../../scripts/local/wechatpay/notices.ts';
import { createWorld, DAY_MS, HOUR_MS, MERCHANT, OUT_TRADE_NO, PAYER } from './world.ts';

type TestWorld = ReturnType<typeof createWorld>;

/** Another run that was given the book of the one before, by way of a file. */
function restart({ wechatpay }: TestWorld): TestWorld {
  return createWorld({ orders: JSON.parse(JSON.stringify(wechatpay.orders())) });
}

test('an unpaid order can be paid in the next run, under the prepay_id it has', async () => {
  const before = createWorld();
  const prepaid = await before.order();
  const world = restart(before);
  expect((await world.order()).prepay_id).toBe(prepaid.prepay_id);
  expect(world.wechatpay.cashier.pay(world.payment(prepaid), PAYER).errMsg).toBe('requestPayment:ok');
  await world.clock.advance(0);
  expect(world.received).toHaveLength(1);
});

test('a notice that was not taken comes again in the next run, when it was due', async () => {
  const before = createWorld();
  before.replying(async () => ({ status: 500, body: '' }));
  before.wechatpay.cashier.pay(before.payment(await before.order()), PAYER);
  await before.clock.advance(60_000);
  const world = restart(before);
  await world.clock.advance(4 * 60_000 - 1);
  expect(world.received).toEqual([]);
  await world.clock.advance(DAY_MS);
  expect(world.received.map(({ notice }) => notice.transaction_id)).toEqual([
    before.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.payment?.transaction_id,
  ]);
  const { transaction_id } = world.received[0]?.notice ?? {};
  expect((await world.query({ transaction_id })).trade_state).toBe('SUCCESS');
});

test('whenever a run is killed, the next one goes on with the notices of every paid order', async () => {
  const kept: string[] = [];
  const before = createWorld({ onChange: (order) => kept.push(JSON.stringify(order)) });
  before.replying(async () => ({ status: 500, body: '' }));
  before.wechatpay.cashier.pay(before.payment(await before.order()), PAYER);
  await before.clock.advance(2 * DAY_MS);
  const unfinished = kept.filter((text) => {
    const { payment, notices } = JSON.parse(text);
    return payment && notices.length < NOTICE_GAPS_MS.length + 1;
  });
  expect(unfinished.length).toBeGreaterThan(NOTICE_GAPS_MS.length);
  for (const text of unfinished) {
    const world = createWorld({ orders: [JSON.parse(text)] });
    await world.clock.advance(3 * DAY_MS);
    expect(world.received, text).toHaveLength(1);
  }
});

test('what was taken, and what ran out, stays quiet', async () => {
  const before = createWorld();
  before.wechatpay.cashier.pay(before.payment(await before.order()), PAYER);
  await before.clock.advance(HOUR_MS);
  const world = restart(before);
  expect(world.wechatpay.orders()).toEqual(before.wechatpay.orders());
  await world.clock.advance(2 * DAY_MS);
  expect(world.received).toEqual([]);
});

test('a book that is none is refused at once', () => {
  expect(() => createWorld({ orders: [{ out_trade_no: OUT_TRADE_NO }] })).toThrow(/mch_id/);
});
