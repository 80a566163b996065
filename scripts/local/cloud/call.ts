import * as v from 'valibot';
import { parameterInvalid } from './errors.ts';

/** Who makes a call over the wire, as far as that is known. */
export interface Caller {
  /** The invocation of a function in whose course it comes. */
  readonly invocation?: string;
  /** Which function that is. */
  readonly function?: string;
  /** The chain of sources that the SDK was given: `wx_client`, `wx_client,scf`. */
  readonly source?: string;
  /** Whose phone it comes from. */
  readonly openid?: string;
  /** Whether an earlier call came over the same connection. */
  readonly isReused?: boolean;
  /**
   * Takes as long as an operation takes on a wire. A transaction is busy meanwhile and refuses a second operation,
   * as the platform does with operations that are not awaited one after the other.
   */
  readonly pause?: () => Promise<void>;
}

/** The part of every call that says what it wants. */
export interface Call {
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly requestId: string;
}

/** One action of the wire: reads its parameters from the call's body and gives its answer, without requestId. */
export type Action = (call: Call) => object | Promise<object>;

/** @throws CloudError INVALID_PARAM when it is no call at all */
export function readEnvelope(body: unknown): { action: string; body: Record<string, unknown> } {
  const call: Record<string, unknown> = Object(body);
  const { action } = call;
  if (call !== body || Array.isArray(body) || typeof action !== 'string')
    throw parameterInvalid('A call is a JSON object with an action');
  return { action, body: call };
}

/** @throws CloudError INVALID_PARAM naming the first parameter that is wrong */
export function readParameters<Schema extends v.GenericSchema>(
  schema: Schema,
  call: Call,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, call.body);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw parameterInvalid(`${call.action}: ${v.getDotPath(issue) ?? 'body'}: ${issue.message}`);
}
