import type { Chance } from './chance.ts';
import type { Payer } from './payment-side.ts';
import type { PhoneAnswer } from './phone-messages.ts';
import { VIP } from './products.ts';
import { maybeAgree } from './reminders/consents.ts';
import type { Shop } from './shop.ts';

/** What a shopper means to do. */
export interface Plan {
  readonly payer: Payer;
  readonly request_id: string;
  readonly product_id: string;
  readonly months: number;
  /** The request_id of an order that this one is to replace. */
  readonly supersedes?: string;
  /** In a crowd people order, pay and are gone. */
  readonly isBrief: boolean;
}

const MINUTE_MS = 60_000;

/** One purchase, or an attempt at one, as people make them: they hurry, wait, change their mind and come back. */
export async function shopping(shop: Shop, plan: Plan, chance: Chance): Promise<void> {
  const bought = await order(shop, plan, chance);
  if (!bought?.payment || !bought.order) {
    // The list of orders shows one that may never have reached WeChat.
    const placed = shop.books.ordered(plan.payer.openid, plan.request_id);
    if (placed !== '' && chance.happens(0.5))
      await shop.phone.call('cancelOrder', { out_trade_no: placed }, plan.payer);
    return;
  }
  const { out_trade_no } = bought.order;
  // Another choice in place of this one; the cashier of the first may be open all the same.
  if (plan.supersedes === undefined && !plan.isBrief && chance.happens(0.2)) {
    const supersedes = plan.request_id;
    const months = chance.pick([1, 3, 6, 12] as const);
    const other = { ...plan, request_id: `${supersedes}-b`, months, supersedes };
    shop.scheduler.after(chance.whole(500, 60_000), () =>
      shopping(shop, other, chance.branch(other.request_id)),
    );
  }
  let { payment } = bought;
  for (let attempt = 0; attempt < 3; attempt++) {
    const signature = payment;
    shop.hurries.set(out_trade_no, () => {
      shop.hurries.delete(out_trade_no);
      const errMsg = shop.payments.requestPayment(signature, plan.payer, 'pay');
      shop.log.record(plan.payer.openid, `hurries to pay ${out_trade_no}: ${errMsg}`);
    });
    await shop.scheduler.sleep(thinkingMs(chance));
    if (chance.happens(0.15)) await shop.phone.call('cancelOrder', { out_trade_no }, plan.payer);
    const act = chance.happens(0.6)
      ? 'pay'
      : chance.pick(['NOTENOUGH', 'PAYERROR', 'cancel', 'nothing'] as const);
    if (act === 'nothing') return maybeCheck(shop, plan, out_trade_no, chance);
    const errMsg = shop.payments.requestPayment(payment, plan.payer, act);
    shop.log.record(plan.payer.openid, `${act} ${out_trade_no}: ${errMsg}`);
    await shop.scheduler.sleep(chance.whole(50, 2000));
    if (errMsg.endsWith(':ok'))
      await maybeAgree(shop, { payer: plan.payer, out_trade_no }, chance.branch(`consent ${out_trade_no}`));
    if (plan.isBrief) return;
    await maybeCheck(shop, plan, out_trade_no, chance);
    if (errMsg.endsWith(':ok')) break;
    if (chance.happens(0.4)) break;
    const again = await order(shop, plan, chance);
    if (!again?.payment) break;
    payment = again.payment;
  }
  if (chance.happens(0.15)) await shop.phone.call('cancelOrder', { out_trade_no }, plan.payer);
  // The page is opened again much later, and asks.
  if (chance.happens(0.2)) {
    await shop.scheduler.sleep(chance.whole(1, 180) * MINUTE_MS);
    await shop.phone.call('checkOrder', { out_trade_no }, plan.payer);
  }
}

/** Asks for an order under its one request_id, again when no clear answer came, and at the new price when it changed. */
async function order(shop: Shop, plan: Plan, chance: Chance): Promise<PhoneAnswer | undefined> {
  const { request_id, product_id, months, payer, supersedes } = plan;
  let expected_total_fee = seenPrice(shop, plan);
  for (let attempt = 0; attempt < 4 && !shop.faults.isQuiet; attempt++) {
    const replaced = supersedes === undefined ? {} : { supersedes };
    // A page may not have seen yet that the product is sold the other way.
    const logsIn = product_id === VIP && (attempt > 0 || !chance.happens(0.05));
    const login = logsIn ? { code: shop.virtual.login(payer.openid) } : { code: '' };
    const request = { request_id, product_id, months, expected_total_fee, ...replaced, ...login };
    // Two taps on the button, or a page that asks again before it was answered.
    if (chance.happens(0.1)) void shop.phone.call('createOrder', request, payer);
    const answer = await shop.phone.call('createOrder', request, payer);
    if (answer?.payment) return answer;
    if (answer?.errcode === 'PRICE_CHANGED' && answer.total_fee) expected_total_fee = answer.total_fee;
    else if (
      answer &&
      !['WECHATPAY_UNAVAILABLE', 'INTERNAL_ERROR', 'LOGIN_CODE_INVALID'].includes(answer.errcode ?? '')
    )
      return answer;
    // Some do not ask twice.
    if (chance.happens(0.2)) return undefined;
    await shop.scheduler.sleep(chance.whole(1, 20) * 1000);
  }
  return undefined;
}

/** The price on the page, which may be from before the merchant's last edit. */
function seenPrice({ books, scheduler }: Shop, { product_id, months }: Plan): number {
  return books.pricesSince(product_id, months, scheduler.time - 10 * MINUTE_MS)[0] ?? 100;
}

/** The order page asks a few times what became of it. */
async function maybeCheck(
  { phone, scheduler }: Shop,
  { payer }: Plan,
  out_trade_no: string,
  chance: Chance,
): Promise<void> {
  for (let times = chance.whole(0, 3); times > 0; times--) {
    await phone.call('checkOrder', { out_trade_no }, payer);
    await scheduler.sleep(chance.whole(200, 6000));
  }
}

/** Mostly seconds, sometimes until the order's end and beyond. */
function thinkingMs(chance: Chance): number {
  if (chance.happens(0.7)) return chance.whole(500, 30_000);
  return chance.happens(0.7) ? chance.whole(1, 12) * MINUTE_MS : chance.whole(10, 125) * MINUTE_MS;
}
