import type { Document } from '../../scripts/local/cloud/database/value.ts';
import type { Chance } from './chance.ts';
import type { StoredOrder } from './documents.ts';
import type { BillTricks } from './payment-side.ts';
import type { Shop } from './shop.ts';
import { ENV_ID } from './virtual-side.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const BEIJING_MS = 8 * 60 * MINUTE_MS;
/** Half past ten in Beijing, in milliseconds of a day in UTC. */
const FIRST_RUN_MS = 150 * MINUTE_MS;
/** The day after the tricks, the day whose bill is waited for after a payment that is missing, and one more in which nothing is new. */
const MORNINGS = 3;

/**
 * Some mornings after a week: things happened that nobody was notified of, the bills have lines too few and too many, and
 * reconcileBills makes the books agree with WeChat's.
 */
export async function spendMornings(shop: Shop, chance: Chance): Promise<void> {
  const { bills, scheduler, log } = shop;
  if (!bills) return;
  log.record('run', 'mornings');
  const lost = playTricks(shop, bills, chance);
  const more = shop.isPlain ? undefined : chance.branch('more');
  if (more) loseRefunds(shop, bills, more);
  const told = new Set<string>();
  let isSilent = false;
  for (let morning = 1; morning <= MORNINGS; morning++) {
    const today = Math.floor(scheduler.time / DAY_MS) * DAY_MS + FIRST_RUN_MS;
    await scheduler.runUntil(today > scheduler.time ? today : today + DAY_MS);
    const isLate = isSilent && morning === 2;
    if (isLate) bills.delay();
    for (let run = 0; run < 3; run++) {
      scheduler.after(0, () => fire(shop, told));
      if (chance.happens(0.2)) scheduler.after(chance.whole(0, 200), () => fire(shop, told));
      // The day is begun, and its bill is there now: several runs read it at once.
      if (more && isLate && run === 1)
        for (let other = 0; other < 3; other++) scheduler.after(more.whole(0, 800), () => fire(shop, told));
      await scheduler.runUntil(scheduler.time + 10 * MINUTE_MS);
    }
    if (more && morning === 1) isSilent = takeSilently(shop, bills, more);
  }
  checkBooks(shop, lost);
  checkTold(shop, told);
  if (shop.chat.isThere) checkDays(shop);
}

/** After the first morning, so that its day alone is new on the second: money comes or goes, and nobody is notified. Whether it did. */
function takeSilently(shop: Shop, bills: BillTricks, chance: Chance): boolean {
  const { books, payments, alarms, log } = shop;
  if (!chance.happens(0.8)) return false;
  const ours = [...books.orders.values()].filter((order) => isCompared(shop, order));
  const closed = ours.find(({ out_trade_no, trade_state }) => {
    return trade_state === 'CLOSED' && payments.order(out_trade_no)?.trade_state === 'CLOSED';
  });
  if (closed) {
    log.record('WeChat', `takes money for ${closed.out_trade_no}, and notifies nobody`);
    bills.takeSilently(closed.out_trade_no);
    return true;
  }
  const paid = ours.find(
    ({ out_trade_no, hasOpenRefund }) => !hasOpenRefund && payments.leftOf(out_trade_no) > 1,
  );
  if (!paid) return false;
  const { out_trade_no } = paid;
  log.record('merchant', `gives a fen of ${out_trade_no} back at WeChat, and nobody is notified`);
  alarms.expect('part refunded elsewhere', out_trade_no, { isSure: false });
  bills.refundSilently(out_trade_no, 1);
  return true;
}

/** The refunds of an order that was given back whole are in no bill, and all of them are booked here. */
function loseRefunds(shop: Shop, bills: BillTricks, chance: Chance): void {
  const { books, payments, alarms } = shop;
  const order = [...books.orders.values()].find((each) => {
    const { out_trade_no, refunded_fee, total_fee } = each;
    const isBooked = refunded_fee === total_fee && payments.refundedOf(out_trade_no) === refunded_fee;
    return isBooked && isCompared(shop, each);
  });
  if (!order || !chance.happens(0.6)) return;
  alarms.expect('refund in no bill', order.out_trade_no, { isSure: true });
  bills.loseRefunds(order.out_trade_no);
}

/** Answers the orders whose payments are in no bill. */
function playTricks(shop: Shop, bills: BillTricks, chance: Chance): ReadonlySet<string> {
  const { books, payments, alarms, log } = shop;
  const ours = [...books.orders.values()].filter(
    (order) => isCompared(shop, order) && payments.order(order.out_trade_no) !== undefined,
  );
  const paid = ours.filter(({ out_trade_no }) => payments.order(out_trade_no)?.isPaid);
  const [lost, twice, refunded] = paid.map(({ out_trade_no }) => out_trade_no);
  const isAsked = () => chance.happens(0.6);
  const closed = ours.find(({ out_trade_no, trade_state }) => {
    return trade_state === 'CLOSED' && payments.order(out_trade_no)?.trade_state === 'CLOSED';
  });
  if (closed && isAsked()) {
    log.record('WeChat', `takes money for ${closed.out_trade_no}, and notifies nobody`);
    bills.takeSilently(closed.out_trade_no);
  }
  if (refunded !== undefined && isAsked() && payments.leftOf(refunded) > 0) {
    const fee = chance.happens(0.5) ? payments.leftOf(refunded) : 1;
    log.record('merchant', `gives ${fee} fen of ${refunded} back at WeChat, and nobody is notified`);
    alarms.expect('part refunded elsewhere', refunded, { isSure: false });
    bills.refundSilently(refunded, fee);
  }
  if (twice !== undefined && isAsked()) {
    alarms.expect('payment twice in its bill', twice, { isSure: true });
    bills.repeat(twice);
  }
  if (isAsked()) {
    bills.payElsewhere('another-environment', 'test-1a2b3c');
    bills.payElsewhere('another-program', '');
  }
  // A shop that never sold anything has no days to compare.
  if (isAsked() && books.orders.size > 0) {
    alarms.expect('order of ours that is not here', 'lost-document', { isSure: true });
    bills.payElsewhere('lost-document', ENV_ID);
  }
  if (lost === undefined || !isAsked()) return new Set();
  alarms.expect('payment in no bill', lost, { isSure: true });
  bills.lose(lost);
  return new Set([lost]);
}

