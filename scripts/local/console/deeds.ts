import type { Hono } from 'hono';
import * as v from 'valibot';
import { DONE, malformed, readBody, refusal, respond } from './answers.ts';
import { sendNotice } from './notices.ts';
import type { ConsoleParts } from './parts.ts';
import { refundByStaff } from './refund.ts';
import type { Switches } from './switches.ts';
import { ALL_SWITCHES, type Lasting } from './wire.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** WeChat's own longest spans are days; a month is far enough for everything that ends. */
const Minutes = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31 * DAY_MINUTES));
const TIMES_MAX = 1000;
const SENDINGS_MAX = 10;

const Turn = v.union([
  v.strictObject({ on: v.boolean() }),
  v.strictObject({
    on: v.literal(true),
    times: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(TIMES_MAX)),
  }),
  v.strictObject({ on: v.literal(true), minutes: Minutes }),
  v.strictObject({ on: v.literal(true), lasting: v.literal(true) }),
]);
const Advance = v.object({ minutes: Minutes });
const Sending = v.union([
  v.strictObject({ times: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(SENDINGS_MAX)) }),
  v.strictObject({ forge: v.string() }),
]);
const SwitchSchema = v.picklist(ALL_SWITCHES);

/**
 * What can be pressed: POST /api/switches/<name> {on} with times, minutes or lasting; /api/timers/<function> {},
 * /api/clock {minutes}, /api/notices/<out_trade_no> {times} or {forge}, /api/refunds/<out_trade_no> {}.
 */
export function addDeeds(app: Hono, parts: ConsoleParts, switches: Switches): void {
  app.post('/api/switches/:name', async (c) => {
    const name = v.safeParse(SwitchSchema, c.req.param('name'));
    const turn = await readBody(c, Turn);
    if (!name.success || !turn)
      return malformed(
        c,
        `A switch is ${ALL_SWITCHES.join(', ')}: {on}, and with it {times}, {minutes} or {lasting: true}`,
      );
    return respond(c, switches.turn(name.output, turn.on, lastingOf(turn)));
  });
  app.post('/api/timers/:functionName', async (c) => {
    const functionName = c.req.param('functionName');
    const known = parts.timers.next.map((timer) => timer.functionName);
    if (!known.includes(functionName))
      return malformed(c, `Functions with a timer: ${known.join(', ') || 'none'}`);
    const answer = await parts.timers.runNow(functionName);
    return respond(c, answer.kind === 'answered' ? DONE : refusal('TIMER_FAILED', answer.error.message));
  });
  app.post('/api/clock', async (c) => {
    const advance = await readBody(c, Advance);
    if (!advance) return malformed(c, `The clock moves by whole minutes, at most a month of them: {minutes}`);
    await parts.clock.advance(advance.minutes * MINUTE_MS);
    return respond(c, DONE);
  });
  app.post('/api/notices/:out_trade_no', async (c) => {
    const sending = await readBody(c, Sending);
    if (!sending) return malformed(c, `A notice is sent {times}, at most ${SENDINGS_MAX}, or {forge}`);
    return respond(c, sendNotice(parts, c.req.param('out_trade_no'), sending));
  });
  app.post('/api/refunds/:out_trade_no', (c) =>
    respond(c, refundByStaff(parts, c.req.param('out_trade_no'))),
  );
}

function lastingOf(turn: v.InferOutput<typeof Turn>): Lasting {
  if ('times' in turn) return { times: turn.times };
  if ('minutes' in turn) return { minutes: turn.minutes };
  return 'lasting' in turn ? 'until taken back' : { times: 1 };
}
