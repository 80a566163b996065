import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { FUNCTIONS_DIRECTORY } from '../../scripts/build.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import { type LocalWorld, MERCHANT, SHOPPERS, startLocalWorld } from '../../scripts/local/local-world.ts';

const HOUR_MS = 3_600_000;
const shopper = { openid: SHOPPERS[0].openid, appid: MERCHANT.appid };
const request = {
  request_id: 'request-000000000001',
  product_id: 'city',
  months: 3,
  expected_total_fee: 4800,
};
const ending: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function start(
  options: { dataDirectory?: string; warnings?: string[]; sellsBy?: 'virtualpay' } = {},
): Promise<LocalWorld> {
  const { warnings = [], ...rest } = options;
  const clock = new WorldClock();
  const onWarning = (message: string) => warnings.push(message);
  const world = await startLocalWorld({ functionsDirectory: FUNCTIONS_DIRECTORY, clock, onWarning, ...rest });
  ending.push(() => world.close());
  return world;
}

async function place(world: LocalWorld): Promise<{ order: { out_trade_no: string }; payment: object }> {
  return (await world.host.callFunction('createOrder', request, shopper)) as ReturnType<typeof place>;
}

test('what the functions do on their way is nothing strict mode warns of', async () => {
  const warnings: string[] = [];
  const world = await start({ warnings });
  const { order, payment } = await place(world);
  await world.host.callFunction('checkOrder', { out_trade_no: order.out_trade_no }, shopper);
  world.wechatpay.cashier.pay(payment, shopper);
  await world.clock.advance(HOUR_MS);
  await world.host.callFunction('cancelOrder', { out_trade_no: order.out_trade_no }, shopper);
  expect(world.cloud.documents('orders')).toMatchObject([{ trade_state: 'SUCCESS' }]);
  expect(warnings).toEqual([]);
});

test('a world begun again on the same data goes on where it was, at WeChat too, and later', async () => {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'world-'));
  ending.push(() => rm(dataDirectory, { recursive: true }));
  const first = await start({ dataDirectory });
  await first.clock.advance(HOUR_MS);
  const { order, payment } = await place(first);
  first.wechatpay.faults.add({ kind: 'lose-notice', count: 100 });
  first.wechatpay.cashier.pay(payment, shopper);
  await first.close();

  const second = await start({ dataDirectory });
  expect(second.clock.offset).toBeGreaterThan(HOUR_MS - 60_000);
  expect(second.cloud.documents('products')).toHaveLength(3);
  expect(second.wechatpay.order(MERCHANT.mch_id, order.out_trade_no)?.trade_state).toBe('SUCCESS');
  // The story of the first is there as well, and goes on.
  const labels = () => second.trace.since().map(({ label }) => label);
  expect(labels()).toEqual(expect.arrayContaining(['createOrder', 'pay']));
  const { seq = 0 } = second.trace.since().at(-1) ?? {};
  // The timer's first question comes within two and a half minutes of the order.
  await second.clock.advance(3 * 60_000);
  expect(second.cloud.documents('orders')).toMatchObject([{ trade_state: 'SUCCESS' }]);
  expect(second.trace.since(seq)[0]?.seq).toBe(seq + 1);
  expect(await readFile(path.join(dataDirectory, 'trace.ndjson'), 'utf8')).not.toMatch(/[0-9A-F]{32}/);
});

test('what was sold through virtual payment goes on as well, and its events', async () => {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'world-'));
  ending.push(() => rm(dataDirectory, { recursive: true }));
  const first = await start({ dataDirectory, sellsBy: 'virtualpay' });
  const code = first.weixin.login(shopper.openid);
  const placed = (await first.host.callFunction('createOrder', { ...request, code }, shopper)) as Awaited<
    ReturnType<typeof place>
  >;
  const shown = first.virtualpay.cashDesk.open(placed.payment, { ...shopper, platform: 'android' });
  if (shown.kind !== 'shown') throw new Error(shown.why);
  first.virtualpay.faults.add({ kind: 'lose-event', count: 100 });
  first.virtualpay.cashDesk.pay(shown.id);
  await first.clock.advance(1000);
  const { out_trade_no } = placed.order;
  const before = first.virtualpay.order(0, out_trade_no);
  const items = first.virtualpay.items();
  await first.close();

  const second = await start({ dataDirectory });
  const { virtualpay } = second;
  expect(virtualpay.items()).toEqual(items);
  expect(virtualpay.order(0, out_trade_no)).toEqual({ ...before, updated_at: expect.any(Date) });
  await second.clock.advance(5000);
  await virtualpay.eventsSettled();
  expect(second.cloud.documents('orders')).toMatchObject([{ trade_state: 'SUCCESS', channel: 'virtualpay' }]);
  expect(virtualpay.order(0, out_trade_no)).toMatchObject({ status: 4 });
});

test('a second world on the same data is refused before it does anything', async () => {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'world-'));
  ending.push(() => rm(dataDirectory, { recursive: true }));
  await start({ dataDirectory });
  const parts: string[] = [];
  const clock = new WorldClock();
  const onProgress = (part: string) => parts.push(part);
  const second = startLocalWorld({
    functionsDirectory: FUNCTIONS_DIRECTORY,
    clock,
    dataDirectory,
    onProgress,
  });
  await expect(second).rejects.toThrow(/is using this data directory/);
  expect(parts).toEqual([]);
});

test('two worlds run beside each other', async () => {
  const [one, other] = await Promise.all([start(), start()]);
  await place(one);
  expect(other.cloud.documents('orders')).toEqual([]);
});

test('a world whose port is taken leaves nothing behind', async () => {
  const world = await start();
  const port = Number(new URL(world.wechatpayServer.url).port) - 2;
  const clock = new WorldClock();
  const again = startLocalWorld({ functionsDirectory: FUNCTIONS_DIRECTORY, clock, port });
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
