import { expect } from 'vitest';
import { FUNCTIONS_DIRECTORY } from '../../scripts/build.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import { type LocalWorld, startLocalWorld, type WorldOptions } from '../../scripts/local/local-world.ts';
import { QUERY_ORDERS_EVERY_MINUTES } from '../../scripts/manifest.ts';
import { sharedBrowser } from '../browser.ts';
import { emptyCollection } from './documents.ts';
import { createScreens, type Screens } from './screens.ts';

const PROJECT = new URL('../..', import.meta.url).pathname;
export const MINUTE_MS = 60_000;
/** From one run of the timer to the next, at full minutes by the clock. */
export const TIMER_MS = QUERY_ORDERS_EVERY_MINUTES * MINUTE_MS;

/** The mini-program in a browser, with everything behind it. */
export interface WholeWorld extends LocalWorld, Pick<Screens, 'pickUp' | 'openConsole'> {
  /** What the mini-program asked of functions, oldest first. */
  readonly calls: readonly { readonly name: string; readonly payload: unknown }[];
  /** Ends a test: nothing may have gone wrong on any screen, and nothing of it stays. */
  tidy(): Promise<void>;
}

/** Starts the local world with a clock that runs, on a morning in January, so that no month is cut short. */
export async function openWholeWorld(
  options: Pick<WorldOptions, 'sellsBy' | 'remindsShoppers'> = {},
): Promise<WholeWorld> {
  const clock = new WorldClock();
  await clock.advance(nextMorningInJanuary(clock.now()).getTime() - clock.now().getTime());
  const [world, browser] = await Promise.all([
    startLocalWorld({ functionsDirectory: FUNCTIONS_DIRECTORY, project: PROJECT, clock, ...options }),
    sharedBrowser(),
  ]);
  const { cloud, wechatpay, weixin, virtualpay, phone } = world;
  if (!phone) throw new Error('The local world started without a phone.');
  const screens = createScreens(browser, { phone: phone.url, console: world.console.url });
  const calls = callsOf(world);
  const products = cloud.documents('products');
  return {
    ...world,
    ...screens,
    calls,
    async tidy() {
      const problems = await screens.closeAll();
      wechatpay.faults.clear();
      virtualpay.faults.clear();
      cloud.faults.clear();
      weixin.faults.clear();
      virtualpay.faults.clear();
      await Promise.all([wechatpay.noticesSettled(), virtualpay.eventsSettled()]);
      for (const collection of cloud.collections()) await emptyCollection(cloud, collection);
      for (const product of products) await cloud.insert('products', product);
      calls.length = 0;
      expect(problems).toEqual([]);
    },
    async close() {
      screens.finish();
      await world.close();
    },
  };
}

function callsOf({ trace }: LocalWorld) {
  const calls: { name: string; payload: unknown }[] = [];
  trace.subscribe(({ from, to, kind, label, payload }) => {
    if (from === 'mini-program' && to === 'function' && kind === 'call') calls.push({ name: label, payload });
  });
  return calls;
}

/** Half past ten in Beijing on the next 15 January. */
function nextMorningInJanuary(now: Date): Date {
  const inYear = (year: number) => new Date(Date.UTC(year, 0, 15, 2, 30));
  const year = now.getUTCFullYear();
  return inYear(year) > now ? inYear(year) : inYear(year + 1);
}
