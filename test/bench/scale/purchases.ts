import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CreateOrderAnswer } from '../../../cloudfunctions/_shared/contract.ts';
import { FUNCTIONS_DIRECTORY } from '../../../scripts/build.ts';
import { MERCHANT, startLocalWorld } from '../../../scripts/local/local-world.ts';
import type { Look } from '../row.ts';

const PURCHASES = 10_000;
const AT_ONCE = 16;

/** Whole purchases through the local world that keeps everything on the disk: ordered, paid, noticed, settled. */
export const purchases: Look = {
  name: 'purchases',
  async look(scale) {
    const count = Math.ceil((PURCHASES * scale) / AT_ONCE) * AT_ONCE;
    const dataDirectory = await mkdtemp(path.join(tmpdir(), 'bench-'));
    const world = await startLocalWorld({ functionsDirectory: FUNCTIONS_DIRECTORY, dataDirectory });
    try {
      await buy(world, { from: 0, count: AT_ONCE * 4 });
      const tenth = Math.ceil(count / 10);
      const seconds: number[] = [];
      for (let part = 0; part < 10; part++)
        seconds.push(await buy(world, { from: (part + 1) * 1_000_000, count: tenth }));
      const unpaid = world.cloud.documents('orders').filter(({ trade_state }) => trade_state !== 'SUCCESS');
      if (unpaid.length > 0) throw new Error(`${unpaid.length} orders were not settled.`);
      const [first = 1, last = 1] = [seconds.slice(0, 3), seconds.slice(-3)].map((part) => Math.min(...part));
      const all = seconds.reduce((sum, each) => sum + each, 0);
      return [
        {
          what: `purchases through the local world with --data, ${AT_ONCE} at once`,
          peer: '–',
          measured: (tenth * 10) / all,
          goal: 110,
          isLeast: true,
          unit: 'a second',
          isOfMachine: true,
        },
        {
          what: `the same after ${tenth * 9} of them`,
          peer: 'the first tenth',
          measured: first / last,
          goal: 0.8,
          isLeast: true,
          unit: '×',
          isOfMachine: true,
          seen: `${(tenth / first).toFixed(0)} a second at the beginning, ${(tenth / last).toFixed(0)} at the end`,
        },
      ];
    } finally {
      await world.close();
      await rm(dataDirectory, { recursive: true });
    }
  },
};

type World = Awaited<ReturnType<typeof startLocalWorld>>;

/** Seconds until all of them are settled. */
async function buy(world: World, { from, count }: { from: number; count: number }): Promise<number> {
  const began = performance.now();
  let next = from;
  const shopper = async () => {
    while (next < from + count) {
      const number = String(next++).padStart(12, '0');
      const openid = `oBench-${number}`;
      const request = {
        request_id: `request-${number}`,
        product_id: 'city',
        months: 3,
        expected_total_fee: 4800,
      };
      const answer = await world.host.callFunction('createOrder', request, { openid, appid: MERCHANT.appid });
      const { payment } = answer as CreateOrderAnswer;
      if (!payment || 'signData' in payment) throw new Error(JSON.stringify(answer));
      const { errMsg } = world.wechatpay.cashier.pay(payment, { openid, appid: MERCHANT.appid });
      if (errMsg !== 'requestPayment:ok') throw new Error(errMsg);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, shopper));
  // The notices are sent at once, by the world's clock, and are delivered as fast as payNotify takes them.
  await world.clock.advance(0);
  await world.wechatpay.noticesSettled();
  return (performance.now() - began) / 1000;
}
