import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { BrokenConnection, type HttpAnswer } from './calls.ts';
import type { OwnOrigins } from './guard.ts';
import { LoopbackServer } from './loopback.ts';

/** A server of WeChat's that can be reached by HTTP, on this machine only. */
export interface ApiServer {
  /** What the functions or another SDK are told to ask; no slash at the end. */
  readonly url: string;
  /** Refuses connections until `up()`, at the same address. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

/** A request as it came, whole. */
export interface ServedRequest {
  readonly method: string;
  /** Path and query string. */
  readonly url: string;
  readonly body: Buffer;
  readonly socket: Socket;
  /** Whether an earlier call came over the same connection. */
  readonly isReused: boolean;
}

const BODY_BYTES_MAX = 64 * 1024;

/**
 * @param handle answers; where it throws, the connection breaks
 * @param options.name of what is served, for messages
 * @param options.port 0 takes any that is free
 * @param options.origins of the world's servers
 */
export async function serveApi(
  handle: (request: ServedRequest) => Promise<HttpAnswer>,
  {
    name,
    port = 0,
    ...options
  }: {
    readonly name: string;
    readonly port?: number;
    readonly tls?: ServerOptions;
    readonly origins?: OwnOrigins;
  },
): Promise<ApiServer> {
  const seen = new WeakSet<Socket>();
  const server = new LoopbackServer(
    async (request, response) => {
      const { socket, method = '', url = '/' } = request; // A request that was read only in part has no socket any more.
      const isReused = seen.has(socket);
      seen.add(socket);
      try {
        const body = await read(request);
        const answer = await handle({ method, url, body, socket, isReused });
        const { status, contentType, location } = answer;
        response.writeHead(status, { 'Content-Type': contentType, ...(location && { Location: location }) });
        response.end(answer.file ?? answer.body);
      } catch (error) {
        if (!(error instanceof BrokenConnection)) console.error(`${name} (local):`, error);
        socket.destroy();
      }
    },
    { name: `The local ${name}`, ...options },
  );
  await server.open(port);
  return {
    url: server.url,
    down: () => server.close(),
    up: () => server.open(server.port),
    close: () => server.close(),
  };
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
