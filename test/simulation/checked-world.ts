import type { AlarmBook } from './alarms.ts';
import type { Books } from './books.ts';
import type { Findings } from './findings.ts';
import type { PaymentSide } from './payment-side.ts';
import type { RefundsAsked } from './refunds-asked.ts';

/** What the checks look at. */
export interface CheckedWorld {
  readonly now: () => number;
  readonly books: Books;
  readonly payments: () => Pick<PaymentSide, 'order' | 'orders' | 'refundedOf' | 'refunds'>;
  readonly findings: Findings;
  readonly alarms: AlarmBook;
  readonly refundsAsked: RefundsAsked;
  /** Since when nothing goes wrong any more; Infinity before that. */
  readonly calmSince: () => number;
  /** How far a function's clock may be off. */
  readonly skewMs: number;
}
