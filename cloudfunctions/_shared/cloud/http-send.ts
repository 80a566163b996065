import type { IncomingMessage } from 'node:http';
import type { AgentOptions } from 'node:https';
import { SWEEP_QUESTIONS } from '../order/lanes.ts';
import { BILL_PATH, REFUND_PATH } from '../wechatpay/client.ts';
import { WeChatPayError } from '../wechatpay/errors.ts';
import { isNotConnected } from './connection.ts';
import type { Timers } from './timers.ts';

/** A WeChat Pay answer is one or two kilobytes. */
const ANSWER_BYTES_MAX = 64 * 1024;
/** A bill has about 60 bytes a line, packed: half a million lines. It is held in memory, so that WeChat waits for nobody. */
export const BILL_BYTES_MAX = 32 * 1024 * 1024;

/** What a kept-alive connection says that the other side gave up while it lay idle. */
const GONE_STALE = new Set(['ECONNRESET', 'EPIPE']);

const KEPT_ALIVE = {
  keepAlive: true,
  maxSockets: SWEEP_QUESTIONS,
  maxFreeSockets: SWEEP_QUESTIONS,
  scheduling: 'lifo',
} as const;

/** One request to one domain. */
export interface Sent {
  readonly target: URL;
  readonly body: string;
  readonly timeout_ms: number;
  /** Over a new connection: the idle ones may be as dead as one that was tried. */
  readonly isFresh: boolean;
}

/** How it went. `stale` is a connection that the other side gave up while it lay idle. */
export type Attempt =
  | { readonly kind: 'answer'; readonly body: Buffer }
  | { readonly kind: 'stale'; readonly error: WeChatPayError }
  | { readonly kind: 'failure'; readonly error: WeChatPayError };

/** Sends one request to one domain, and never rejects. */
export type Send = (request: Sent) => Promise<Attempt>;

/** Sends over kept-alive connections of this process, on which `tls` is shown. */
export function sendOverHttp(timers: Timers, tls: AgentOptions = {}): Send {
  let loading: ReturnType<typeof loadProtocols> | undefined;
  return async (sent) => {
    loading ??= loadProtocols(tls);
    return sendBy(await loading, { ...sent, timers, tls });
  };
}

/** Node loads HTTP longer than a notice takes, which needs none of it: so the first request loads it. */
async function loadProtocols(tls: AgentOptions) {
  const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
  return {
    plain: { request: http.request, agent: new http.Agent(KEPT_ALIVE) },
    secure: { request: https.request, agent: new https.Agent({ ...KEPT_ALIVE, ...tls }) },
  };
}

function sendBy(
  protocols: Awaited<ReturnType<typeof loadProtocols>>,
  { target, body, timeout_ms, isFresh, timers, tls }: Sent & { timers: Timers; tls: AgentOptions },
): Promise<Attempt> {
  return new Promise((resolve) => {
    const secure = target.protocol === 'https:';
    const protocol = secure ? protocols.secure : protocols.plain;
    const request = protocol.request(target, {
      method: 'POST',
      // The other idle connections may be as dead as the one that was tried.
      agent: isFresh ? false : protocol.agent,
      ...(isFresh ? tls : {}),
      headers: { 'content-type': 'text/xml; charset=utf-8', 'content-length': Buffer.byteLength(body) },
    });
    let isConnected = false;
    let isLate = false;
    const cancelTimer = timers.after(timeout_ms, () => {
      isLate = true;
      request.destroy();
    });
    const finish = (outcome: Attempt) => {
      cancelTimer();
      resolve(outcome);
    };
    const fail = (error: NodeJS.ErrnoException) =>
      finish(failure(error, { isLate, isConnected, isReused: request.reusedSocket }));

    request.on('socket', (socket) => {
      if (request.reusedSocket) isConnected = true;
      else socket.once(secure ? 'secureConnect' : 'connect', () => (isConnected = true));
    });
    request.on('error', fail);
    request.on('response', (response) => {
      readAnswer(response, target.pathname).then((answer) => finish(answer), fail);
    });
    request.end(body);
  });
}

async function readAnswer(response: IncomingMessage, path: string): Promise<Attempt> {
  const bytesMax = path.endsWith(BILL_PATH) ? BILL_BYTES_MAX : ANSWER_BYTES_MAX;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      response.destroy();
      const error = new WeChatPayError('XML_REFUSED', `The answer is over ${bytesMax} bytes.`);
      return { kind: 'failure', error };
    }
    chunks.push(chunk);
  }
  if (response.statusCode === 200) return { kind: 'answer', body: Buffer.concat(chunks) };
  return { kind: 'failure', error: failedWith(response.statusCode, path) };
}

/** The door for refunds says 400 in HTML, before any message is read, to who shows another certificate or none. */
function failedWith(status: number | undefined, path: string): WeChatPayError {
  if (path.endsWith(REFUND_PATH) && status === 400) {
    const message =
      'WeChat Pay does not accept the merchant certificate: is it expired, or not of this merchant number?';
    return new WeChatPayError('MERCHANT_MISCONFIGURED', message);
  }
  return new WeChatPayError('TRY_AGAIN', `WeChat Pay answered with status ${status}.`);
}

function failure(
  cause: NodeJS.ErrnoException,
  { isLate, isConnected, isReused }: { isLate: boolean; isConnected: boolean; isReused: boolean },
): Attempt {
  const fail = (code: 'UNREACHABLE' | 'TIMEOUT' | 'BROKEN_CONNECTION', message: string) =>
    new WeChatPayError(code, message, { cause });
  if (isLate && isConnected)
    return { kind: 'failure', error: fail('TIMEOUT', 'WeChat Pay did not answer in time.') };
  if (isLate || isNotConnected(cause.code) || (!isConnected && !isReused)) {
    return {
      kind: 'failure',
      error: fail('UNREACHABLE', `No connection to WeChat Pay: ${cause.code ?? 'timed out'}.`),
    };
  }
  const error = fail(
    'BROKEN_CONNECTION',
    `The connection to WeChat Pay broke: ${cause.code ?? cause.message}.`,
  );
  return { kind: isReused && GONE_STALE.has(cause.code ?? '') ? 'stale' : 'failure', error };
}
