import { takeEvent } from '../_shared/channels/virtualpay-event.ts';
import { type Push, pushFunction } from '../_shared/cloud/functions/push-function.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { openVirtualPayServices } from '../_shared/cloud/services.ts';
import { type AppleRefundAnswer, type EventAnswer, readEvent } from '../_shared/virtualpay/event.ts';

/** WeChat waits five seconds for the answer to an event, and three for Apple's question; ours leave half of one. */
const REPLY_MS = 4500;
const APPLE_REPLY_MS = 2500;

type Answer = EventAnswer | AppleRefundAnswer;

const YES: EventAnswer = { ErrCode: 0, ErrMsg: 'success' };
const no = (ErrMsg: string): EventAnswer => ({ ErrCode: 1, ErrMsg });

/** Receives the events of virtual payment from message push. Each is a hint: WeChat is asked before anything is booked. */
export function build(runtime: Runtime) {
  const { logger } = runtime;
  const replyBy_ms = (event: unknown) =>
    readEvent(event)?.kind === 'apple-refund-question' ? APPLE_REPLY_MS : REPLY_MS;

  async function take({ event: pushed, identity, deadline }: Push): Promise<Answer> {
    const event = readEvent(pushed);
    const { source = '', openid, environment } = identity;
    logger.info('event.received', { kind: event?.kind ?? 'none', source, has_openid: openid !== undefined });
    if (!event) {
      logger.warn('event.refused', { reason: 'NOT_AN_EVENT' });
      return no('This is no event of virtual payment.');
    }
    if (event.kind === 'other') return YES;
    const outcome = await takeEvent(await openVirtualPayServices(runtime, deadline), event, environment);
    if (outcome.kind === 'apple-answer') return outcome.answer;
    if (outcome.kind === 'done') return YES;
    const out_trade_no = 'out_trade_no' in event ? event.out_trade_no : event.pay_order_id;
    logger.warn('event.refused', { reason: outcome.reason, kind: event.kind, out_trade_no });
    return no(outcome.reason);
  }

  return pushFunction<Answer>(runtime, take, { replyBy_ms, no });
}
