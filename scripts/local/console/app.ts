import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import { pageHeaders } from '../page-headers.ts';
import { addDeeds } from './deeds.ts';
import { addDocuments, DOCUMENT_BYTES_MAX } from './document-routes.ts';
import type { Feed } from './feed.ts';
import { logsOf } from './logs.ts';
import { bundlePage, type Page } from './page.ts';
import type { ConsoleParts } from './parts.ts';
import { addRecording } from './recording-route.ts';
import { stateOf } from './state.ts';
import type { Switches } from './switches.ts';
import type { WorldAddresses } from './wire.ts';

const BODY_BYTES_MAX = 4 * 1024;
/** In real time, since it is a real connection that is kept: proxies and laptops drop silent ones. */
const HEARTBEAT_MS = 15_000;

export interface ConsoleAppOptions {
  readonly parts: ConsoleParts;
  readonly feed: Feed;
  readonly switches: Switches;
  /** Names this world: a page that outlived another one's begins anew. */
  readonly worldId: string;
  readonly simulatorUrl: string | undefined;
  readonly phonePath: string | undefined;
  readonly addresses: WorldAddresses;
  /** Ends the streams. */
  readonly closing: AbortSignal;
}

/**
 * GET / the page, /api/addresses where the world listens, /api/events the trace as server-sent events (resumes after Last-Event-ID), /api/state?find=,
 * /api/logs?find=; what can be pressed is in `deeds.ts`, documents in `document-routes.ts`, a file in `recording-route.ts`.
 */
export function consoleApp(options: ConsoleAppOptions): Hono {
  const { parts, switches, simulatorUrl, phonePath } = options;
  const app = new Hono();
  let page: Promise<Page> | undefined;
  const headers = Object.entries(pageHeaders(policy(simulatorUrl)));
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of headers) c.res.headers.set(name, value);
  });
  const limits = {
    usual: bodyLimit({ maxSize: BODY_BYTES_MAX }),
    document: bodyLimit({ maxSize: DOCUMENT_BYTES_MAX }),
  };
  app.use((c, next) => limits[c.req.path.startsWith('/api/documents/') ? 'document' : 'usual'](c, next));

  app.get('/api/state', (c) =>
    c.json(stateOf(parts, { switches, simulatorUrl, phonePath, find: findOf(c) })),
  );
  app.get('/api/addresses', (c) => c.json(options.addresses));
  app.get('/api/events', (c) => streamEvents(c, options));
  app.get('/api/logs', (c) => c.json(logsOf(parts, findOf(c))));
  addDocuments(app, parts);
  addDeeds(app, parts, switches);
  addRecording(app, parts, switches);

  // The page is bundled when somebody looks: many a world is started by a test, and nobody does.
  app.get('*', async (c) => {
    page ??= bundlePage();
    const file = (await page)[c.req.path];
    if (!file) return c.text('Not found', 404);
    return c.body(file.text, 200, { 'Content-Type': `${file.type}; charset=utf-8` });
  });
  return app;
}

function findOf(c: Context): string {
  return (c.req.query('find') ?? '').trim();
}

/** Its own files only, the phone in a frame, and nobody may frame the switches. */
function policy(simulatorUrl: string | undefined): Record<string, string> {
  return {
    'script-src': "'self'",
    'style-src': "'self' 'unsafe-inline'",
    'connect-src': "'self'",
    'img-src': 'data:',
    'frame-src': simulatorUrl === undefined ? "'none'" : new URL(simulatorUrl).origin,
    'frame-ancestors': "'none'",
  };
}

/** A page that cannot keep up waits for its own events; what the trace drops meanwhile, it never gets. */
function streamEvents(c: Context, { feed, worldId, closing }: ConsoleAppOptions): Response {
  return streamSSE(c, async (stream) => {
    const end = () => stream.abort();
    closing.addEventListener('abort', end);
    await stream.writeSSE({ event: 'world', data: worldId });
    let seq = Number(c.req.header('last-event-id') ?? c.req.query('after') ?? 0) || 0;
    while (!stream.aborted && !closing.aborted) {
      const events = feed.after(seq);
      const last = events.at(-1);
      if (last) {
        seq = last.seq;
        await stream.writeSSE({ event: 'events', id: String(seq), data: JSON.stringify(events) });
      } else if (!(await feed.next(HEARTBEAT_MS))) {
        await stream.write(': still here\n\n');
      }
    }
    closing.removeEventListener('abort', end);
  });
}
