import type { LedgerOrder, Payment } from './ledger.ts';
import { newPayment, paymentFields } from './payment.ts';
import { type SignType, sign } from './sign.ts';
import { newNonce, type Random } from './spelling.ts';
import { type Message, writeXml } from './xml.ts';

/** The ways a notice can be a lie, or true and yet not to be believed. */
export const FORGERY_NAMES = [
  'wrong sign',
  'no sign',
  'changed amount',
  'wrong amount',
  'wrong payer',
  'wrong merchant',
  'wrong app',
  'wrong order',
  'other algorithm',
] as const;
export type Forgery = (typeof FORGERY_NAMES)[number];

interface Trick {
  /** Said in place of the truth and signed. */
  readonly signed?: Readonly<Message>;
  /** Changed after it was signed; `sign: ''` leaves the signature out. */
  readonly changed?: Readonly<Message>;
  readonly key?: string;
  readonly otherAlgorithm?: true;
}

const FORGERIES: Readonly<Record<Forgery, Trick>> = {
  /** Signed with a key that is not the merchant's. */
  'wrong sign': { key: '0'.repeat(32) },
  'no sign': { changed: { sign: '' } },
  /** Signed, then the amount was changed. */
  'changed amount': { changed: { total_fee: '1' } },
  /** Validly signed, with an amount that is not the order's. */
  'wrong amount': { signed: { total_fee: '1', cash_fee: '1' } },
  /** Validly signed, paid by someone else. */
  'wrong payer': { signed: { openid: 'oSomebodyElse' } },
  /** Validly signed, about another merchant's order. */
  'wrong merchant': { signed: { mch_id: '1900000001' } },
  /** Validly signed, about another app's order. */
  'wrong app': { signed: { appid: 'wx0000000000000000' } },
  /** Validly signed, about an order that does not exist. */
  'wrong order': { signed: { out_trade_no: 'no-such-order' } },
  /** Validly signed by the algorithm that is not the order's: MD5 on an HMAC-SHA256 order. */
  'other algorithm': { otherAlgorithm: true },
};

/** The notice of a payment, as it goes over the wire. It is written once: a repetition is the same bytes. */
export function composeNotice(order: LedgerOrder, payment: Payment, pen: Pen): string {
  const message = noticeFields(order, payment, pen);
  return writeXml(sorted({ ...message, sign: sign(message, pen.key, order.sign_type) }));
}

/** A notice that must not be believed, about an order that need not be paid. */
export function forgeNotice(order: LedgerOrder, forgery: Forgery, pen: Pen): string {
  const trick: Trick = FORGERIES[forgery];
  const payment = order.payment ?? newPayment(order, pen);
  const message = { ...noticeFields(order, payment, pen), ...trick.signed };
  const sign_type = trick.otherAlgorithm ? otherThan(order.sign_type) : order.sign_type;
  const signed = { ...message, sign: sign(message, trick.key ?? pen.key, sign_type), ...trick.changed };
  return writeXml(sorted(signed));
}

/** What a notice is written and signed with. */
export interface Pen {
  readonly key: string;
  readonly now: Date;
  readonly random: Random;
  readonly noticeSignType: boolean;
}

function noticeFields(order: LedgerOrder, payment: Payment, { random, noticeSignType }: Pen): Message {
  return sorted({
    return_code: 'SUCCESS',
    result_code: 'SUCCESS',
    appid: order.appid,
    mch_id: order.mch_id,
    nonce_str: newNonce(random),
    ...paymentFields(order, payment),
    ...(noticeSignType ? { sign_type: order.sign_type } : {}),
  });
}

/** Real notices have their fields by name, and leave out the empty ones. */
function sorted(message: Readonly<Message>): Message {
  return Object.fromEntries(
    Object.entries(message)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function otherThan(sign_type: SignType): SignType {
  return sign_type === 'MD5' ? 'HMAC-SHA256' : 'MD5';
}
