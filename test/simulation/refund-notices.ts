import { type DeliveryFaults, type DeliveryWorld, deliver } from './delivery.ts';
import type { NoticeReply } from './payment-side.ts';
import type { FunctionPlatform } from './platform.ts';

interface Surroundings extends DeliveryWorld {
  readonly platform: FunctionPlatform;
}

const FAULTS = {
  lost: 'notice lost',
  late: 'notice late',
  twice: 'notice twice',
  answerLost: 'notice reply lost',
  lateMaxMs: 6 * 3_600_000,
} as const satisfies DeliveryFaults;

/** The way of refunds' notices from WeChat Pay to refundNotify, with what can go wrong. */
export class RefundNotices {
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** Posts a notice. Rejects when WeChat receives no reply in time; it may arrive all the same, and late. */
  post(body: string): Promise<NoticeReply> {
    return deliver(this.#world, FAULTS, { what: 'a refund notice', arrive: () => this.#arrive(body) });
  }

  async #arrive(body: string): Promise<NoticeReply | undefined> {
    const { platform, log } = this.#world;
    log.record('WeChat', 'a refund notice');
    const event = {
      path: '/',
      httpMethod: 'POST',
      headers: { 'content-type': 'text/xml' },
      body,
      isBase64Encoded: false,
    };
    const outcome = await platform.invoke('refundNotify', event);
    if (outcome.kind !== 'answered') return undefined;
    const { statusCode, body: text }: { statusCode?: unknown; body?: unknown } = Object(outcome.answer);
    log.record('refundNotify', `answers ${Number(statusCode)}`);
    return { status: Number(statusCode), body: String(text) };
  }
}
