/**
 * wx-server-sdk reports errors in several shapes (an Error with errCode, one with a string code, a bare answer), and
 * maps much to -501001. What distinguishes them is the server's own text, so that is what is looked at.
 */
export type SdkReason = 'duplicate' | 'conflict' | 'busy' | 'gone' | 'reset' | 'other';

const MARKS: readonly (readonly [RegExp, SdkReason])[] = [
  [/E11000|DATABASE_DUPLICATE_WRITE/, 'duplicate'],
  [/TransactionConflict|DATABASE_TRANSACTION_CONFLICT/, 'conflict'],
  [/TransactionBusy/, 'busy'],
  [/TransactionNotExist/, 'gone'],
  [/ECONNRESET|EPIPE|socket hang up/, 'reset'],
];

/** What an SDK call failed of; undefined when the error is not the SDK's. */
export function reasonOf(error: unknown): SdkReason | undefined {
  const text = textOf(error);
  if (text === undefined) return undefined;
  return MARKS.find(([mark]) => mark.test(text))?.[1] ?? 'other';
}

export function isReset(error: unknown): boolean {
  return reasonOf(error) === 'reset';
}

/** Whether a transaction is worth beginning again: nothing was written, or we cannot know. */
export function isUnsure(error: unknown): boolean {
  const reason = reasonOf(error);
  return reason === 'conflict' || reason === 'busy' || reason === 'gone' || reason === 'reset';
}

function textOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const parts = ['errCode', 'code', 'errMsg', 'message'] as const;
  if (!('errCode' in error || 'errMsg' in error || 'code' in error)) return undefined;
  return parts.map((part) => (part in error ? String(Reflect.get(error, part)) : '')).join(' ');
}
