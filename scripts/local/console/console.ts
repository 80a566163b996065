import { randomUUID } from 'node:crypto';
import { createAdaptorServer } from '@hono/node-server';
import { consoleApp } from './app.ts';
import { Feed } from './feed.ts';
import type { ConsoleParts } from './parts.ts';
import { Switches } from './switches.ts';

export interface ConsoleOptions extends ConsoleParts {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Where the phone is; it is given `?shopper=<openid>`. Without it the page says where the phone will be. */
  readonly simulatorUrl?: string;
}

export interface ConsoleServer {
  readonly url: string;
  /** Stops listening and ends the streams. */
  close(): Promise<void>;
}

/**
 * Serves the console on the loopback interface.
 * @throws NodeJS.ErrnoException EADDRINUSE when the port is taken
 */
export async function serveConsole({
  port = 0,
  simulatorUrl,
  ...parts
}: ConsoleOptions): Promise<ConsoleServer> {
  const closing = new AbortController();
  const feed = new Feed(parts);
  const switches = new Switches(parts.wechatpay.faults);
  let bound = port;
  const app = consoleApp({
    parts,
    feed,
    switches,
    worldId: randomUUID(),
    simulatorUrl,
    port: () => bound,
    closing: closing.signal,
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address === 'object' && address) bound = address.port;
  return {
    url: `http://127.0.0.1:${bound}`,
    async close() {
      closing.abort();
      feed.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    },
  };
}
