import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErrorAnswer, OrderAnswer } from '../../cloudfunctions/_shared/contract.ts';
import { FunctionHost } from '../../scripts/local/cloud/functions/host.ts';
import { ENV_ID, MERCHANT } from '../../scripts/local/local-world.ts';
import { functions } from '../../scripts/manifest.ts';
import { MINUTE_MS, monthsAfter, type Placed, type Shopper } from '../functions/shop.ts';
import { openVirtualShop, type VirtualShop } from '../functions/virtual-shop.ts';

// A shop is upgraded while orders are open: instances of the release before still run, and read what the new one wrote.

const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));
const RELEASE = fileURLToPath(new URL('0.1.0/functions.cjs', import.meta.url));
const NAMES = ['payNotify', 'createOrder', 'checkOrder', 'cancelOrder', 'queryOrders'];

let directory: string;
let shop: VirtualShop;
let hosts: Readonly<Record<Release, FunctionHost>>;

type Release = 'before' | 'now';
const EITHER: readonly Release[] = ['before', 'now'];
const PAIRS = EITHER.flatMap((first) => EITHER.map((second) => [first, second] as const));

beforeAll(async () => {
  // Below the project, so that the release before finds the same wx-server-sdk.
  await mkdir(CACHE, { recursive: true });
  directory = await mkdtemp(path.join(CACHE, 'release-'));
  for (const name of NAMES) {
    await mkdir(path.join(directory, name));
    const code = `exports.main = require(${JSON.stringify(RELEASE)}).${name};\n`;
    await writeFile(path.join(directory, name, 'index.js'), code);
  }
  shop = await openVirtualShop();
  const before = new FunctionHost({
    clock: shop.clock,
    trace: shop.trace,
    functions: functions.filter(({ name }) => NAMES.includes(name)),
    directory,
    envId: ENV_ID,
    baseEnv: shop.cloudServer.env,
    variables: {
      WECHAT_PAY_MCH_ID: MERCHANT.mch_id,
      WECHAT_PAY_API_KEY: MERCHANT.api_key,
      WECHAT_PAY_BASE_URL: shop.wechatpayServer.url,
      WECHAT_PAY_NOTIFY_URL: `${shop.gateway.url}/payNotify`,
    },
  });
  hosts = { before, now: shop.host };
});
afterAll(async () => {
  await hosts.before.close();
  await shop.close();
  await rm(directory, { recursive: true });
});

async function call(release: Release, name: string, data: object, shopper: Shopper): Promise<unknown> {
  return hosts[release].callFunction(name, data, shopper);
}

async function createOrder(release: Release, shopper: Shopper, request: object): Promise<Placed> {
  const answer = (await call(release, 'createOrder', request, shopper)) as Placed | ErrorAnswer;
  if ('errcode' in answer) throw new Error(`${answer.errcode}: ${answer.errmsg}`);
  return answer;
}

async function checkOrder(release: Release, shopper: Shopper, out_trade_no: string) {
  return (await call(release, 'checkOrder', { out_trade_no }, shopper)) as OrderAnswer;
}

/** Runs queryOrders of one release, as its timer does. */
async function sweep(release: Release): Promise<void> {
  const event = {
    Type: 'Timer',
    TriggerName: 'queryOrders',
    Time: shop.clock.now().toISOString(),
    Message: '',
  };
  const answer = await hosts[release].invoke({
    functionName: 'queryOrders',
    from: 'timer',
    source: 'wx_trigger',
    event,
  });
  if (answer.kind === 'failed') throw answer.error;
}

