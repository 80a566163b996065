import * as v from 'valibot';
import type { ErrorAnswer, ErrorCode, OperatorErrorCode } from '../../contract.ts';
import { deadlineOf, SHOPPERS_CALL_MS } from '../../order/deadline.ts';
import type { Refusal } from '../../order/refusal.ts';
import { shorten } from '../../shorten.ts';
import type { Runtime } from '../runtime.ts';
import { errcodeOf, isRefusal, MESSAGES, problemsOf } from './callable.ts';
import { report } from './failure.ts';
import { identityOf } from './identity.ts';
import { inTime } from './in-time.ts';

const FromShopper = v.object({ userInfo: v.unknown() });

/** What an administrator's call brings. */
export interface AdministratorsCall<Input> {
  readonly input: Input;
  readonly environment: string;
  readonly deadline: Date;
}

type Code = ErrorCode | OperatorErrorCode;

/**
 * A function for who holds the environment's own credentials. No client may invoke it; should the platform's rule ever be
 * wrong, a call that carries a shopper is refused here, and the attempt is a line in the log.
 */
export function administratorFunction<Input, Answer extends object>(
  runtime: Runtime,
  { name, schema }: { readonly name: string; readonly schema: v.GenericSchema<unknown, Input> },
  run: (call: AdministratorsCall<Input>) => Promise<Answer | Refusal<Code>>,
) {
  return async (
    event: unknown,
    context: unknown,
  ): Promise<(Answer & { now: string }) | ErrorAnswer<Code>> => {
    const now = () => runtime.clock.now().toISOString();
    const no = (errcode: Code, errmsg: string) => ({ errcode, errmsg: shorten(errmsg), now: now() });
    const deadline = deadlineOf(runtime.clock.now(), SHOPPERS_CALL_MS);
    try {
      const { openid, environment } = identityOf(context) ?? {};
      if (openid || v.is(FromShopper, event)) {
        runtime.logger.warn('operator.refused', {
          function: name,
          openid_begins: openid?.slice(0, 6) ?? null,
        });
        return no('FORBIDDEN', 'Only administrators may do this.');
      }
      if (!environment) return no('OPENID_MISSING', 'The call does not say which environment it is in.');
      const input = v.safeParse(schema, event);
      if (!input.success) return no('INVALID_PARAMETERS', problemsOf(input.issues));
      const answer = await inTime(runtime, deadline, run({ input: input.output, environment, deadline }));
      if (!isRefusal<Code>(answer)) return { ...answer, now: now() };
      const { kind: _, ...refused } = answer;
      return { ...refused, errmsg: shorten(refused.errmsg), now: now() };
    } catch (error) {
      await report(runtime, error);
      const errcode = errcodeOf(error);
      return no(errcode, MESSAGES[errcode]);
    }
  };
}
