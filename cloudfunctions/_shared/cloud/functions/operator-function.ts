import * as v from 'valibot';
import type { ErrorCode, OperatorErrorCode } from '../../contract.ts';
import { type Refusal, refusal } from '../../order/refusal.ts';
import { findOperator } from '../database/stores/operators.ts';
import type { Runtime } from '../runtime.ts';
import { type Call, callable, problemsOf } from './callable.ts';

/**
 * A function that only operators may call: shoppers whose openid has a document in `operators`. The platform lets every
 * shopper call it, so that document decides, before anything else of the call is looked at; whoever has none is refused,
 * and the attempt is a line in the log.
 */
export function operatorFunction<Input, Answer extends object>(
  runtime: Runtime,
  { name, schema }: { readonly name: string; readonly schema: v.GenericSchema<unknown, Input> },
  run: (call: Call<Input>) => Promise<Answer | Refusal<OperatorErrorCode | ErrorCode>>,
) {
  return callable<unknown, Answer, OperatorErrorCode>(runtime, v.unknown(), async (call) => {
    const operator = await findOperator(await runtime.database(), call.openid);
    if (!operator) {
      runtime.logger.warn('operator.refused', { function: name, openid_begins: call.openid.slice(0, 6) });
      return refusal('FORBIDDEN', 'Only operators of the shop may do this.');
    }
    const input = v.safeParse(schema, call.input);
    if (!input.success) return refusal('INVALID_PARAMETERS', problemsOf(input.issues));
    return run({ ...call, input: input.output });
  });
}
