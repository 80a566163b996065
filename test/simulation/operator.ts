import type { Chance } from './chance.ts';
import type { StoredOrder } from './documents.ts';
import { OPERATORS } from './operators.ts';
import { APPID, type Shop } from './shop.ts';

const MINUTE_MS = 60_000;
/** How often somebody asks again who got no answer, always under the same request_id. */
const ATTEMPTS_MAX = 4;

/** How long somebody leaves a page open before they act on it. */
const PAGE_OPEN_MS = 15 * MINUTE_MS;

/**
 * One operator or two give money of an order back, wholly or in part, or take days and give nothing back, as each of them
 * sees the order: half of them on a page that was opened a while ago.
 */
export async function refundByOperators(shop: Shop, chance: Chance): Promise<void> {
  const order = somePaid(shop, chance);
  if (!order) return;
  const operators = chance.happens(0.4) ? OPERATORS : [chance.pick(OPERATORS)];
  await Promise.all(
    operators.map(async (openid, place) => {
      const own = chance.branch(`operator ${place}`);
      await shop.scheduler.sleep(own.whole(0, 3) * own.whole(0, MINUTE_MS));
      // Drawn from a stream of its own: what else there is in a week stays as it was.
      const page = own.branch('page');
      if (shop.isPlain || page.happens(0.5))
        return refundAs(shop, { openid, seen: seenNow(shop, order), chance: own });
      await shop.scheduler.sleep(page.whole(0, PAGE_OPEN_MS));
      await refundAs(shop, { openid, seen: order, chance: own });
    }),
  );
}

/** How long an answer of WeChat is waited for, at the least: the refund that comes between is asked for and done within that. */
const ASIDE_MS = { min: 1500, max: 3500 };

/**
 * An operator gives a part of an order of virtual payment back, and another part while WeChat is asked, after the first has ended,
 * what was given back elsewhere.
 */
export async function refundDuringALook(shop: Shop, chance: Chance): Promise<void> {
  const { books, payments, asides, scheduler, faults } = shop;
  const order = [...books.orders.values()].find(
    ({ out_trade_no, channel, hasOpenRefund }) =>
      channel === 'virtualpay' && !hasOpenRefund && payments.leftOf(out_trade_no) > 3,
  );
  if (!order) return;
  const { out_trade_no } = order;
  const refund_fee = chance.whole(1, Math.floor(payments.leftOf(out_trade_no) / 3));
  const give = (own: Chance) =>
    refundAs(shop, { openid: own.pick(OPERATORS), seen: seenNow(shop, order), chance: own, refund_fee });
  asides.set(out_trade_no, async () => {
    const now = books.orders.get(out_trade_no);
    if (!now?.refunded_fee || now.hasOpenRefund || faults.isQuiet) return;
    asides.delete(out_trade_no);
    scheduler.after(0, () => give(chance.branch('second')));
    await scheduler.sleep(chance.whole(ASIDE_MS.min, ASIDE_MS.max));
  });
  await give(chance.branch('first'));
}

/** Somebody who is no operator tries to give money back, to themselves above all. */
export async function refundByAnybody(shop: Shop, chance: Chance): Promise<void> {
  const order = somePaid(shop, chance);
  if (!order) return;
  const request = requestFor(order, `${order.openid}-${chance.whole(1, 9999)}`, chance);
  const payer = chance.happens(0.8) ? { openid: order.openid, appid: APPID } : undefined;
  shop.log.record('anybody', `asks to be given ${order.out_trade_no} back`);
  const name = chance.pick(['refundOrder', 'refundOrder', 'operateShop'] as const);
  // What the platform itself adds to a client's call.
  const event = { ...request, act: 'refund', by: 'anybody', request, userInfo: {} };
  const outcome = await shop.platform.invoke(name, event, { payer });
  if (outcome.kind !== 'answered') return;
  const { errcode } = Object(outcome.answer);
  if (errcode === undefined)
    shop.findings.report('only operators refund', `somebody was answered ${JSON.stringify(outcome.answer)}`);
}

/** The merchant's staff give a part back in the merchant platform, or all that is left; a notice reports it. */
export async function refundByStaff(shop: Shop, chance: Chance): Promise<void> {
  const order = somePaid(shop, chance);
  const left = order && shop.payments.leftOf(order.out_trade_no);
  if (!order || !left) return;
  const refund_fee = chance.happens(0.5) ? left : chance.whole(1, left);
  shop.log.record('staff', `give ${refund_fee} fen of ${order.out_trade_no} back`);
  const { out_trade_no } = order;
  if (refund_fee < order.total_fee)
    shop.alarms.expect('part refunded elsewhere', out_trade_no, { isSure: false });
  shop.payments.refundByStaff(out_trade_no, refund_fee);
}

function seenNow({ books }: Shop, order: StoredOrder): StoredOrder {
  return books.orders.get(order.out_trade_no) ?? order;
}

