import type { Trace } from '../../trace.ts';
import type { Answer } from './answer.ts';
import type { Invocation } from './invocation.ts';

/** Records that an event is on its way to its function. */
export function traceCall(trace: Trace, invocation: Invocation): void {
  const { id, from, functionName: label, event: payload } = invocation;
  trace.record({
    from,
    to: 'function',
    kind: 'call',
    label,
    id,
    invocation: id,
    payload,
    ...whose(invocation),
  });
}

function whose({ shopper }: Invocation): { readonly openid?: string } {
  return shopper ? { openid: shopper.openid } : {};
}

/** Records what came back; `isLost` when the function's process was gone before it could say anything. */
export function traceAnswer(
  trace: Trace,
  invocation: Invocation,
  { answer, isLost }: { readonly answer: Answer; readonly isLost: boolean },
): void {
  const { id, from: to, functionName: label } = invocation;
  const payload: unknown =
    answer.kind === 'answered'
      ? JSON.parse(answer.result)
      : { code: answer.error.code, message: answer.error.message };
  const kind = isLost ? 'lost' : 'reply';
  trace.record({ from: 'function', to, kind, label, id, invocation: id, payload, ...whose(invocation) });
}
