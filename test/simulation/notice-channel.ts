import { type AlarmBook, causeOfForgery } from './alarms.ts';
import type { Books } from './books.ts';
import { type DeliveryFaults, type DeliveryWorld, deliver } from './delivery.ts';
import { isUnsettled, type StoredOrder } from './documents.ts';
import type { Findings } from './findings.ts';
import type { Keys } from './keys.ts';
import type { NoticeForgery, NoticeReply } from './payment-side.ts';
import type { FunctionPlatform, Outcome } from './platform.ts';
import { fieldIn, outTradeNoIn } from './wires.ts';

interface Surroundings extends DeliveryWorld {
  readonly platform: FunctionPlatform;
  readonly books: Books;
  readonly findings: Findings;
  readonly alarms: AlarmBook;
  readonly keys: Keys;
}

const FAULTS = {
  lost: 'notice lost',
  late: 'notice late',
  twice: 'notice twice',
  answerLost: 'notice reply lost',
  // WeChat's schedule ends after 24 hours and 4 minutes.
  lateMaxMs: 25 * 3_600_000,
} as const satisfies DeliveryFaults;

/** The way of notices from WeChat Pay to payNotify, with everything that can go wrong. */
export class NoticeChannel {
  readonly #world: Surroundings;
  #forgery: NoticeForgery | undefined;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** Sends what must not be believed; `send` posts it before it first waits. */
  async forging(forgery: NoticeForgery, send: () => Promise<void>): Promise<void> {
    this.#forgery = forgery;
    const sent = send();
    this.#forgery = undefined;
    await sent;
  }

  /** Posts a notice. Rejects when WeChat receives no reply in time; it may arrive all the same, and late. */
  post(body: string): Promise<NoticeReply> {
    const forgery = this.#forgery;
    const what = `notice of ${outTradeNoIn(body)}`;
    return deliver(this.#world, FAULTS, { what, arrive: () => this.#arrive(body, forgery) });
  }

  async #arrive(body: string, forgery: NoticeForgery | undefined): Promise<NoticeReply | undefined> {
    const { platform, log, books } = this.#world;
    const out_trade_no = outTradeNoIn(body);
    log.record('WeChat', `notice of ${out_trade_no}${forgery ? ` (${forgery})` : ''}`);
    const before = books.orders.get(out_trade_no);
    const outcome = await platform.invoke('payNotify', httpEvent(body));
    const reply = replyOf(outcome);
    log.record('payNotify', `answers ${reply ? fieldIn(reply.body, 'return_code') : outcome.kind}`);
    const isSaid =
      reply !== undefined && fieldIn(reply.body, 'return_code') === 'SUCCESS' && reply.status === 200;
    const after = books.orders.get(out_trade_no);
    if (isSaid && (!after || isUnsettled(after) || after.trade_state === 'CLOSED'))
      this.#world.findings.report(
        'committed before SUCCESS',
        `${out_trade_no} is ${after?.trade_state ?? 'not there'}, and its notice was answered SUCCESS`,
      );
    if (outcome.kind === 'threw')
      this.#world.findings.report('no crash', `payNotify threw: ${outcome.error}`);
    this.#callForAlarm({ forgery, out_trade_no, outcome, before, after });
    return reply;
  }

  /** A forgery may raise its alarm; it must, if its function saw it to its end, undisturbed, with the order as it was. */
  #callForAlarm(seen: {
    forgery: NoticeForgery | undefined;
    out_trade_no: string;
    outcome: Outcome;
    before: StoredOrder | undefined;
    after: StoredOrder | undefined;
  }): void {
    const { forgery, out_trade_no, outcome, before, after } = seen;
    const { alarms, keys } = this.#world;
    const isCalm = outcome.kind === 'answered' && outcome.troubles.size === 0;
    const wasHeld = before?.held === true && after?.held === true;
    if (!forgery) {
      if (isCalm && wasHeld && !keys.wasMisconfigured)
        alarms.expect('payment while under review', out_trade_no, { isSure: true });
      return;
    }
    const cause = causeOfForgery(forgery);
    if (!cause) return;
    const isAboutNone = cause === 'wrong merchant' || cause === 'wrong order';
    const wasWaiting = before && isUnsettled(before) && !before.held && after && isUnsettled(after);
    const isAlways = isAboutNone || (cause === 'other algorithm' && before !== undefined);
    // Where WeChat's key is not the functions', what it signs is no better than a forgery.
    const isSure = isCalm && !keys.wasMisconfigured && (isAlways || wasWaiting === true);
    alarms.expect(cause, subjectOf(cause, out_trade_no), { isSure });
  }
}

function subjectOf(cause: string, out_trade_no: string): string {
  return cause === 'wrong order' ? 'no-such-order' : out_trade_no;
}

function httpEvent(body: string): object {
  return {
    path: '/',
    httpMethod: 'POST',
    headers: { 'content-type': 'text/xml' },
    body,
    isBase64Encoded: false,
  };
}

function replyOf(outcome: Outcome): NoticeReply | undefined {
  if (outcome.kind !== 'answered') return undefined;
  const { statusCode, body }: { statusCode?: unknown; body?: unknown } = Object(outcome.answer);
  return { status: Number(statusCode), body: String(body) };
}
