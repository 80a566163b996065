import { type IncomingMessage, request } from 'node:http';

/** A notice on its way to the merchant. */
export interface Posting {
  readonly url: string;
  readonly body: string;
  /** Goes out as the Request-ID header. */
  readonly id: string;
}

/** What the merchant replied. */
export interface PostingReply {
  readonly status: number;
  readonly body: string;
}

/** Posts a notice; rejects when no whole reply came. */
export type Deliver = (posting: Posting) => Promise<PostingReply>;

/** A notify_url that leads off this machine; nothing is sent there. */
export class NotThisMachineError extends Error {
  override readonly name = 'NotThisMachineError';
}

/** WeChat waits this long for the reply, in real time: the merchant's process is a real one. */
const REPLY_TIMEOUT_MS = 5000;
const REPLY_BYTES_MAX = 64 * 1024;

/**
 * Posts notices to a server on this machine, as WeChat does: text/xml, a connection for each, no redirects. The local
 * world never calls anybody else.
 */
export function httpDeliver({ timeoutMs = REPLY_TIMEOUT_MS } = {}): Deliver {
  return async (posting) => {
    const { hostname, protocol } = new URL(posting.url);
    if (protocol === 'http:' && isLoopback(hostname)) return post(posting, timeoutMs);
    throw new NotThisMachineError(
      `notify_url ${posting.url} leads off this machine and the local WeChat Pay only posts to it: ` +
        'set WECHAT_PAY_NOTIFY_URL to the local route of payNotify (http://127.0.0.1:…)',
    );
  };
}

function post({ url, body, id }: Posting, timeoutMs: number): Promise<PostingReply> {
  const headers = {
    'Content-Type': 'text/xml',
    'User-Agent': 'Mozilla/4.0',
    'Request-ID': id,
    Connection: 'close',
  };
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no whole reply within ${timeoutMs} ms`));
    signal.addEventListener('abort', late, { once: true });
    const call = request(url, { method: 'POST', headers, agent: false, signal }, (reply) => {
      read(reply).then((text) => resolve({ status: reply.statusCode ?? 0, body: text }), reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

async function read(reply: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of reply) {
    bytes += chunk.length;
    if (bytes > REPLY_BYTES_MAX) throw new Error(`a reply of more than ${REPLY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
