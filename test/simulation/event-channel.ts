import type { AlarmBook } from './alarms.ts';
import type { Books } from './books.ts';
import { type DeliveryFaults, type DeliveryWorld, deliver } from './delivery.ts';
import { checkEventAnswer, contradicts } from './event-checks.ts';
import type { Findings } from './findings.ts';
import type { PaymentSide } from './payment-side.ts';
import type { FunctionPlatform } from './platform.ts';
import type { Questions } from './questions.ts';

interface Surroundings extends DeliveryWorld {
  readonly platform: FunctionPlatform;
  readonly books: Books;
  readonly findings: Findings;
  readonly questions: Questions;
  readonly alarms: AlarmBook;
  readonly payments: () => Pick<PaymentSide, 'order'>;
}

const FAULTS = {
  lost: 'event lost',
  late: 'event late',
  twice: 'event twice',
  answerLost: 'event answer lost',
  lateMaxMs: 12 * 3_600_000,
} as const satisfies DeliveryFaults;

/** The way of events from message push to virtualPayNotify, with everything that can go wrong. */
export class EventChannel {
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** Pushes an event. Rejects when no answer comes in time; it may arrive all the same, and late. */
  deliver(event: object): Promise<unknown> {
    const what = `event about ${numberIn(event)}`;
    return deliver(this.#world, FAULTS, { what, arrive: () => this.#arrive(event) });
  }

  async #arrive(event: object): Promise<unknown> {
    const { platform, log, books, findings, questions } = this.#world;
    const out_trade_no = numberIn(event);
    const kind = String(Reflect.get(event, 'Event'));
    const arrived = { event, out_trade_no, before: books.orders.get(out_trade_no) };
    // Only then may WeChat be asked about it.
    if (!contradicts(arrived)) questions.invited(out_trade_no);
    if (kind === 'xpay_refund_notify') books.refundHints.set(out_trade_no, this.#world.scheduler.time);
    log.record('WeChat', `event ${kind} about ${out_trade_no}`);
    const outcome = await platform.invoke('virtualPayNotify', event, { source: 'wx_push' });
    if (outcome.kind === 'threw') findings.report('no crash', `virtualPayNotify threw: ${outcome.error}`);
    if (outcome.kind !== 'answered') {
      log.record('virtualPayNotify', outcome.kind);
      return undefined;
    }
    log.record('virtualPayNotify', `answers ${JSON.stringify(outcome.answer)}`);
    checkEventAnswer(this.#world, arrived, outcome.answer);
    return outcome.answer;
  }
}

function numberIn(event: object): string {
  const { OutTradeNo, MchOrderId, pay_order_id } = Object(event);
  return String(OutTradeNo ?? MchOrderId ?? pay_order_id ?? '');
}
