import * as v from 'valibot';
import { alarm } from '../../order/alarms.ts';
import { shorten } from '../../shorten.ts';
import { WeChatPayError, type WeChatPayErrorCode } from '../../wechatpay/errors.ts';
import { writeXml } from '../../wechatpay/xml.ts';
import { CloudError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { within } from '../timers.ts';
import { logFailure, raise, report } from './failure.ts';

/** WeChat waits five seconds for the answer to a notice; ours leaves half a second for the way. */
export const REPLY_TIMEOUT_MS = 4500;

/** What HTTP access hands to a function, as far as it is looked at. */
const HttpEventSchema = v.object({
  httpMethod: v.string(),
  body: v.optional(v.nullable(v.string()), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
});

/** HTTP access's integrated answer. */
export interface HttpReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What was done with a notice. Only `done` makes WeChat stop repeating it. */
export type NoticeOutcome = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly reason: string };

/**
 * A function that receives WeChat Pay's notices over HTTP. Whatever comes in, the answer is well-formed XML: SUCCESS
 * with status 200 only after `take` has saved what the notice says, FAIL in every other case.
 */
export function noticeEndpoint(runtime: Runtime, take: (body: Buffer) => Promise<NoticeOutcome>) {
  const reportOnce = onceAnInstance(runtime);
  return async (event: unknown): Promise<HttpReply> => {
    const request = v.safeParse(HttpEventSchema, event);
    if (!request.success) return fail(400, 'This function answers WeChat Pay over HTTP.');
    const { httpMethod, body, isBase64Encoded } = request.output;
    if (httpMethod.toUpperCase() !== 'POST') return fail(405, 'POST is expected.');
    try {
      const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
      const work = takeOrAlarm(runtime, () => take(bytes));
      // The work goes on after a late answer; WeChat repeats the notice and then finds it done.
      const outcome = await within(runtime.timers, REPLY_TIMEOUT_MS, work);
      if (outcome === 'late') {
        followUp(runtime, work);
        return fail(503, 'Not saved in time, please repeat.');
      }
      return outcome.kind === 'done' ? reply(200, 'SUCCESS', 'OK') : fail(403, outcome.reason);
    } catch (error) {
      const refused = error instanceof WeChatPayError ? STATUS_OF[error.code] : undefined;
      // Anybody can send nonsense here: it gets a line in the log, and neither an alarm nor a database call.
      if (refused) logFailure(runtime, error);
      else if (isConfiguration(error)) await reportOnce(error);
      else await report(runtime, error);
      return fail(...(refused ?? failureOf(error)));
    }
  };
}

/**
 * Without its configuration a function cannot verify any message, and anybody can send one: so the first one of an
 * instance raises an alarm, and the rest are lines in the log.
 */
function onceAnInstance(runtime: Runtime): (error: CloudError) => Promise<void> {
  let isReported = false;
  return async (error) => {
    if (isReported) return runtime.logger.warn('call.failed', { code: error.code, message: error.message });
    isReported = true;
    await report(runtime, error);
  };
}

/** A notice that one of our keys signed, and that is not for us all the same, is something a human must look at. */
async function takeOrAlarm(runtime: Runtime, take: () => Promise<NoticeOutcome>): Promise<NoticeOutcome> {
  try {
    return await take();
  } catch (error) {
    if (!(error instanceof WeChatPayError) || error.code !== 'ANSWER_REFUSED') throw error;
    const subject = error.out_trade_no ?? 'payNotify';
    await raise(runtime, alarm('NOTICE_REFUSED', subject, error.message, runtime.clock.now()));
    return { kind: 'refused', reason: 'The message is not about an order of this merchant.' };
  }
}

/** How the work ended that came too late is logged, where somebody may look for a slow database. */
function followUp(runtime: Runtime, work: Promise<NoticeOutcome>): void {
  runtime.logger.warn('notice.late', { after_ms: REPLY_TIMEOUT_MS });
  work.then(
    ({ kind }) => runtime.logger.info('notice.ended_late', { kind }),
    (error: unknown) => report(runtime, error),
  );
}

/** What is wrong with a notice itself; everything else is ours. */
const STATUS_OF: Partial<Readonly<Record<WeChatPayErrorCode, readonly [status: number, message: string]>>> = {
  XML_REFUSED: [400, 'The body is not a WeChat Pay message.'],
  RETURN_FAIL: [400, 'The message says return_code FAIL.'],
  NOT_A_NOTICE: [400, 'The message is not a payment notice.'],
  SIGN_MISMATCH: [401, 'The sign is wrong.'],
};

function failureOf(error: unknown): readonly [status: number, message: string] {
  return [500, isConfiguration(error) ? 'The function is not configured.' : 'Not saved, please repeat.'];
}

function isConfiguration(error: unknown): error is CloudError {
  return error instanceof CloudError && error.code === 'CONFIGURATION_WRONG';
}

/** As long as WeChat's own may be. */
const RETURN_MSG_CHARACTERS_MAX = 128;

function fail(statusCode: number, return_msg: string): HttpReply {
  return reply(statusCode, 'FAIL', shorten(return_msg, RETURN_MSG_CHARACTERS_MAX));
}

function reply(statusCode: number, return_code: string, return_msg: string): HttpReply {
  const headers = { 'content-type': 'text/xml; charset=utf-8' };
  return { statusCode, headers, body: writeXml({ return_code, return_msg }) };
}
