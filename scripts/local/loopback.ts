import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import { type GuardOptions, guarded, OwnOrigins } from './guard.ts';

const HOST = '127.0.0.1';

/** An HTTP server that only this machine reaches, and on it only who the guard lets in. Every local server is one. */
export class LoopbackServer {
  readonly #server: Server;
  readonly #origins: OwnOrigins;
  readonly #scheme: 'http' | 'https';
  #port = 0;

  /**
   * @param options.keepAliveMs how long an idle connection is kept; Node's own 5 s unless said
   * @param options.tls makes it an https server
   */
  constructor(
    listener: RequestListener,
    {
      keepAliveMs,
      tls,
      origins = new OwnOrigins(),
      ...guard
    }: GuardOptions & { readonly keepAliveMs?: number; readonly tls?: ServerOptions },
  ) {
    this.#origins = origins;
    const guardedListener = guarded(listener, { ...guard, origins, port: () => this.#port });
    this.#server = tls ? createSecureServer(tls, guardedListener) : createServer(guardedListener);
    this.#scheme = tls ? 'https' : 'http';
    if (keepAliveMs !== undefined) this.#server.keepAliveTimeout = keepAliveMs;
  }

  /** 0 before the first `open`. */
  get port(): number {
    return this.#port;
  }

  /** `http://127.0.0.1:<port>`, or with https, without a slash. */
  get url(): string {
    return `${this.#scheme}://${HOST}:${this.#port}`;
  }

  /**
   * Listens. It can be opened again after `close`.
   * @param port 0 takes any that is free
   * @throws NodeJS.ErrnoException EADDRINUSE when the port is taken
   */
  async open(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, HOST, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address ? address.port : port;
    this.#origins.add(this.#port);
  }

  /** Stops listening and drops the open connections. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#origins.remove(this.#port);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}
