import * as v from 'valibot';
import type { Answer } from './answer.ts';
import type { FunctionErrorCode } from './function-error.ts';

/** What the gateway sends back. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/**
 * The HTTP status of a call that failed. Those of SCF, which the gateway passes on: 430 for code that throws, 433 for a
 * time-out (cloud.tencent.com/document/product/583/42611).
 */
const FAILURE_STATUSES: Readonly<Record<FunctionErrorCode, number>> = {
  FUNCTION_NOT_FOUND: 404,
  PERMISSION_DENIED: 403,
  EXCEED_REQUEST_SIZE_LIMIT: 413,
  EXCEED_CONCURRENT_REQUEST_LIMIT: 429,
  FUNCTIONS_EXECUTE_FAIL: 430,
  FUNCTIONS_TIME_LIMIT_EXCEEDED: 433,
};

/** An answer that says everything itself; a plain value is sent with the status and type that fit it. */
const Integration = v.object({
  statusCode: v.number(),
  headers: v.optional(v.record(v.string(), v.unknown()), {}),
  body: v.optional(v.unknown()),
  isBase64Encoded: v.optional(v.boolean(), false),
});

/** Statuses that can be sent as a final answer. */
const STATUS_MIN = 200;
const STATUS_MAX = 599;

/** Turns what a function answered into what its HTTP caller reads. */
export function httpAnswer(answer: Answer): HttpAnswer {
  if (answer.kind === 'failed') {
    const { code, message } = answer.error;
    return httpFailure(FAILURE_STATUSES[code], { code, message, requestId: answer.id });
  }
  const result: unknown = JSON.parse(answer.result);
  const integration = v.safeParse(Integration, result);
  if (integration.success) return integrated(integration.output, answer.id);
  if (typeof result === 'string' || typeof result === 'number') {
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: String(result) };
  }
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: answer.result };
}

/** An error of the gateway itself, in its shape. */
export function httpFailure(
  status: number,
  error: { readonly code: string; readonly message: string; readonly requestId: string },
): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(error),
  };
}

function integrated(
  { statusCode, headers, body, isBase64Encoded }: v.InferOutput<typeof Integration>,
  requestId: string,
): HttpAnswer {
  if (!Number.isInteger(statusCode) || statusCode < STATUS_MIN || statusCode > STATUS_MAX) {
    const message = `The function answered statusCode ${statusCode}; it must be a whole number from 200 to 599`;
    return httpFailure(502, { code: 'FUNCTIONS_EXECUTE_FAIL', message, requestId });
  }
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  return {
    status: statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: isBase64Encoded ? Buffer.from(text, 'base64') : text,
  };
}
