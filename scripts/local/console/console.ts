import { randomUUID } from 'node:crypto';
import { getRequestListener } from '@hono/node-server';
import { isJson, type OwnOrigins, originsOf } from '../guard.ts';
import { LoopbackServer } from '../loopback.ts';
import { consoleApp } from './app.ts';
import { Feed } from './feed.ts';
import type { ConsoleParts } from './parts.ts';
import { Switches } from './switches.ts';
import type { WorldAddresses } from './wire.ts';

export interface ConsoleOptions extends ConsoleParts {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Where the phone is; it is given `?shopper=<openid>`. Without it the page says where the phone will be. */
  readonly simulatorUrl?: string;
  /** The page that the phone opens first, with a slash at its beginning. */
  readonly phonePath?: string;
  readonly addresses: WorldAddresses;
  /** Of the world's servers. */
  readonly origins?: OwnOrigins;
}

export interface ConsoleServer {
  readonly url: string;
  /** Its origins as browsers may spell them: who may frame the phone. */
  readonly origins: readonly string[];
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
  phonePath,
  addresses,
  origins,
  ...parts
}: ConsoleOptions): Promise<ConsoleServer> {
  const closing = new AbortController();
  const feed = new Feed(parts);
  const switches = new Switches(parts);
  const app = consoleApp({
    parts,
    feed,
    switches,
    worldId: randomUUID(),
    simulatorUrl,
    phonePath,
    addresses,
    closing: closing.signal,
  });
  const listener = getRequestListener(app.fetch);
  const guard = { name: 'The console', takes: isJson, ...(origins && { origins }) };
  const server = new LoopbackServer(listener, guard);
  await server.open(port);
  return {
    url: server.url,
    origins: originsOf(server.port),
    async close() {
      closing.abort();
      feed.close();
      await server.close();
    },
  };
}
