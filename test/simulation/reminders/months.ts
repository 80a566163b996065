import type { Chance } from '../chance.ts';
import { refundByOperators } from '../operator.ts';
import { APPID, type Shop } from '../shop.ts';
import { shopping } from '../shopper.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Longer terms end after that; what they would show, the shorter ones show. */
const DAYS_MAX = 100;
const RENEW = 0.4;

/**
 * The months after a week, in which memberships end: some are renewed before or after that, some money is given back, and everything goes wrong
 * again. Answers when quiet falls.
 */
export function planMonths(shop: Shop, chance: Chance): number {
  const { scheduler, books, faults, log } = shop;
  log.record('run', 'months');
  faults.resume();
  const last = scheduler.time + DAYS_MAX * DAY_MS;
  const ends = [...books.reminders.values()].flatMap(({ _openid, membership }) => {
    const openid = String(_openid);
    const product_id = String(membership);
    const end = books.memberships.get(openid)?.get(product_id) ?? 0;
    return end > scheduler.time && end < last ? [{ openid, product_id, end }] : [];
  });
  for (const [place, { openid, product_id, end }] of ends.entries()) {
    const own = chance.branch(`renewal ${place}`);
    if (!own.happens(RENEW)) continue;
    const payer = { openid, appid: APPID };
    const request_id = `renewal-${String(place).padStart(10, '0')}`;
    const plan = { payer, request_id, product_id, months: own.pick([1, 3] as const), isBrief: false };
    const at = end - own.whole(-12, 120) * HOUR_MS - own.whole(0, HOUR_MS);
    scheduler.at(at, () => shopping(shop, plan, own.branch(request_id)));
  }
  for (let times = chance.whole(0, 2); times > 0; times--) {
    const own = chance.branch(`refund ${times}`);
    scheduler.after(own.whole(1, DAYS_MAX) * DAY_MS, () =>
      faults.isQuiet ? undefined : refundByOperators(shop, own),
    );
  }
  return Math.max(scheduler.time, ...ends.map(({ end }) => end)) + DAY_MS;
}
