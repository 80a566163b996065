import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
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
  /** The call of a function that asks, where it is one. */
  readonly invocation?: string;
}

/** What every server of WeChat's is told of the world that it is in. */
export interface OwnWorld {
  /** Of the world's servers. */
  readonly origins?: OwnOrigins;
  /** The call of a function that has opened the connection which comes from this port. */
  readonly invocationAt?: (port: number) => string | undefined;
}

const BODY_BYTES_MAX = 64 * 1024;

/**
 * @param handle answers; where it throws, the connection breaks
 * @param options.name of what is served, for messages
 * @param options.port 0 takes any that is free
 */
export async function serveApi(
  handle: (request: ServedRequest) => Promise<HttpAnswer>,
  {
    name,
    port = 0,
    invocationAt,
    ...options
  }: OwnWorld & { readonly name: string; readonly port?: number; readonly tls?: ServerOptions },
): Promise<ApiServer> {
  const seen = new WeakSet<Socket>();
  const server = new LoopbackServer(
    async (request, response) => {
      const { socket, method = '', url = '/' } = request; // A request that was read only in part has no socket any more.
      const isReused = seen.has(socket);
      seen.add(socket);
      try {
        const body = await read(request);
        const invocation = await invocationBehind(socket, invocationAt);
        const caller = invocation === undefined ? {} : { invocation };
        const answer = await handle({ method, url, body, socket, isReused, ...caller });
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

/**
 * A process reports a connection before it sends anything over it, by a way of its own: in this turn of the event loop both are
 * read. Over TLS the report came while hands were shaken, and nothing may be waited for: Node breaks a connection whose
 * certificate is not valid, and which was let in all the same, with the next turn.
 */
async function invocationBehind(
  socket: Socket,
  invocationAt: OwnWorld['invocationAt'],
): Promise<string | undefined> {
  const { remotePort } = socket;
  if (!invocationAt || remotePort === undefined) return undefined;
  const known = invocationAt(remotePort);
  if (known !== undefined || socket instanceof TLSSocket) return known;
  await setImmediate();
  return invocationAt(remotePort);
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
