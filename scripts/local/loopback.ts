import { createServer, type RequestListener, type Server } from 'node:http';
import { type GuardOptions, guarded, OwnOrigins } from './guard.ts';

const HOST = '127.0.0.1';

/** An HTTP server that only this machine reaches, and on it only who the guard lets in. Every local server is one. */
export class LoopbackServer {
  readonly #server: Server;
  readonly #origins: OwnOrigins;
  #port = 0;

  /** @param options.keepAliveMs how long an idle connection is kept; Node's own 5 s unless said */
  constructor(
    listener: RequestListener,
    { keepAliveMs, origins = new OwnOrigins(), ...guard }: GuardOptions & { readonly keepAliveMs?: number },
  ) {
    this.#origins = origins;
    this.#server = createServer(guarded(listener, { ...guard, origins, port: () => this.#port }));
    if (keepAliveMs !== undefined) this.#server.keepAliveTimeout = keepAliveMs;
  }

  /** 0 before the first `open`. */
  get port(): number {
    return this.#port;
  }

  /** `http://127.0.0.1:<port>`, without a slash. */
  get url(): string {
    return `http://${HOST}:${this.#port}`;
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
