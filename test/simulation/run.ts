import { type Chance, chanceOf } from './chance.ts';
import { checkEnd, checkEnded, checkNoneDue } from './commit-checks.ts';
import { endOf, isUnsettled, LEFT_OPEN_MS } from './documents.ts';
import type { Finding } from './findings.ts';
import {
  changeMerchant,
  editCatalogue,
  editMembership,
  forgeANotice,
  forgeAnEvent,
  payClosed,
  refundAtWeChat,
  releaseHeld,
  reprice,
  rotateKey,
  rotateKeyWrongly,
  shortenMembership,
  writeNonsense,
} from './merchant.ts';
import { spendMornings } from './mornings.ts';
import {
  dealWithAlarms,
  endFailedRefunds,
  giveUpRefused,
  refundByAnybody,
  refundByOperators,
  refundByStaff,
  refundDuringALook,
} from './operator.ts';
import { callAsOutsider } from './outsider.ts';
import { OPENID_PREFIX } from './people.ts';
import plain from './plain.json' with { type: 'json' };
import { VIP } from './products.ts';
import { checkRefundsAtEnd } from './refund-checks.ts';
import { planMonths } from './reminders/months.ts';
import { startReminderTimer } from './reminders/reminder-timer.ts';
import { APPID, openShop, type Shop, type ShopOptions } from './shop.ts';
import { shopping } from './shopper.ts';
import { startTimer } from './timer.ts';
import { askApple, complain, publishAnew, refundInConsole, switchChannel } from './virtual-merchant.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** Shoppers come in the first days, so that the slowest of them is through before the week is over. */
const SHOPPING_MS = 6 * DAY_MS;
/** Every so many-th run is the one with a crowd. */
const CROWD_EVERY = 50;
const CROWD_ORDERS = 300;
/** After an order's end WeChat is asked less and less often, once an hour at the least: so long after it all must be over. */
const LAST_STEP_MS = 66 * MINUTE_MS;

/** After so many of the weeks the bills of their days are read. */
const MORNINGS_AFTER = 0.4;

/** A refund is sent again, asked about, and settled, each at the end of an hour at the latest. */
const REFUNDS_END_MS = 4 * HOUR_MS;

/** The timer's run after an order's turn, and the answer. */
const SHIPPED_MS = 10 * MINUTE_MS;

/** Seeds that found something before shops had robots and reminders: theirs have none, so that they are the weeks they were. */
const PLAIN: ReadonlySet<number> = new Set(plain);

export interface RunResult {
  readonly seed: number;
  readonly orders: number;
  /** How many orders ended in which state. */
  readonly ends: Readonly<Record<string, number>>;
  readonly isSecondModel: boolean;
  /** How many events its log has, and their hash. */
  readonly events: number;
  readonly hash: string;
  readonly findings: readonly Finding[];
  /** What could go wrong in it. */
  readonly faults: readonly string[];
  readonly last: readonly string[];
}

/** One week of one shop, then quiet until everything must be settled. The same seed gives the same week. */
export async function run(
  seed: number,
  options: Omit<ShopOptions, 'chance' | 'isPlain' | 'isCrowd'>,
): Promise<RunResult> {
  const chance = chanceOf(seed);
  const isPlain = PLAIN.has(seed);
  const isCrowd = seed % CROWD_EVERY === 0;
  const shop = await openShop({ ...options, chance, isPlain, isCrowd });
  const { scheduler, log, findings, faults, books, alarms, questions } = shop;
  startTimer(shop);
  startReminderTimer(shop);
  const end = planWeek(shop, chance.branch('week'), { isCrowd, isPlain });
  log.record('run', `${seed}: ${faults.kinds.join(', ') || 'nothing goes wrong'}`);
  await scheduler.runUntil(end);
  await quietDown(shop, end, { isPaidClosed: chance.happens(0.1) });
  questions.check();
  const mornings = chance.branch('mornings');
  if (findings.all.length === 0 && mornings.happens(MORNINGS_AFTER)) await spendMornings(shop, mornings);
  else if (findings.all.length === 0 && shop.consents.isThere) {
    const monthsEnd = planMonths(shop, chance.branch('months'));
    await scheduler.runUntil(monthsEnd);
    await quietDown(shop, monthsEnd, { isPaidClosed: false });
    questions.check();
    shop.reminding.checkArrived();
  }
  alarms.check(findings);

  const last = log.last();
  const { count: events } = log;
  return {
    seed,
    orders: books.orders.size,
    ends: endsOf(shop),
    isSecondModel: shop.isSecondModel,
    events,
    hash: log.hash(),
    findings: findings.all,
    faults: faults.kinds,
    last,
  };
}

