import * as v from 'valibot';
import type { ErrorAnswer, ErrorCode } from '../../contract.ts';
import { ChannelError, type ChannelErrorCode } from '../../order/channel.ts';
import { deadlineOf, SHOPPERS_CALL_MS } from '../../order/deadline.ts';
import { type Refusal, unclear } from '../../order/refusal.ts';
import { shorten } from '../../shorten.ts';
import { CloudError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { report } from './failure.ts';
import type { Identity } from './identity.ts';
import { inTime } from './in-time.ts';

/** What a shopper's call brings: who they are, by the platform's word, and what they said, in good form. */
export interface Call<Input> {
  readonly openid: string;
  readonly identity: Identity;
  readonly input: Input;
  /** When the call must have answered. */
  readonly deadline: Date;
}

/**
 * A function that the mini-program calls. It checks who calls and with what, lets `run` answer, and reports every failure
 * by code, with nothing of our inside. Every answer carries `now`.
 */
export function callable<Input, Answer extends object, Code extends string = never>(
  runtime: Runtime,
  schema: v.GenericSchema<unknown, Input>,
  run: (call: Call<Input>) => Promise<Answer | Refusal<Code | ErrorCode>>,
) {
  return async (
    event: unknown,
    context: unknown,
  ): Promise<(Answer & { now: string }) | ErrorAnswer<Code | ErrorCode>> => {
    const now = () => runtime.clock.now().toISOString();
    const no = (errcode: ErrorCode, errmsg: string): ErrorAnswer => ({
      errcode,
      errmsg: shorten(errmsg),
      now: now(),
    });
    const deadline = deadlineOf(runtime.clock.now(), SHOPPERS_CALL_MS);
    try {
      const identity = await runtime.identity(context);
      if (!identity.openid) return no('OPENID_MISSING', 'This function is called from the mini-program.');
      const input = v.safeParse(schema, event);
      if (!input.success) return no('INVALID_PARAMETERS', problemsOf(input.issues));
      const call = { openid: identity.openid, identity, input: input.output, deadline };
      const answer = await inTime(runtime, deadline, run(call));
      if (isRefusal<Code | ErrorCode>(answer)) {
        const { kind: _, ...refused } = answer;
        return { ...refused, errmsg: shorten(refused.errmsg), now: now() };
      }
      return { ...answer, now: now() };
    } catch (error) {
      await report(runtime, error);
      const errcode = errcodeOf(error);
      return no(errcode, MESSAGES[errcode]);
    }
  };
}

/** The errmsg of each failure, with nothing of our inside. */
export const MESSAGES = {
  WECHATPAY_UNAVAILABLE: unclear.errmsg,
  MERCHANT_MISCONFIGURED: 'The shop is not configured correctly. An alarm has been raised for the merchant.',
  INTERNAL_ERROR: 'Something went wrong here. The same call can be made again.',
} as const;

/** What the shopper's page receives for a failure to ask WeChat. Unknown is not failed: the order is kept. */
const ANSWER_OF: Readonly<Record<ChannelErrorCode, keyof typeof MESSAGES>> = {
  PATIENCE: 'WECHATPAY_UNAVAILABLE',
  UNKNOWN: 'WECHATPAY_UNAVAILABLE',
  MISCONFIGURED: 'MERCHANT_MISCONFIGURED',
  REFUSED: 'MERCHANT_MISCONFIGURED',
};

/** The code under which a failure is answered. */
export function errcodeOf(error: unknown): keyof typeof MESSAGES {
  if (error instanceof ChannelError) return ANSWER_OF[error.code];
  const isConfiguration = error instanceof CloudError && error.code === 'CONFIGURATION_WRONG';
  return isConfiguration ? 'MERCHANT_MISCONFIGURED' : 'INTERNAL_ERROR';
}

/** One parameter's part of the message, so that a long one does not hide the others. */
const PROBLEM_CHARACTERS_MAX = 150;

/** Names every parameter that is wrong. A problem quotes what was sent, whatever its length was. */
export function problemsOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const problems = issues.map((issue) =>
    shorten(`${v.getDotPath(issue) ?? 'event'}: ${issue.message}`, PROBLEM_CHARACTERS_MAX),
  );
  return `The parameters need attention: ${problems.join('; ')}.`;
}

/** Whether an answer is an expected no. */
export function isRefusal<Code extends string>(answer: object): answer is Refusal<Code> {
  return 'kind' in answer && answer.kind === 'refusal';
}
