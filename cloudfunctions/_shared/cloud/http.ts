import http from 'node:http';
import https from 'node:https';
import { SWEEP_QUESTIONS } from '../order/lanes.ts';
import { REFUND_PATH, type TimeLimits, type Transport } from '../wechatpay/client.ts';
import { WeChatPayError } from '../wechatpay/errors.ts';
import type { Certificate } from './config.ts';
import type { Timers } from './timers.ts';

/** WeChat Pay's domains. The second is in another city, for when the first cannot be reached. */
const WECHAT_PAY_URLS = ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com'];
/** With less time than this a question is not sent: it would hardly be answered, and leave the order unknown. */
const WORTH_ASKING_MS = 500;
/** A WeChat Pay answer is one or two kilobytes. */
const ANSWER_BYTES_MAX = 64 * 1024;

/** The connection was never made, so the request was not carried out. */
const NOT_CONNECTED = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
]);
/** What a kept-alive connection says that the other side gave up while it lay idle. */
const GONE_STALE = new Set(['ECONNRESET', 'EPIPE']);

const KEPT_ALIVE = {
  keepAlive: true,
  maxSockets: SWEEP_QUESTIONS,
  maxFreeSockets: SWEEP_QUESTIONS,
  scheduling: 'lifo',
} as const;

/**
 * Carries requests to WeChat Pay over kept-alive connections. The second domain is asked only when no connection to the
 * first can be made, with the very same bytes. Whatever is sent, first or again, is sent within the question's limits.
 *
 * @param timeout_ms how long one domain is waited for at most; less when less is left
 * @param certificate what is shown where WeChat wants the merchant's certificate, over connections of its own
 * @throws WeChatPayError UNREACHABLE, TIMEOUT, BROKEN_CONNECTION, TRY_AGAIN for an answer other than 200, or
 * MERCHANT_MISCONFIGURED where the certificate is missing or not accepted
 */
export function createTransport({
  urls = WECHAT_PAY_URLS,
  timeout_ms,
  timers,
  clock,
  certificate,
}: {
  urls?: readonly string[];
  timeout_ms: number;
  timers: Timers;
  clock: { now(): Date };
  certificate?: Certificate | undefined;
}): Transport {
  const plain: Door = {
    urls,
    agents: { 'http:': new http.Agent(KEPT_ALIVE), 'https:': new https.Agent(KEPT_ALIVE) },
    tls: {},
  };
  // Made when the first refund is asked for: most instances ask for none.
  let secure: Door | undefined;

  return async (path, body, limits) => {
    const door = doorFor(path);
    let unreachable: unknown;
    for (const url of door.urls) {
      const target = new URL(`${url.replace(/\/$/, '')}${path}`);
      try {
        return await postOnce({ target, body, limits, door });
      } catch (error) {
        if (!(error instanceof WeChatPayError) || error.code !== 'UNREACHABLE') throw error;
        unreachable = error;
      }
    }
    throw unreachable;
  };

  function doorFor(path: string): Door {
    if (path !== REFUND_PATH) return plain;
    secure ??= secureDoor(plain, certificate);
    return secure;
  }

  /** A connection that went stale while idle is not the request's fault: it is made again, once, on a new one. */
  async function postOnce(post: Post): Promise<Buffer> {
    const first = await attempt(post);
    const last = first.kind === 'stale' ? await attempt(post, { isFresh: true }) : first;
    if (last.kind === 'answer') return last.body;
    throw last.error;
  }

  async function attempt(post: Post, { isFresh = false } = {}): Promise<Attempt> {
    const { target, body, limits, door } = post;
    const now = clock.now();
    const left_ms = limits.answerBy.getTime() - now.getTime();
    if (now > limits.sendBy || left_ms < WORTH_ASKING_MS) return notSent();
    return new Promise((resolve) => {
      const secure = target.protocol === 'https:';
      const request = (secure ? https : http).request(target, {
        method: 'POST',
        // The other idle connections may be as dead as the first one was.
        agent: isFresh ? false : secure ? door.agents['https:'] : door.agents['http:'],
        ...(isFresh ? door.tls : {}),
        headers: { 'content-type': 'text/xml; charset=utf-8', 'content-length': Buffer.byteLength(body) },
      });
      let isConnected = false;
      let isLate = false;
      const cancelTimer = timers.after(Math.min(timeout_ms, left_ms), () => {
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
}

/** A request on its way to one domain. */
interface Post {
  readonly target: URL;
  readonly body: string;
  readonly limits: TimeLimits;
  readonly door: Door;
}

/** Where requests of one kind go, and over which connections. */
interface Door {
  readonly urls: readonly string[];
  readonly agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent };
  readonly tls: https.AgentOptions;
}

/** @throws WeChatPayError MERCHANT_MISCONFIGURED */
function secureDoor(plain: Door, certificate: Certificate | undefined): Door {
  if (!certificate) {
    throw new WeChatPayError(
      'MERCHANT_MISCONFIGURED',
      'A refund wants the merchant certificate; there is none.',
    );
  }
  const { cert, key, ca, url } = certificate;
  const tls = { cert, key, ...(ca !== undefined && { ca }) };
  const agents = { ...plain.agents, 'https:': new https.Agent({ ...KEPT_ALIVE, ...tls }) };
  return { urls: url === undefined ? plain.urls : [url], agents, tls };
}

type Attempt =
  | { readonly kind: 'answer'; readonly body: Buffer }
  | { readonly kind: 'stale'; readonly error: WeChatPayError }
  | { readonly kind: 'failure'; readonly error: WeChatPayError };

function notSent(): Attempt {
  const message = 'No time is left to ask WeChat Pay; nothing was sent.';
  return { kind: 'failure', error: new WeChatPayError('TIMEOUT', message) };
}

async function readAnswer(response: http.IncomingMessage, path: string): Promise<Attempt> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) {
      response.destroy();
      const error = new WeChatPayError('XML_REFUSED', `The answer is over ${ANSWER_BYTES_MAX} bytes.`);
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
  if (isLate || NOT_CONNECTED.has(cause.code ?? '') || (!isConnected && !isReused)) {
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
