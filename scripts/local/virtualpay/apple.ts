import type { WorldClock } from '../clock.ts';
import type { Choices } from './choices.ts';
import { appleQuestion } from './events.ts';
import { type Ledger, type LedgerOrder, refundedFee } from './ledger.ts';
import type { Pushes } from './pushes.ts';
import type { Refunds } from './refunds.ts';

/** How long Apple's question may take, and how often it is asked. */
export const APPLE_TIMEOUT_MS = 3000;
export const APPLE_QUESTIONS_MAX = 3;

export interface AppleDecision {
  /** What the function answered; undecided when it answered none of the two, three times. */
  readonly answer: 'agree' | 'refuse' | 'undecided';
  readonly asked: number;
  readonly isRefunded: boolean;
}

interface Surroundings {
  readonly clock: WorldClock;
  readonly ledger: Ledger;
  readonly pushes: Pushes;
  readonly refunds: Refunds;
  readonly choices: Choices;
}

/**
 * The shopper asks Apple for the money back: WeChat asks the merchant's function, and Apple decides. It follows the
 * answer, and refunds when there is none, unless `decides` says what it does whatever the answer is.
 */
export async function askApple(
  { clock, pushes, refunds, choices }: Surroundings,
  order: LedgerOrder,
  { reason = 'UNINTENDED_PURCHASE', decides }: { reason?: string; decides?: 'refund' | 'decline' } = {},
): Promise<AppleDecision> {
  if (!order.is_apple || !order.payment) throw new Error(`Order ${order.out_trade_no} was not paid by Apple`);
  const { out_trade_no, wx_order_id, payment } = order;
  const numbers = { out_trade_no, wx_order_id, transaction_id: payment.transaction_id };
  const question = { pay_order_id: numbers[choices.payOrderId], reason };
  let answer: AppleDecision['answer'] = 'undecided';
  let asked = 0;
  while (answer === 'undecided' && asked < APPLE_QUESTIONS_MAX) {
    asked++;
    const body = appleQuestion(order, question, clock.now());
    answer = answerIn((await pushes.once(body, { timeout_ms: APPLE_TIMEOUT_MS })).answer);
  }
  const isRefunded = decides ? decides === 'refund' : answer !== 'refuse';
  if (isRefunded) refunds.begin(order, { refund_fee: order.price - refundedFee(order) });
  return { answer, asked, isRefunded };
}

/** The flat form; whether it must be in IosRefundQueryResponse is not established. */
function answerIn(answer: unknown): AppleDecision['answer'] {
  if (typeof answer !== 'object' || answer === null || !('result_code' in answer)) return 'undecided';
  if (answer.result_code === 0) return 'agree';
  return answer.result_code === 1 ? 'refuse' : 'undecided';
}
