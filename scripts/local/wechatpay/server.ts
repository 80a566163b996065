import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { OwnOrigins } from '../guard.ts';
import { LoopbackServer } from '../loopback.ts';
import { BrokenConnection, type Connection } from './calls.ts';
import { type Certificates, merchantIn } from './certificates.ts';
import type { LocalWeChatPay } from './wechatpay.ts';

/** A WeChat Pay that can be reached by HTTP, on this machine only. */
export interface WeChatPayServer {
  /** What WECHAT_PAY_BASE_URL or another SDK's gateway is set to; no slash at the end. */
  readonly url: string;
  /** Refuses connections until `up()`, at the same address. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

const BODY_BYTES_MAX = 64 * 1024;

/**
 * @param port 0 takes any that is free
 * @param options.origins of the world's servers
 */
export async function serveWeChatPay(
  wechatpay: LocalWeChatPay,
  port = 0,
  options: { readonly origins?: OwnOrigins } = {},
): Promise<WeChatPayServer> {
  const seen = new WeakSet<Socket>();
  const server = new LoopbackServer(
    (request, response) => {
      const isReused = seen.has(request.socket);
      seen.add(request.socket);
      void respond(wechatpay, { request, response, isReused });
    },
    { name: 'The local WeChat Pay', ...options },
  );
  await server.open(port);
  return serverOf(server);
}

/**
 * The door for refunds: TLS, with the merchant's certificate shown by whoever comes in. One who shows none, or one that
 * this process did not make, is let in as nobody, and then refused as at WeChat.
 */
export async function serveWeChatPaySecurely(
  wechatpay: LocalWeChatPay,
  { ca, server: { cert, key } }: Certificates,
  options: { readonly origins?: OwnOrigins } = {},
): Promise<WeChatPayServer> {
  const server = new LoopbackServer(
    (request, response) => {
      const { socket } = request;
      const shown =
        socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
      const certified = shown && merchantIn(shown);
      void respond(wechatpay, {
        request,
        response,
        isReused: false,
        ...(certified !== undefined && { certified }),
      });
    },
    {
      name: 'The local WeChat Pay for refunds',
      tls: { cert, key, ca: ca.cert, requestCert: true, rejectUnauthorized: false },
      ...options,
    },
  );
  await server.open(0);
  return serverOf(server);
}

function serverOf(server: LoopbackServer): WeChatPayServer {
  return {
    url: server.url,
    down: () => server.close(),
    up: () => server.open(server.port),
    close: () => server.close(),
  };
}

async function respond(
  wechatpay: LocalWeChatPay,
  { request, response, ...connection }: Connection & { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { socket } = request; // A request that was read only in part has none any more.
  try {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const body = await read(request);
    const answer = await wechatpay.handle(pathname, request.method ?? '', body, connection);
    response.writeHead(answer.status, { 'Content-Type': answer.contentType });
    response.end(answer.body);
  } catch (error) {
    if (!(error instanceof BrokenConnection)) console.error('WeChat Pay (local):', error);
    socket.destroy();
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new BrokenConnection(`A request of more than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