/** Nothing goes wrong any more, and everything must come to its end in its time. */
async function quietDown(
  shop: Shop,
  end: number,
  { isPaidClosed }: { readonly isPaidClosed: boolean },
): Promise<void> {
  const { scheduler, log, faults, books, checked, telling, lifetimeMs } = shop;
  log.record('run', 'quiet');
  faults.quiet();
  scheduler.after(0, () => releaseHeld(shop));
  if (isPaidClosed) scheduler.after(0, () => payClosed(shop));
  const { calmSince } = faults;
  const quietMs = lifetimeMs + LAST_STEP_MS;
  await scheduler.runUntil(end + LAST_STEP_MS);
  // Those that were over when quiet fell have had their last step by now; the others come to their end first.
  checkEnded(checked, { endedBy: end, minutes: LAST_STEP_MS / MINUTE_MS, calmSince });
  telling.checkTold(end);
  await scheduler.runUntil(end + quietMs);
  checkEnded(checked, { endedBy: end + lifetimeMs, minutes: LAST_STEP_MS / MINUTE_MS, calmSince });
  // What nobody can close is waited for another week.
  if ([...books.orders.values()].some((order) => isUnsettled(order) && endOf(order) > end + lifetimeMs)) {
    await scheduler.runUntil(end + quietMs + LEFT_OPEN_MS);
    checkEnded(checked, {
      endedBy: end + lifetimeMs + LEFT_OPEN_MS,
      minutes: LAST_STEP_MS / MINUTE_MS,
      calmSince,
    });
  }
  // Money that comes later still is honoured all the same.
  const { lastConfirmAt } = shop.virtual;
  if (lastConfirmAt > scheduler.time) await scheduler.runUntil(lastConfirmAt + LAST_STEP_MS);
  checkEnd(checked);
  if (books.refunds.size > 0) {
    scheduler.after(0, () => endFailedRefunds(shop));
    scheduler.after(0, () => giveUpRefused(shop));
    await scheduler.runUntil(Math.max(scheduler.time, end + quietMs) + REFUNDS_END_MS);
    checkRefundsAtEnd(checked);
  }
  const { shipping } = shop;
  // What is still to be said about deliveries has its turn ever later, and one is enough once nothing goes wrong any more.
  if (shipping.lastTurn > scheduler.time) await scheduler.runUntil(shipping.lastTurn + SHIPPED_MS);
  checkNoneDue(checked);
  shipping.check(shop.virtual.shipped());
  telling.checkTold(scheduler.time - LAST_STEP_MS);
}

function endsOf({ books }: Shop): Record<string, number> {
  const ends: Record<string, number> = {};
  for (const { trade_state } of books.orders.values()) ends[trade_state] = (ends[trade_state] ?? 0) + 1;
  return ends;
}

