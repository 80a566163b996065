import { createHash } from 'node:crypto';
import { shorten } from '../shorten.ts';
import { type ChannelAlarmCode, ChannelError } from './channel.ts';
import type { RefundAlarmCode } from './refunds/decide-refund.ts';
import type { RefusalCode } from './state.ts';
import { isUnreadable } from './unreadable.ts';

export type AlarmCode =
  | RefusalCode
  | ChannelAlarmCode
  /** Money came for an order that was closed. It was honoured. */
  | 'PAID_AFTER_CLOSE'
  /** An order and the one that took its place were both paid. Both were honoured; one is to be refunded. */
  | 'PAID_TWICE'
  | RefundAlarmCode
  /** WeChat reports a refund that does not fit its order, or more than was paid. Nothing was booked. */
  | 'REFUND_MISMATCH'
  /** WeChat does not give the money of a refund back for now; the message says what to do. It stays reserved. */
  | 'REFUND_REFUSED'
  /** WeChat was told for a week that a paid order was delivered, and did not take it; or it refuses that for good. */
  | 'DELIVERY_NOT_MARKED'
  /** A shopper complained to WeChat about an order. */
  | 'COMPLAINT_RECEIVED'
  /** A notice with a valid sign about an order that we do not have. */
  | 'ORDER_UNKNOWN'
  /** An open order was made under another mch_id than the functions have now; nobody can ask WeChat about it. */
  | 'MERCHANT_CHANGED'
  /** A notice with a valid sign that is about another merchant, or lacks what a notice must have. */
  | 'NOTICE_REFUSED'
  /** A membership that was there could not be read; the paid term was counted from now. */
  | 'MEMBERSHIP_UNREADABLE'
  /** WeChat refuses the messages by which shoppers are reminded; none is sent until a human fixes it. */
  | 'MESSAGE_REFUSED'
  /** A document of `orders` that cannot be read. */
  | 'ORDER_UNREADABLE'
  /** A document of `products` that cannot be read, so it is not sold. */
  | 'PRODUCT_UNREADABLE'
  /** A day's bill and an order disagree: the amount, the number of the payment, a payment that is listed twice or not confirmed. */
  | 'BILL_MISMATCH'
  /** An order that was paid here is in neither the bill of its day nor the next one's. */
  | 'BILL_PAYMENT_MISSING'
  /** A refund that was booked here as given back is in no bill up to that of the day after, and every bill that may have it was read. */
  | 'BILL_REFUND_MISSING'
  /** A day's bill, or lines of it, cannot be read, or what it sums up is not what it lists. */
  | 'BILL_UNREADABLE'
  /** A day's bill is not there a day after it should be. */
  | 'BILL_UNAVAILABLE'
  /** WeChat Pay refuses us: key, merchant, permission, or a parameter. */
  | 'MERCHANT_MISCONFIGURED';

/** A document of `alarms`: what a human must look at. */
export interface Alarm {
  /** Derived from the case, so that raising it again adds none, and another case gets a document of its own. */
  readonly _id: string;
  readonly code: AlarmCode;
  /** An out_trade_no, a product_id, or WeChat's err_code. */
  readonly subject: string;
  readonly message: string;
  readonly created_at: Date;
  /** When the merchant's group chat was told. Absent or null: it was not, or the shop has no robot. */
  readonly told_at?: Date | null;
  /** When somebody said that it was dealt with, and who. Absent or null: nobody has. */
  readonly done_at?: Date | null;
  readonly done_by?: string | null;
}

export function alarm(code: AlarmCode, about: string, reason: string, now: Date): Alarm {
  const subject = shorten(about, SUBJECT_CHARACTERS_MAX);
  const message = shorten(reason);
  return { _id: `${code}:${subject}:${digestOf(message)}`, code, subject, message, created_at: now };
}

/** Longer than any out_trade_no, product_id or err_code; the subject is part of the document's _id. */
const SUBJECT_CHARACTERS_MAX = 128;

/** The message says which case it is: one merchant can be misconfigured in two ways, one order paid wrongly twice. */
function digestOf(message: string): string {
  return createHash('sha256').update(message).digest('hex').slice(0, 8);
}

/** The alarm that a failure calls for; undefined when trying again is all there is to do. */
export function alarmOf(error: unknown, now: Date): Alarm | undefined {
  if (!(error instanceof ChannelError)) return undefined;
  switch (error.code) {
    case 'PATIENCE':
    case 'UNKNOWN':
      return undefined;
    case 'MISCONFIGURED':
    case 'REFUSED':
      return alarm('MERCHANT_MISCONFIGURED', error.err_code ?? error.reason, error.message, now);
  }
}

/** The same of a failure in the work on one order, whose documents may be the reason. */
export function alarmOfOrder(error: unknown, out_trade_no: string, now: Date): Alarm | undefined {
  return isUnreadable(error)
    ? alarm('ORDER_UNREADABLE', out_trade_no, error.message, now)
    : alarmOf(error, now);
}
