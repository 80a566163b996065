/** How an exchange failed of which there is no answer. */
export interface Disconnected {
  readonly code: 'TIMEOUT' | 'UNREACHABLE' | 'BROKEN_CONNECTION';
  /** The system's own code, as ECONNREFUSED. What else it says is left out: that may quote the address, and an address holds secrets. */
  readonly reason: string;
}

/** Codes of a connection that was never made, so that the request was not carried out. */
const NOT_CONNECTED = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether the system's code says that no connection was made. */
export function isNotConnected(code: string | undefined): boolean {
  return NOT_CONNECTED.has(code ?? '');
}

/** @param isLate whether the exchange was given up for want of time */
export function disconnectedBy(error: unknown, isLate: boolean): Disconnected {
  const reason = reasonOf(error);
  if (isLate) return { code: 'TIMEOUT', reason };
  return { code: isNotConnected(reason) ? 'UNREACHABLE' : 'BROKEN_CONNECTION', reason };
}

/** The whole body of an answer; undefined as soon as it is longer than it may be. */
export async function readBody(response: Response, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** fetch says `fetch failed`, and why in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown';
}