/** Who comes when, and what else happens. Answers when quiet falls. */
function planWeek(
  shop: Shop,
  chance: Chance,
  { isCrowd, isPlain }: { readonly isCrowd: boolean; readonly isPlain: boolean },
): number {
  const { scheduler, faults } = shop;
  const start = scheduler.time;
  const orders = isCrowd ? CROWD_ORDERS : 1 + chance.whole(0, 4) + chance.whole(0, 4);
  const people = isCrowd ? CROWD_ORDERS : chance.whole(1, orders);
  // In half of the weeks all come within an hour, and are in each other's way.
  const rush = start + chance.whole(1, SHOPPING_MS - HOUR_MS);
  const isRush = isCrowd || chance.happens(0.5);
  const rushMs = isCrowd ? MINUTE_MS : HOUR_MS;
  const moment = (draws = chance) =>
    isRush ? rush + draws.whole(0, rushMs) : start + draws.whole(1, SHOPPING_MS);
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
  const planAct = ({ name, probability, most = 1, act }: Act, draws: Chance) => {
    if (!draws.happens(probability)) return;
    for (let times = draws.whole(1, most); times > 0; times--) {
      const own = draws.branch(`${name} ${times}`);
      scheduler.at(moment(draws) + own.whole(-30, 60) * MINUTE_MS, () =>
        faults.isQuiet ? undefined : act(shop, own),
      );
    }
  };
  for (const act of [...ACTS, chance.happens(0.05) ? WRONG_ROTATION : ROTATION]) planAct(act, chance);
  for (const act of isPlain ? [] : ACTS_SINCE) planAct(act, chance.branch(act.name));
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
  const down = chance.branch('robot down');
  if (!isPlain && down.happens(0.3)) {
    const from = moment(down) + down.whole(-20, 60) * MINUTE_MS;
    faults.outage('robot unreachable', { from, ms: down.whole(5, 2880) * MINUTE_MS });
  }
  // In half of the weeks quiet falls while orders are still open.
  const last = isRush ? rush + rushMs : start + SHOPPING_MS;
  return chance.happens(0.5)
    ? start + WEEK_MS
    : Math.min(last + chance.whole(0, 480) * MINUTE_MS, start + WEEK_MS);
}

/** What else somebody may do in a week: how probable it is, and how often it happens at most. */
interface Act {
  /** Its chance is drawn under this name, so that a seed is the same week however the code is arranged. */
  readonly name: string;
  readonly probability: number;
  readonly most?: number;
  readonly act: (shop: Shop, chance: Chance) => Promise<void>;
}

const ROTATION: Act = { name: 'rotate the key', probability: 0.2, act: rotateKey };
const WRONG_ROTATION: Act = { name: 'rotate the key wrongly', probability: 1, act: rotateKeyWrongly };

const ACTS: readonly Act[] = [
  { name: 'edit the catalogue', probability: 0.3, most: 3, act: editCatalogue },
  { name: 'edit a membership', probability: 0.2, most: 2, act: editMembership },
  { name: 'refund at WeChat', probability: 0.15, most: 2, act: refundAtWeChat },
  { name: 'refund by operators', probability: 0.6, most: 6, act: refundByOperators },
  { name: 'refund by staff', probability: 0.2, most: 3, act: refundByStaff },
  { name: 'end failed refunds', probability: 0.3, most: 3, act: endFailedRefunds },
  { name: 'refund by anybody', probability: 0.2, most: 3, act: refundByAnybody },
  { name: 'forge a notice', probability: 0.3, most: 4, act: forgeANotice },
  { name: 'forge an event', probability: 0.3, most: 4, act: forgeAnEvent },
  { name: 'type a price', probability: 0.1, act: reprice },
  { name: 'change the merchant number', probability: 0.05, act: changeMerchant },
  { name: 'switch the channel', probability: 0.15, act: switchChannel },
  { name: 'publish items anew', probability: 0.1, act: publishAnew },
  { name: 'ask Apple', probability: 0.15, most: 2, act: askApple },
  { name: 'complain', probability: 0.15, act: complain },
  { name: 'refund in the console', probability: 0.2, most: 2, act: refundInConsole },
  { name: 'release what is held', probability: 0.5, most: 2, act: releaseHeld },
  { name: 'write nonsense', probability: 0.05, act: writeNonsense },
  { name: 'call as an outsider', probability: 0.3, most: 4, act: callAsOutsider },
];

/** Added later: each is drawn from a stream of its own, so that seeds from before keep what they had. */
const ACTS_SINCE: readonly Act[] = [
  { name: 'deal with alarms', probability: 0.3, most: 3, act: dealWithAlarms },
  { name: 'refund during a look', probability: 0.4, most: 2, act: refundDuringALook },
  { name: 'shorten a membership', probability: 0.6, most: 3, act: shortenMembership },
];
