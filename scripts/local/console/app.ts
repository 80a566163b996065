import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import * as v from 'valibot';
import { pageHeaders } from '../page-headers.ts';
import type { Feed } from './feed.ts';
import { bundlePage, type Page } from './page.ts';
import type { ConsoleParts } from './parts.ts';
import { refundByStaff } from './refund.ts';
import { documentsOf, stateOf } from './state.ts';
import type { Switches } from './switches.ts';
import { type Outcome, SWITCH_NAMES } from './wire.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const BODY_BYTES_MAX = 4 * 1024;
/** In real time, since it is a real connection that is kept: proxies and laptops drop silent ones. */
const HEARTBEAT_MS = 15_000;

const Turn = v.object({ on: v.boolean() });
/** WeChat's own longest spans are days; a month is far enough for everything that ends. */
const Advance = v.object({
  minutes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31 * DAY_MINUTES)),
});
const SwitchSchema = v.picklist([...SWITCH_NAMES.payment, ...SWITCH_NAMES.virtual]);

export interface ConsoleAppOptions {
  readonly parts: ConsoleParts;
  readonly feed: Feed;
  readonly switches: Switches;
  /** Names this world: a page that outlived another one's begins anew. */
  readonly worldId: string;
  readonly simulatorUrl: string | undefined;
  /** Ends the streams. */
  readonly closing: AbortSignal;
}

/**
 * GET / the page, /api/events the trace as server-sent events (resumes after Last-Event-ID), /api/state,
 * /api/documents/<collection>; POST /api/switches/<name> {on}, /api/timers/<function> {}, /api/clock {minutes},
 * /api/refunds/<out_trade_no> {}.
 */
export function consoleApp(options: ConsoleAppOptions): Hono {
  const { parts, switches, simulatorUrl } = options;
  const app = new Hono();
  let page: Promise<Page> | undefined;
  const headers = Object.entries(pageHeaders(policy(simulatorUrl)));
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of headers) c.res.headers.set(name, value);
  });
  app.use(bodyLimit({ maxSize: BODY_BYTES_MAX }));

  app.get('/api/state', (c) => c.json(stateOf(parts, { switches, simulatorUrl })));
  app.get('/api/documents/:name', (c) => {
    const found = documentsOf(parts, c.req.param('name'));
    return found ? c.json(found) : c.json({ ok: false, message: '没有这个集合。' }, 404);
  });
  app.get('/api/events', (c) => streamEvents(c, options));

  app.post('/api/switches/:name', async (c) => {
    const name = v.safeParse(SwitchSchema, c.req.param('name'));
    const body = v.safeParse(Turn, await readJson(c));
    if (!name.success || !body.success)
      return refuse(c, `A switch is ${SwitchSchema.options.join(', ')}: {on}`);
    return respond(c, switches.turn(name.output, body.output.on));
  });
  app.post('/api/timers/:functionName', async (c) => {
    const functionName = c.req.param('functionName');
    const known = parts.timers.next.map((timer) => timer.functionName);
    if (!known.includes(functionName))
      return refuse(c, `Functions with a timer: ${known.join(', ') || 'none'}`);
    const answer = await parts.timers.runNow(functionName);
    return respond(
      c,
      answer.kind === 'answered' ? { ok: true } : { ok: false, message: answer.error.message },
    );
  });
  app.post('/api/refunds/:out_trade_no', (c) =>
    respond(c, refundByStaff(parts, c.req.param('out_trade_no'))),
  );
  app.post('/api/clock', async (c) => {
    const body = v.safeParse(Advance, await readJson(c));
    if (!body.success)
      return refuse(c, `The clock moves by whole minutes, at most a month of them: {minutes}`);
    await parts.clock.advance(body.output.minutes * MINUTE_MS);
    return respond(c, { ok: true });
  });

  // The page is bundled when somebody looks: many a world is started by a test, and nobody does.
  app.get('*', async (c) => {
    page ??= bundlePage();
    const file = (await page)[c.req.path];
    if (!file) return c.text('Not found', 404);
    return c.body(file.text, 200, { 'Content-Type': `${file.type}; charset=utf-8` });
  });
  return app;
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

async function readJson(c: Context): Promise<unknown> {
  try {
    return await c.req.json();
  } catch {
    return undefined;
  }
}

function respond(c: Context, outcome: Outcome): Response {
  return c.json(outcome, outcome.ok ? 200 : 409);
}

function refuse(c: Context, message: string): Response {
  return c.json({ ok: false, message } satisfies Outcome, 400);
}