/** The same request as a page sends it: half of them count refunds, and now and then it takes days and gives nothing back. */
function counted(
  request: ReturnType<typeof requestFor>,
  { refunds: expected_refunds }: StoredOrder,
  chance: Chance,
) {
  if (chance.happens(0.8)) return chance.happens(0.5) ? { ...request, expected_refunds } : request;
  return { ...request, refund_fee: 0, takes: { days: chance.whole(1, 60) }, expected_refunds };
}

async function refundAs(
  shop: Shop,
  {
    openid,
    seen,
    chance,
    ...some
  }: { openid: string; seen: StoredOrder; chance: Chance; refund_fee?: number },
): Promise<void> {
  const { log, platform, scheduler, faults } = shop;
  const money = { ...requestFor(seen, `${openid}-${chance.whole(1, 99_999)}`, chance), ...some };
  const request =
    shop.isPlain || some.refund_fee !== undefined ? money : counted(money, seen, chance.branch('counted'));
  shop.refundsAsked.add(openid, request);
  for (let attempt = 0; attempt < ATTEMPTS_MAX && !faults.isQuiet; attempt++) {
    log.record(openid, `gives ${request.refund_fee} fen of ${request.out_trade_no} back`);
    const outcome = await platform.invoke('refundOrder', request, {
      payer: { openid, appid: APPID },
    });
    const isLost = outcome.kind !== 'answered' || faults.hits('answer lost');
    const { errcode, refund } = isLost ? { errcode: 'LOST', refund: undefined } : Object(outcome.answer);
    log.record(openid, `is answered ${errcode ?? refund?.state}`);
    if (!isLost && errcode !== 'INTERNAL_ERROR') {
      if (refund?.state === 'PROCESSING' && chance.happens(0.15))
        await giveUp(shop, refund.out_refund_no, chance);
      return;
    }
    await scheduler.sleep(chance.whole(1, 10 * MINUTE_MS));
  }
}

/** An administrator gives a refund up that takes too long. */
async function giveUp(
  { log, platform, scheduler }: Shop,
  out_refund_no: string,
  chance: Chance,
): Promise<void> {
  await scheduler.sleep(chance.whole(0, 20 * MINUTE_MS));
  log.record('administrator', `gives the refund ${out_refund_no} up`);
  await platform.invoke('operateShop', { act: 'give-up', by: 'administrator', out_refund_no });
}

/** An administrator says of some of the alarms that they were dealt with. */
export async function dealWithAlarms({ books, platform, log }: Shop, chance: Chance): Promise<void> {
  for (const [alarm_id, { done_at }] of [...books.alarms]) {
    if (done_at instanceof Date || chance.happens(0.5)) continue;
    log.record('administrator', `has dealt with ${alarm_id}`);
    await platform.invoke('operateShop', { act: 'alarm.done', by: 'administrator', alarm_id, done: true });
  }
}

/** Staff go on, in the merchant platform, with what could not be given back. */
export async function endFailedRefunds({ payments, log }: Shop): Promise<void> {
  log.record('staff', 'go on with every refund that failed');
  payments.endFailedRefunds();
}

/** What WeChat refuses for good is given up once all is quiet, so that it ends. */
export async function giveUpRefused({ books, platform, log }: Shop): Promise<void> {
  for (const { out_refund_no, out_trade_no, state, err_code } of [...books.refunds.values()]) {
    const isForStaff = books.orders.get(out_trade_no)?.channel === 'wechatpay';
    if (state === 'ABNORMAL' ? isForStaff : state !== 'PROCESSING' || err_code === '') continue;
    log.record('administrator', `gives the refund ${out_refund_no} up: ${err_code || state}`);
    await platform.invoke('operateShop', { act: 'give-up', by: 'administrator', out_refund_no });
  }
}

function requestFor(order: StoredOrder, request_id: string, chance: Chance) {
  const { out_trade_no, total_fee, refunded_fee, refund_reserved_fee } = order;
  const expected_refunded_fee = refunded_fee + refund_reserved_fee;
  const left = Math.max(1, total_fee - expected_refunded_fee);
  const refund_fee = chance.happens(0.4) ? left : chance.whole(1, left + (chance.happens(0.1) ? 500 : 0));
  const takes = chance.pick([undefined, undefined, 'all', 'none', { days: chance.whole(1, 60) }] as const);
  return {
    request_id: request_id.slice(-64).padStart(16, '0'),
    ...{ out_trade_no, refund_fee, reason: '退款', expected_refunded_fee },
    ...(takes !== undefined && { takes }),
  };
}

function somePaid({ books }: Shop, chance: Chance): StoredOrder | undefined {
  const paid = [...books.orders.values()].filter(
    ({ trade_state }) => trade_state === 'SUCCESS' || trade_state === 'REFUND',
  );
  const [first, ...rest] = paid;
  return first && chance.pick([first, ...rest]);
}