describe.each(PAIRS)('an order that the release %s placed', (first, second) => {
  test(`is settled by queryOrders of the release ${second}, once`, async () => {
    const shopper = shop.newShopper();
    // So that the world's own timer does not come first.
    await shop.untilTimer();
    const answer = await createOrder(first, shopper, shop.newRequest());
    const { out_trade_no } = answer.order;
    shop.paySilently(shopper, answer);
    await shop.clock.advance(40_000);
    expect(shop.stored(out_trade_no).trade_state).toBe('NOTPAY');
    await sweep(second);
    expect(shop.stored(out_trade_no)).toMatchObject({
      trade_state: 'SUCCESS',
      next_query_at: null,
      expires_at: shop.membership(shopper),
    });
    expect(shop.membership(shopper)?.toISOString().slice(0, 10)).toBe('2027-04-15');
  });

  test(`is found paid by checkOrder of the release ${second}`, async () => {
    const shopper = shop.newShopper();
    const answer = await createOrder(first, shopper, shop.newRequest());
    shop.paySilently(shopper, answer);
    const { order } = await checkOrder(second, shopper, answer.order.out_trade_no);
    expect(order).toMatchObject({ trade_state: 'SUCCESS', held: false, total_fee: 4800 });
    expect(order.expires_at).toBe(shop.membership(shopper)?.toISOString());
  });

  test(`can be paid again through the release ${second}, under the same number`, async () => {
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    const answer = await createOrder(first, shopper, request);
    const again = await createOrder(second, shopper, request);
    expect(again.order.out_trade_no).toBe(answer.order.out_trade_no);
    expect(again.payment.package).toBe(answer.payment.package);
    shop.pay(shopper, again);
    await shop.deliver();
    expect(shop.stored(again.order.out_trade_no).trade_state).toBe('SUCCESS');
  });

  test(`is cancelled by the release ${second}`, async () => {
    const shopper = shop.newShopper();
    const { order } = await createOrder(first, shopper, shop.newRequest());
    const { out_trade_no } = order;
    const answer = (await call(second, 'cancelOrder', { out_trade_no }, shopper)) as OrderAnswer;
    expect(answer.order.cancelled_at).not.toBeNull();
    await shop.clock.advance(8 * MINUTE_MS);
    expect(shop.stored(out_trade_no).trade_state).toBe('CLOSED');
  });
});

test('an order that stores its channel is read, paid and settled by the release before', async () => {
  const product = shop.cloud.documents('products').find(({ _id }) => _id === 'city');
  await shop.cloud.insert('products', { ...product, _id: 'channelled', channel: 'wechatpay' });
  const shopper = shop.newShopper();
  const request = shop.newRequest({ product_id: 'channelled' });
  const answer = await createOrder('now', shopper, request);
  const { out_trade_no } = answer.order;
  const again = await createOrder('before', shopper, request);
  expect(again.order.out_trade_no).toBe(out_trade_no);
  shop.paySilently(shopper, again);
  await checkOrder('before', shopper, out_trade_no);
  expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'SUCCESS', channel: 'wechatpay' });
});

test('an order of virtual payment is left alone by the release before, which does not know of it', async () => {
  await shop.untilTimer();
  const shopper = shop.newShopper();
  const placed = await shop.placeVirtual(shopper);
  const { out_trade_no } = placed.order;
  shop.payVirtualSilently(shopper, placed);
  await shop.clock.advance(40_000);
  const before = shop.stored(out_trade_no);
  for (const name of ['checkOrder', 'cancelOrder']) {
    const answer = await call('before', name, { out_trade_no }, shopper);
    expect(answer).not.toMatchObject({ order: { trade_state: 'CLOSED' } });
  }
  await sweep('before');
  expect(shop.asked('/pay/orderquery', out_trade_no)).toBe(0);
  expect(shop.asked('/pay/closeorder', out_trade_no)).toBe(0);
  expect(shop.stored(out_trade_no).trade_state).toBe(before.trade_state);
  // The release before has the order to itself for three seconds, since it took it to ask about it.
  await shop.clock.advance(5000);
  await checkOrder('now', shopper, out_trade_no);
  expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'SUCCESS', expires_at: shop.vip(shopper) });
});

describe.each(PAIRS)('a membership that the release %s wrote', (first, second) => {
  test(`is extended by the release ${second} from its end, and so on in turn`, async () => {
    const shopper = shop.newShopper();
    let end = shop.clock.now();
    for (const [turn, release] of [first, second, first, second].entries()) {
      const answer = await createOrder(release, shopper, shop.newRequest());
      shop.paySilently(shopper, answer);
      await checkOrder(release, shopper, answer.order.out_trade_no);
      const reached = shop.membership(shopper);
      // The first one begins at the moment of its settlement, a little later than now.
      if (turn > 0) expect(reached).toEqual(monthsAfter(end, 3));
      end = reached ?? end;
    }
    expect(end.toISOString().slice(0, 10)).toBe('2028-01-15');
  });
});
