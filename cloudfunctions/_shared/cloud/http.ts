import type { AgentOptions } from 'node:https';
import { BILL_PATH, REFUND_PATH, type TimeLimits, type Transport } from '../wechatpay/client.ts';
import { WeChatPayError } from '../wechatpay/errors.ts';
import type { Certificate } from './config.ts';
import { type Attempt, type Send, sendOverHttp } from './http-send.ts';
import type { Timers } from './timers.ts';

/** WeChat Pay's domains. The second is in another city, for when the first cannot be reached. */
const WECHAT_PAY_URLS = ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com'];
/** With less time than this a question is not sent: it would hardly be answered, and leave the order unknown. */
const WORTH_ASKING_MS = 500;
/** A bill may have megabytes. */
const BILL_TIMEOUT_MS = 30_000;

/**
 * Carries requests to WeChat Pay over kept-alive connections. The second domain is asked only when no connection to the
 * first can be made, with the very same bytes. Whatever is sent, first or again, is sent within the question's limits.
 *
 * @param timeout_ms how long one domain is waited for at most, but for a bill; less when less is left
 * @param certificate what is shown where WeChat wants the merchant's certificate, over connections of its own
 * @param send how one request reaches one domain; over this process's connections when left out
 * @throws WeChatPayError UNREACHABLE, TIMEOUT, BROKEN_CONNECTION, TRY_AGAIN for an answer other than 200, or
 * MERCHANT_MISCONFIGURED where the certificate is missing or not accepted
 */
export function createTransport({
  urls = WECHAT_PAY_URLS,
  timeout_ms,
  timers,
  clock,
  certificate,
  send,
}: {
  urls?: readonly string[];
  timeout_ms: number;
  timers: Timers;
  clock: { now(): Date };
  certificate?: Certificate | undefined;
  send?: Send;
}): Transport {
  const plain: Door = { urls, send: send ?? sendOverHttp(timers) };
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
    secure ??= secureDoor(plain, certificate, (tls) => send ?? sendOverHttp(timers, tls));
    return secure;
  }

  /** A connection that went stale while idle is not the request's fault: it is made again, once, on a new one. */
  async function postOnce(post: Post): Promise<Buffer> {
    const first = await attempt(post);
    const last = first.kind === 'stale' ? await attempt(post, { isFresh: true }) : first;
    if (last.kind === 'answer') return last.body;
    throw last.error;
  }

  async function attempt({ target, body, limits, door }: Post, { isFresh = false } = {}): Promise<Attempt> {
    const now = clock.now();
    const left_ms = limits.answerBy.getTime() - now.getTime();
    if (now > limits.sendBy || left_ms < WORTH_ASKING_MS) return notSent();
    const patience_ms = target.pathname.endsWith(BILL_PATH) ? BILL_TIMEOUT_MS : timeout_ms;
    return door.send({ target, body, isFresh, timeout_ms: Math.min(patience_ms, left_ms) });
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
  readonly send: Send;
}

/** @throws WeChatPayError MERCHANT_MISCONFIGURED */
function secureDoor(
  plain: Door,
  certificate: Certificate | undefined,
  sendWith: (tls: AgentOptions) => Send,
): Door {
  if (!certificate) {
    throw new WeChatPayError(
      'MERCHANT_MISCONFIGURED',
      'A refund wants the merchant certificate; there is none.',
    );
  }
  const { cert, key, ca, url } = certificate;
  const tls = { cert, key, ...(ca !== undefined && { ca }) };
  return { urls: url === undefined ? plain.urls : [url], send: sendWith(tls) };
}

function notSent(): Attempt {
  const message = 'No time is left to ask WeChat Pay; nothing was sent.';
  return { kind: 'failure', error: new WeChatPayError('TIMEOUT', message) };
}
