import type { AlarmBook } from './alarms.ts';
import type { Books } from './books.ts';
import { isUnsettled, type StoredOrder } from './documents.ts';
import type { Findings } from './findings.ts';
import type { PaymentSide } from './payment-side.ts';
import { ENV_ID, SANDBOX } from './virtual-side.ts';

interface Surroundings {
  readonly books: Books;
  readonly findings: Findings;
  readonly alarms: AlarmBook;
  readonly payments: () => Pick<PaymentSide, 'order'>;
}

/** An event as it was pushed, and what was known of its order when it came. */
export interface ArrivedEvent {
  readonly event: object;
  readonly out_trade_no: string;
  readonly before: StoredOrder | undefined;
}

/** Whether an event cannot be about its order: whoever made it, nothing may be done for it. */
export function contradicts({ event, before }: ArrivedEvent): boolean {
  const { Event, OpenId, Env, GoodsInfo } = Object(event);
  if (Event === 'xpay_subscribe_ios_refund_query_notify') return false;
  if (before?.channel !== 'virtualpay' || OpenId !== before.openid) return true;
  if (Event !== 'xpay_goods_deliver_notify') return false;
  const { Attach = '' } = Object(GoodsInfo);
  return Number(Env) === SANDBOX || (Attach !== '' && Attach !== ENV_ID);
}

/** Looks at what an event was answered; WeChat repeats no event that was answered with yes, and takes silence for one. */
export function checkEventAnswer(
  { books, findings, payments, alarms }: Surroundings,
  arrived: ArrivedEvent,
  answer: unknown,
): void {
  const { event, out_trade_no, before } = arrived;
  const { Event } = Object(event);
  if (typeof answer !== 'object' || answer === null) {
    findings.report('committed before SUCCESS', 'An event was answered with nothing, which counts as yes');
    return;
  }
  const { ErrCode, result_code } = Object(answer);
  if (result_code === 0 && before?.trade_state === 'SUCCESS')
    findings.report('no yes to a contradiction', `Apple was answered that ${out_trade_no} was not delivered`);
  if (ErrCode !== 0) return;
  if (Event === 'xpay_complaint_notify')
    alarms.expect('complaint of a shopper', out_trade_no, { isSure: true });
  if (contradicts(arrived))
    findings.report('no yes to a contradiction', `${Event} about ${out_trade_no} was answered with yes`);
  const order = books.orders.get(out_trade_no);
  const state = order?.trade_state ?? 'not there';
  const isOpen = !order || isUnsettled(order) || state === 'CLOSED';
  if (Event === 'xpay_goods_deliver_notify' && isOpen)
    findings.report(
      'committed before SUCCESS',
      `${out_trade_no} is ${state}, and its event was answered with yes`,
    );
  const isRefunded = !order?.held && payments().order(out_trade_no)?.trade_state === 'REFUND';
  if (Event === 'xpay_refund_notify' && isRefunded && state !== 'REFUND' && state !== 'CLOSED')
    findings.report(
      'committed before SUCCESS',
      `${out_trade_no} is ${state}, and the event of its refund was answered with yes`,
    );
}
