import type { FunctionManifest } from '../../manifest.ts';
import { FunctionError } from './function-error.ts';
import type { Outcome } from './instance.ts';

/** How a call ended. `id` is the invocation's, `result` the function's answer as JSON. */
export type Answer =
  | { readonly kind: 'answered'; readonly id: string; readonly result: string }
  | { readonly kind: 'failed'; readonly id: string; readonly error: FunctionError };

/** Tencent's limit for the event and for the answer of a synchronous call. */
export const PAYLOAD_MAX_BYTES = 6 * 2 ** 20;
/** What of an answer reaches a mini-program. */
export const SHOPPER_RESULT_MAX_BYTES = 2 ** 20;

/** What the platform makes of what became of an event. */
export function answerTo(outcome: Outcome, id: string, { name, timeout }: FunctionManifest): Answer {
  switch (outcome.kind) {
    case 'answered':
      if (Buffer.byteLength(outcome.result) <= PAYLOAD_MAX_BYTES) return { ...outcome, id };
      return failed(id, 'FUNCTIONS_EXECUTE_FAIL', `The answer of ${name} is larger than 6 MB`);
    case 'threw':
      return failed(id, 'FUNCTIONS_EXECUTE_FAIL', outcome.error);
    case 'died':
      return failed(id, 'FUNCTIONS_EXECUTE_FAIL', outcome.how);
    case 'timedOut':
      return failed(id, 'FUNCTIONS_TIME_LIMIT_EXCEEDED', `Invoking task timed out after ${timeout} seconds`);
  }
}

/**
 * The result in an answer, for a caller who takes results up to `bytesMax`.
 * @throws FunctionError when there is none, or it is too large
 */
export function resultOf(answer: Answer, bytesMax: number): unknown {
  if (answer.kind === 'failed') throw answer.error;
  if (Buffer.byteLength(answer.result) > bytesMax) {
    const message = `The answer is larger than the ${bytesMax} bytes its caller takes: answer less, or in pages`;
    throw new FunctionError('FUNCTIONS_EXECUTE_FAIL', message);
  }
  const result: unknown = JSON.parse(answer.result);
  return result;
}

function failed(id: string, code: FunctionError['code'], message: string): Answer {
  return { kind: 'failed', id, error: new FunctionError(code, message) };
}
