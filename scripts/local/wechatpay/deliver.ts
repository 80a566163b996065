import { request } from 'node:http';

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
 * Posts a notice to a server on this machine, as WeChat does: text/xml, a connection of its own, no redirects.
 * The local world never calls anybody else.
 */
export const deliver: Deliver = async ({ url, body, id }) => {
  const { hostname, protocol } = new URL(url);
  if (protocol !== 'http:' || !isLoopback(hostname)) {
    throw new NotThisMachineError(
      `notify_url ${url} leads off this machine and the local WeChat Pay only posts to it: ` +
        'set WECHAT_PAY_NOTIFY_URL to the local route of payNotify (http://127.0.0.1:…)',
    );
  }
  return new Promise((resolve, reject) => {
    const headers = {
      'Content-Type': 'text/xml',
      'User-Agent': 'Mozilla/4.0',
      'Request-ID': id,
      Connection: 'close',
    };
    const signal = AbortSignal.timeout(REPLY_TIMEOUT_MS);
    const posting = request(url, { method: 'POST', headers, agent: false, signal }, (reply) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      reply.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > REPLY_BYTES_MAX)
          reply.destroy(new Error(`A reply of more than ${REPLY_BYTES_MAX} bytes`));
        chunks.push(chunk);
      });
      reply.on('end', () =>
        resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
      reply.on('error', reject);
    });
    posting.on('error', reject);
    posting.end(body);
  });
};

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
