import { type Chance, chanceOf } from './chance.ts';
import { checkEnd, checkEnded } from './commit-checks.ts';
import { endOf, isUnsettled, LEFT_OPEN_MS } from './documents.ts';
import type { Finding } from './findings.ts';
import {
  changeMerchant,
  editCatalogue,
  editMembership,
  forgeAnEvent,
  lieAboutAnOrder,
  payClosed,
  refundAtWeChat,
  releaseHeld,
  reprice,
  rotateKey,
  rotateKeyWrongly,
  writeNonsense,
} from './merchant.ts';
import { giveUpRefused, refundByAnybody, refundByOperators, refundByStaff } from './operator.ts';
import { OPENID_PREFIX } from './people.ts';
import { VIP } from './products.ts';
import { checkRefundsAtEnd } from './refund-checks.ts';
import { APPID, openShop, type Shop, type ShopOptions } from './shop.ts';
import { shopping } from './shopper.ts';
import { meddling } from './stranger.ts';
import { startTimer } from './timer.ts';
import { askApple, publishAnew, switchChannel } from './virtual-merchant.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** Shoppers come in the first days, so that the slowest of them is through before the week is over. */
const SHOPPING_MS = 6 * DAY_MS;
/** Every so many-th run is the one with a crowd. */
const CROWD_EVERY = 50;
const CROWD_ORDERS = 300;
/** After an order's end WeChat is asked ever more seldom, once an hour at the least: so long after it all must be over. */
const LAST_STEP_MS = 66 * MINUTE_MS;

/** A refund is sent again, asked about, and settled, each at the end of an hour at the latest. */
const REFUNDS_END_MS = 4 * HOUR_MS;

export interface RunResult {
  readonly seed: number;
  readonly orders: number;
  /** How many orders ended in which state. */
  readonly ends: Readonly<Record<string, number>>;
  readonly isSecondModel: boolean;
  /** What the story told, and its hash. */
  readonly events: number;
  readonly hash: string;
  readonly findings: readonly Finding[];
  /** What could go wrong in it. */
  readonly faults: readonly string[];
  readonly last: readonly string[];
}

/** One week of one shop, then quiet until everything must be settled. The same seed gives the same week. */
export async function run(seed: number, options: Omit<ShopOptions, 'chance'>): Promise<RunResult> {
  const chance = chanceOf(seed);
  const shop = await openShop({ ...options, chance });
  const { scheduler, story, findings, faults, books, alarms, questions, checked, lifetimeMs } = shop;
  startTimer(shop);
  const end = planWeek(shop, chance.branch('week'), seed % CROWD_EVERY === 0);
  story.tell('run', `${seed}: ${faults.kinds.join(', ') || 'nothing goes wrong'}`);
  await scheduler.runUntil(end);

  story.tell('run', 'quiet');
  faults.quiet();
  scheduler.after(0, () => releaseHeld(shop));
  if (chance.happens(0.1)) scheduler.after(0, () => payClosed(shop));
  const quietMs = lifetimeMs + LAST_STEP_MS;
  await scheduler.runUntil(end + LAST_STEP_MS);
  // Those that were over when quiet fell have had their last step by now; the others come to their end first.
  checkEnded(checked, { endedBy: end, minutes: LAST_STEP_MS / MINUTE_MS });
  await scheduler.runUntil(end + quietMs);
  checkEnded(checked, { endedBy: end + lifetimeMs, minutes: quietMs / MINUTE_MS });
  // What nobody can close is waited for another week.
  if ([...books.orders.values()].some((order) => isUnsettled(order) && endOf(order) > end + lifetimeMs)) {
    await scheduler.runUntil(end + quietMs + LEFT_OPEN_MS);
    checkEnded(checked, { endedBy: end + lifetimeMs + LEFT_OPEN_MS, minutes: quietMs / MINUTE_MS });
  }
  // Money that comes later still is honoured all the same.
  const { lastConfirmAt } = shop.virtual;
  if (lastConfirmAt > scheduler.time) await scheduler.runUntil(lastConfirmAt + LAST_STEP_MS);
  checkEnd(checked);
  if (books.refunds.size > 0) {
    scheduler.after(0, () => giveUpRefused(shop));
    await scheduler.runUntil(Math.max(scheduler.time, end + quietMs) + REFUNDS_END_MS);
    checkRefundsAtEnd(checked);
  }
  questions.check();
  alarms.check(findings);

  const last = story.last();
  const { count: events } = story;
  return {
    seed,
    orders: books.orders.size,
    ends: endsOf(shop),
    isSecondModel: shop.isSecondModel,
    events,
    hash: story.hash(),
    findings: findings.all,
    faults: faults.kinds,
    last,
  };
}

