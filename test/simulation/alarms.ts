import type { AlarmCode } from '../../cloudfunctions/_shared/order/alarms.ts';
import type { Findings } from './findings.ts';
import type { NoticeForgery } from './payment-side.ts';

/** What a human is alarmed of: every cause that a run can bring about, and the code that it calls for. */
export const ALARM_OF = {
  // A notice that is correctly signed and yet not true of an order that waits for its payment.
  'wrong amount': 'AMOUNT_MISMATCH',
  'wrong payer': 'PAYER_MISMATCH',
  'wrong app': 'APPID_MISMATCH',
  'other algorithm': 'SIGN_TYPE_MISMATCH',
  // One that is about nothing of ours.
  'wrong merchant': 'NOTICE_REFUSED',
  'wrong order': 'ORDER_UNKNOWN',
  // Money for an order that a human is still looking into.
  'payment while under review': 'HELD',
  // The merchant's own doing.
  'order unreadable': 'ORDER_UNREADABLE',
  'product unreadable': 'PRODUCT_UNREADABLE',
  'membership unreadable': 'MEMBERSHIP_UNREADABLE',
  'refund before the payment was seen': 'REFUND_BEFORE_PAYMENT',
  'two payments for one order': 'PAID_TWICE',
  'part refunded elsewhere': 'REFUND_ELSEWHERE',
  'refund refused': 'REFUND_REFUSED',
  'refund failed': 'REFUND_ABNORMAL',
  'key unknown to WeChat': 'MERCHANT_MISCONFIGURED',
  // The token under which a question is asked again can die as well: WeChat then refuses it twice.
  'token refused twice': 'MERCHANT_MISCONFIGURED',
  // Virtual payment refuses the shop; the errcode is the subject.
  'virtual payment not opened': 'MERCHANT_MISCONFIGURED',
  'address not on the allow-list': 'MERCHANT_MISCONFIGURED',
  // So does WeChat where shoppers are reminded.
  'messages refused': 'MESSAGE_REFUSED',
  'order of another merchant': 'MERCHANT_CHANGED',
  'price without a published item': 'ITEM_NOT_PUBLISHED',
  'payment after the close': 'PAID_AFTER_CLOSE',
  'complaint of a shopper': 'COMPLAINT_RECEIVED',
  // What the bill of a day says, or does not say.
  'payment twice in its bill': 'BILL_MISMATCH',
  'payment in no bill': 'BILL_PAYMENT_MISSING',
  'refund in no bill': 'BILL_REFUND_MISSING',
  'order of ours that is not here': 'ORDER_UNKNOWN',
  // The shipping service takes an order for somebody else's.
  'shipping refused': 'DELIVERY_NOT_MARKED',
  // What query_order says that is not documented.
  'unclear payment': 'PAYMENT_STATE_UNKNOWN',
} as const satisfies Record<string, AlarmCode>;

export type Cause = keyof typeof ALARM_OF;

/** Of these nobody is alarmed: anybody can send them. */
type Unsigned = 'wrong sign' | 'no sign' | 'changed amount';

export function causeOfForgery(forgery: NoticeForgery): Exclude<NoticeForgery, Unsigned> | undefined {
  return forgery === 'wrong sign' || forgery === 'no sign' || forgery === 'changed amount'
    ? undefined
    : forgery;
}

/**
 * The alarms that a run calls for beside those it raised. A cause that certainly reached a function, and whose function was
 * not disturbed, must have its alarm; one that may have reached it may have it; any other alarm is a mistake.
 */
export class AlarmBook {
  readonly #possible = new Set<string>();
  readonly #due = new Map<string, Cause>();
  readonly #raised = new Set<string>();

  expect(cause: Cause, subject: string, { isSure }: { readonly isSure: boolean }): void {
    const alarm = `${ALARM_OF[cause]}:${subject}`;
    this.#possible.add(alarm);
    if (isSure) this.#due.set(alarm, cause);
  }

  /** Whether in the log or in the database: either is enough. */
  raised(code: string, subject: string): void {
    this.#raised.add(`${code}:${subject}`);
  }

  check(findings: Findings): void {
    for (const alarm of this.#raised) {
      if (!this.#possible.has(alarm))
        findings.report('alarms by the table', `${alarm} was raised, and nothing called for it`);
    }
    for (const [alarm, cause] of this.#due) {
      if (!this.#raised.has(alarm))
        findings.report('alarms by the table', `${cause} calls for ${alarm}, which was not raised`);
    }
  }
}
