import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { alarm } from '../../cloudfunctions/_shared/order/alarms.ts';
import { MERCHANT, ROBOT_KEY } from '../../scripts/local/local-world.ts';
import { MINUTE_MS, openShop, type Shop } from './shop.ts';

const shops: Shop[] = [];
async function open(variables: Record<string, string> = {}): Promise<Shop> {
  const shop = await openShop(variables);
  shops.push(shop);
  return shop;
}
afterAll(async () => {
  for (const shop of shops) await shop.close();
});

const textsIn = (shop: Shop) => shop.robot.said().map(({ text }) => text);

/** Time passes, and with it the timer's own runs. */
async function later(shop: Shop, ms: number): Promise<void> {
  await shop.clock.advance(ms);
  await expect.poll(() => shop.host.running.length, { timeout: 10_000 }).toBe(0);
}

/** A second later, since the clock of a function goes on while it runs. */
async function raise(shop: Shop, subject: string): Promise<void> {
  await shop.clock.advance(1000);
  const { _id, ...raised } = alarm('PAID_TWICE', subject, 'Refund one.', shop.clock.now());
  await shop.cloud.insert('alarms', { _id, ...raised });
}

describe('in a shop with a robot', () => {
  let shop: Shop;
  afterEach(() => shop.robot.faults.clear());

  test('an alarm is told by the timer, after WeChat was asked, and never by the notice that raised it', async () => {
    shop = await open();
    const order = await shop.place(shop.newShopper());
    await shop.wechatpay.forgeNotice(MERCHANT.mch_id, order.order.out_trade_no, 'wrong amount');
    expect(shop.cloud.documents('alarms')).toMatchObject([{ code: 'AMOUNT_MISMATCH' }]);
    expect(textsIn(shop)).toEqual([]);
    await shop.place(shop.newShopper());
    await later(shop, 2 * MINUTE_MS);
    expect(textsIn(shop)).toEqual([expect.stringContaining('AMOUNT_MISMATCH')]);
    const calls = shop.trace.since().filter(({ kind }) => kind === 'call');
    const robot = calls.findIndex(({ to }) => to === 'robot');
    const question = calls.findIndex(({ label }) => label === '/pay/orderquery');
    expect(question).toBeGreaterThan(-1);
    expect(robot).toBeGreaterThan(question);
  });

  test('what is said names the order, and neither its shopper nor a key', async () => {
    const shopper = shop.newShopper();
    const number = await shop.placePaid(shopper);
    await raise(shop, number);
    // A run on a slow machine may have no time left to tell it.
    await later(shop, 4 * MINUTE_MS);
    const [text = ''] = textsIn(shop).slice(-1);
    expect(text).toContain(number);
    expect(text).not.toContain(shopper.openid);
    expect(text).not.toContain(ROBOT_KEY);
    expect(JSON.stringify(shop.trace.since())).not.toContain(ROBOT_KEY);
  });

  test('two runs at once tell an alarm once', async () => {
    await raise(shop, 'twice');
    await Promise.all([shop.sweep(), shop.sweep()]);
    expect(textsIn(shop).filter((text) => text.includes('twice'))).toHaveLength(1);
  });

  test('a robot that is silent keeps no run longer than two seconds, and hears of it later', async () => {
    await raise(shop, 'late');
    shop.robot.faults.add({ kind: 'slow', ms: 60 * MINUTE_MS });
    expect(await shop.sweep()).toMatchObject({ complete: true });
    expect(textsIn(shop).at(-1)).not.toContain('late');
    await later(shop, 2 * MINUTE_MS);
    expect(textsIn(shop).filter((text) => text.includes('late'))).toHaveLength(1);
  });

  test('a robot that is down, or wrong, raises no alarm about itself', async () => {
    const before = shop.cloud.documents('alarms').length;
    await raise(shop, 'refused');
    shop.robot.faults.add({ kind: 'refuse', code: 93000 });
    await shop.sweep();
    expect(shop.cloud.documents('alarms')).toHaveLength(before + 1);
  });
});

test('a shop whose settings are wrong is told of that in the run that finds it', async () => {
  const shop = await open({ WECHAT_PAY_API_KEY: 'short' });
  await shop.sweep();
  await shop.sweep();
  expect(textsIn(shop)).toEqual([expect.stringContaining('MERCHANT_MISCONFIGURED')]);
});

test('a shop without a robot tells nobody', async () => {
  const shop = await open({ ALARM_WEBHOOK_URL: '' });
  await raise(shop, 'nobody');
  await shop.sweep();
  expect(textsIn(shop)).toEqual([]);
  expect(shop.cloud.documents('progress')).toEqual([]);
});

test.each([
  'http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x',
  'https://127.0.0.1/cgi-bin/webhook/send?key=x',
  'https://[::1]/hook',
  'https://2130706433/hook',
  'https://localhost/hook',
  'https://metadata.internal/hook',
  'https://user:password@example.com/hook',
])('%s is never asked, and the run goes on', async (address) => {
  const shop = await open({ ALARM_WEBHOOK_URL: address });
  await raise(shop, 'nobody');
  expect(await shop.sweep()).toMatchObject({ complete: true });
  expect(textsIn(shop)).toEqual([]);
});