function endsOf({ books }: Shop): Record<string, number> {
  const ends: Record<string, number> = {};
  for (const { trade_state } of books.orders.values()) ends[trade_state] = (ends[trade_state] ?? 0) + 1;
  return ends;
}

/** Who comes when, and what else happens. Answers when quiet falls. */
function planWeek(shop: Shop, chance: Chance, isCrowd: boolean): number {
  const { scheduler, faults } = shop;
  const start = scheduler.time;
  const orders = isCrowd ? CROWD_ORDERS : 1 + chance.whole(0, 4) + chance.whole(0, 4);
  const people = isCrowd ? CROWD_ORDERS : chance.whole(1, orders);
  // In half of the weeks all come within an hour, and are in each other's way.
  const rush = start + chance.whole(1, SHOPPING_MS - HOUR_MS);
  const isRush = isCrowd || chance.happens(0.5);
  const rushMs = isCrowd ? MINUTE_MS : HOUR_MS;
  const moment = () => (isRush ? rush + chance.whole(0, rushMs) : start + chance.whole(1, SHOPPING_MS));
  for (let number = 0; number < orders; number++) {
    const payer = {
      openid: `${OPENID_PREFIX}-${String(chance.whole(1, people)).padStart(12, '0')}`,
      appid: APPID,
    };
    const request_id = `request-${String(number).padStart(10, '0')}`;
    const product_id = chance.pick(['city', 'city', 'market', 'premium', VIP, VIP] as const);
    const plan = {
      payer,
      request_id,
      product_id,
      months: chance.pick([1, 3, 6, 12] as const),
      isBrief: isCrowd,
    };
    scheduler.at(moment(), () => shopping(shop, plan, chance.branch(request_id)));
  }
  const sometimes = (probability: number, most: number, deed: (shop: Shop, own: Chance) => Promise<void>) => {
    if (!chance.happens(probability)) return;
    for (let times = chance.whole(1, most); times > 0; times--) {
      const own = chance.branch(`${deed.name} ${times}`);
      scheduler.at(moment() + own.whole(-30, 60) * MINUTE_MS, () =>
        faults.isQuiet ? undefined : deed(shop, own),
      );
    }
  };
  sometimes(0.3, 3, editCatalogue);
  if (chance.happens(0.05)) sometimes(1, 1, rotateKeyWrongly);
  else sometimes(0.2, 1, rotateKey);
  sometimes(0.2, 2, editMembership);
  sometimes(0.15, 2, refundAtWeChat);
  sometimes(0.4, 5, refundByOperators);
  sometimes(0.2, 3, refundByStaff);
  sometimes(0.2, 3, refundByAnybody);
  sometimes(0.3, 4, lieAboutAnOrder);
  sometimes(0.3, 4, forgeAnEvent);
  sometimes(0.1, 1, reprice);
  sometimes(0.05, 1, changeMerchant);
  sometimes(0.15, 1, switchChannel);
  sometimes(0.1, 1, publishAnew);
  sometimes(0.15, 2, askApple);
  sometimes(0.5, 2, releaseHeld);
  sometimes(0.05, 1, writeNonsense);
  sometimes(0.3, 4, meddling);
  const outages = [
    'weixin unreachable',
    'event lost',
    'wechatpay unreachable',
    'wechatpay SYSTEMERROR before the work',
    'database error',
    'notice lost',
    'timer missed',
  ] as const;
  for (const kind of outages) {
    if (!chance.happens(0.08)) continue;
    const ms = kind === 'database error' ? chance.whole(1, 20) * MINUTE_MS : chance.whole(5, 720) * MINUTE_MS;
    faults.outage(kind, { from: moment() + chance.whole(-20, 60) * MINUTE_MS, ms });
  }
  // In half of the weeks quiet falls while orders are still open.
  const last = isRush ? rush + rushMs : start + SHOPPING_MS;
  return chance.happens(0.5)
    ? start + WEEK_MS
    : Math.min(last + chance.whole(0, 480) * MINUTE_MS, start + WEEK_MS);
}