async function fire(shop: Shop, told: Set<string>): Promise<void> {
  const { platform, log, findings, scheduler } = shop;
  log.record('timer', 'runs reconcileBills');
  const Time = scheduler.now().toISOString();
  const event = { Type: 'Timer', TriggerName: 'reconcileBills', Time, Message: '' };
  const outcome = await platform.invoke('reconcileBills', event);
  const answer = outcome.kind === 'answered' ? JSON.stringify(outcome.answer) : outcome.kind;
  log.record('reconcileBills', `ends: ${answer}`);
  for (const each of repaired(shop)) told.add(each);
  if (outcome.kind !== 'answered' || answer.includes('errcode'))
    findings.report('no crash', `reconcileBills: ${outcome.kind === 'threw' ? outcome.error : answer}`);
}

/** Whether an order is of the merchant whose bills are read, and nobody looks into it. */
function isCompared({ books }: Shop, { out_trade_no, channel, held }: StoredOrder): boolean {
  return channel === 'wechatpay' && !held && !books.ofAnotherMerchant.has(out_trade_no);
}

function checkBooks(shop: Shop, lost: ReadonlySet<string>): void {
  const { books, payments, findings, cloud, scheduler } = shop;
  const differs = (message: string) => findings.report('the books agree after the bill', message);
  let there = 0;
  for (const order of books.orders.values()) {
    const { out_trade_no, trade_state, refunded_fee, channel } = order;
    const truth = payments.order(out_trade_no);
    if (channel === 'wechatpay' && truth?.isPaid && !lost.has(out_trade_no)) there += truth.total_fee;
    if (!isCompared(shop, order)) continue;
    const isPaidHere = trade_state === 'SUCCESS' || trade_state === 'REFUND';
    if (isPaidHere !== (truth?.isPaid ?? false))
      differs(`${out_trade_no} is ${trade_state} here, and ${truth?.trade_state ?? 'unknown'} at WeChat`);
    const given = payments.refundedOf(out_trade_no);
    if (isPaidHere && given !== refunded_fee)
      differs(`${refunded_fee} fen of ${out_trade_no} are given back here, ${given} at WeChat`);
  }
  const days = cloud.documents('bills').filter(({ channel }) => channel === 'wechatpay');
  const open = days.filter(({ state }) => state !== 'DONE').map(({ bill_date }) => String(bill_date));
  if (open.length > 0) differs(`the days ${open.join(', ')} are not done`);
  const yesterday = chinaDate(scheduler.time - DAY_MS);
  if (books.orders.size > 0 && !days.some(({ bill_date }) => bill_date === yesterday))
    differs(`the day ${yesterday} is not compared`);
  const here = days.reduce((sum, day) => sum + feeOf(day), 0);
  if (here !== there) differs(`the days say that ${here} fen were paid, and WeChat has ${there}`);
}

const CHANNEL_NAMES = new Map([
  ['微信支付', 'wechatpay'],
  ['虚拟支付', 'virtualpay'],
]);

/** What was said of the days, against their documents; and that yesterday was said at all. */
function checkDays({ cloud, telling, findings, scheduler }: Shop): void {
  const bills = cloud.documents('bills');
  const nameOf = (bill_date: string) =>
    `${Number(bill_date.slice(4, 6))} 月 ${Number(bill_date.slice(6))} 日`;
  const days = telling.days();
  for (const { day, channels } of days) {
    for (const [name, { payments, refunds, fees }] of channels) {
      const channel = CHANNEL_NAMES.get(name);
      const bill = bills.find((each) => each.channel === channel && nameOf(String(each.bill_date)) === day);
      const { count, fee } = Object(bill?.payments);
      const { count: given, fee: refund } = Object(bill?.refunds);
      const isSame =
        payments.count === count && payments.fee === fee && refunds.count === given && refunds.fee === refund;
      if (!isSame || fees !== bill?.fees)
        findings.report('the day as it was', `${day} is told otherwise than its bill of ${channel} has it`);
    }
  }
  const yesterday = new Date(scheduler.time + BEIJING_MS - DAY_MS).toISOString().slice(0, 10);
  if (!days.some(({ day }) => day === nameOf(yesterday.replaceAll('-', ''))))
    findings.report('the merchant is told', `nobody was told of the day ${yesterday}`);
}

/** Bills are of a day in China. */
function chinaDate(time: number): string {
  return new Date(time + BEIJING_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

/** What days say was repaired, as `day number`. */
function repaired({ cloud }: Shop): string[] {
  return cloud.documents('bills').flatMap(({ _id, details }) =>
    (Array.isArray(details) ? details : []).flatMap((detail) => {
      const { kind, out_trade_no } = Object(detail);
      return kind === 'repaired' ? [`${_id} ${out_trade_no}`] : [];
    }),
  );
}

/** What a day said once it says for good, however many runs read its bill: of two at once, one writes it. */
function checkTold(shop: Shop, told: ReadonlySet<string>): void {
  const says = new Set(repaired(shop));
  for (const each of told)
    if (!says.has(each))
      shop.findings.report(
        'the books agree after the bill',
        `${each} was repaired, and its day says so no more`,
      );
}

function feeOf({ payments }: Document): number {
  return Number(Object(payments).fee);
}
