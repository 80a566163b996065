import type { ConsoleEvent, OrderHereAndThere } from '../../wire.ts';
import { CHANNELS } from '../words/channels.ts';
import { say } from '../words/language.ts';
import { NARRATION } from '../words/narration.ts';
import { field, textField } from './fields.ts';
import { isWrite, valuesSet } from './transaction.ts';
import { DELIVER_EVENT } from './virtual-messages.ts';

export interface Narration {
  readonly out_trade_no: string;
  readonly sentence: string;
}

/** The latest order that anything happened to, and its state, in one sentence. */
export function narrate(
  events: readonly ConsoleEvent[],
  orders: readonly OrderHereAndThere[],
): Narration | undefined {
  const named = events.findLast((event) => orders.some((order) => isAbout(event, order.out_trade_no)));
  const order = orders.find(({ out_trade_no }) => named && isAbout(named, out_trade_no)) ?? orders[0];
  return order && { out_trade_no: order.out_trade_no, sentence: sentenceOf(events, order) };
}

/** An order's state in one sentence, and how it came to it. */
export function sentenceOf(events: readonly ConsoleEvent[], order: OrderHereAndThere): string {
  const { here, there, cancelled, under_review, channel } = order;
  const words = say(NARRATION);
  const { name, sends } = say(CHANNELS)[channel];
  const isLost = events.some((event) => isLostSending(event, order.out_trade_no));
  if (under_review) return words.review;
  if (here === 'SUCCESS') return foundBy(settlerOf(events, order.out_trade_no), { isLost, name, sends });
  if (here === 'CLOSED') return cancelled ? words.cancelledAndClosed : words.expired;
  if (here === 'REFUND') return words.refunded;
  if (here === null) return words.onlyThere(name);
  if (there === 'SUCCESS') return isLost ? words.paidAndLost(sends) : words.paidAndWaiting(sends);
  if (cancelled) return words.cancelled(name);
  // Virtual payment has an order once its cashier opens, so one that it does not have is as usual.
  return there === null && channel === 'wechatpay' ? words.onlyHere(name) : words.unpaid;
}

/** How an order was found to be paid, by the function that settled it. */
function foundBy(
  settler: string | undefined,
  { isLost, name, sends }: { readonly isLost: boolean; readonly name: string; readonly sends: string },
): string {
  const { found, settled } = say(NARRATION);
  switch (settler) {
    case 'payNotify':
    case 'virtualPayNotify':
      return isLost ? found.receivedAgain(sends) : found.received(sends);
    case 'queryOrders':
      return isLost ? found.timerAfterLoss(sends) : found.timer(sends);
    case 'checkOrder':
      return isLost ? found.pageAfterLoss(sends) : found.page(name);
    case 'cancelOrder':
      return found.cancelling(name);
    default:
      return settled;
  }
}

function isLostSending({ kind, label, payload }: ConsoleEvent, out_trade_no: string): boolean {
  if (kind !== 'lost' || (label !== 'notice' && label !== DELIVER_EVENT)) return false;
  return (textField(payload, 'out_trade_no') ?? textField(payload, 'OutTradeNo')) === out_trade_no;
}

/** The function in whose course the order was written SUCCESS. */
function settlerOf(events: readonly ConsoleEvent[], out_trade_no: string): string | undefined {
  const write = events.findLast(
    ({ to, label, payload }) =>
      to === 'database' &&
      isWrite(label) &&
      String(field(payload, 'query')).includes(out_trade_no) &&
      textField(valuesSet(payload), 'trade_state') === 'SUCCESS',
  );
  const { invocation } = write ?? {};
  return events.find(({ id, kind }) => invocation !== undefined && id === invocation && kind === 'call')
    ?.label;
}

/** A forged notice says nothing about an order. */
function isAbout({ label, payload, about }: ConsoleEvent, out_trade_no: string): boolean {
  if (label.startsWith('forged: ')) return false;
  return (
    about === out_trade_no ||
    textField(payload, 'out_trade_no') === out_trade_no ||
    textField(payload, 'OutTradeNo') === out_trade_no ||
    textField(payload, 'order', 'out_trade_no') === out_trade_no
  );
}
