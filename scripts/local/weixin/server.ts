import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { OwnOrigins } from '../guard.ts';
import { LoopbackServer } from '../loopback.ts';
import { BrokenConnection } from './calls.ts';
import type { LocalWeixin } from './weixin.ts';

/** An api.weixin.qq.com that can be reached by HTTP, on this machine only. */
export interface WeixinServer {
  /** What WEIXIN_API_ORIGIN is set to; no slash at the end. */
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
export async function serveWeixin(
  weixin: LocalWeixin,
  port = 0,
  options: { readonly origins?: OwnOrigins } = {},
): Promise<WeixinServer> {
  const seen = new WeakSet<Socket>();
  const server = new LoopbackServer(
    (request, response) => {
      const isReused = seen.has(request.socket);
      seen.add(request.socket);
      void respond(weixin, { request, response, isReused });
    },
    { name: 'The local api.weixin.qq.com', ...options },
  );
  await server.open(port);
  return {
    url: server.url,
    down: () => server.close(),
    up: () => server.open(server.port),
    close: () => server.close(),
  };
}

async function respond(
  weixin: LocalWeixin,
  { request, response, isReused }: { request: IncomingMessage; response: ServerResponse; isReused: boolean },
): Promise<void> {
  const { socket, method = '', url = '/' } = request; // A request that was read only in part has no socket any more.
  try {
    const body = await read(request);
    const answer = await weixin.handle({ method, url, body, isReused });
    response.writeHead(answer.status, { 'Content-Type': answer.contentType });
    response.end(answer.body);
  } catch (error) {
    if (!(error instanceof BrokenConnection)) console.error('api.weixin.qq.com (local):', error);
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
