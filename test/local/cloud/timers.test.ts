import { expect, onTestFinished, test } from 'vitest';
import { WorldClock } from '../../../scripts/local/clock.ts';
import { TIMER_RUNS_PER_JUMP_MAX, Timers } from '../../../scripts/local/cloud/functions/timers.ts';
import { hostOf, PATIENTLY, SHOPPER, type Source } from './host-world.ts';

/** Half past one in the night in China. */
const BIRTH = Date.UTC(2027, 0, 1, 17, 30);
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const EVERY_MINUTE = '0 */1 * * * * *';

function timer(config: string, code = 'exports.main = (event) => event;'): Source {
  return { code, config: { triggers: [{ name: 'tick', type: 'timer', config }] }, invoke: 'nobody' };
}

/** A world that moves only by `advance`, with one function named `tick`. */
function timersOf(source: Source) {
  const clock = new WorldClock({ source: () => BIRTH });
  const { host, trace, directory } = hostOf({ tick: source }, { clock });
  const timers = new Timers({ clock, host, directory });
  onTestFinished(() => timers.dispose());
  const fired = () => trace.since().flatMap(({ kind, at }) => (kind === 'call' ? [at.toISOString()] : []));
  return { clock, host, trace, timers, fired };
}

test('a timer is read in the time of China and hands over the event of the platform', async () => {
  const { clock, trace, timers } = timersOf(timer('0 30 2 * * * *'));
  expect(timers.next).toEqual([{ functionName: 'tick', name: 'tick', at: new Date('2027-01-01T18:30:00Z') }]);
  await clock.advance(DAY_MS);
  const [call, reply, ...others] = trace.since();
  expect(others).toEqual([]);
  expect(call).toMatchObject({ from: 'timer', to: 'function', kind: 'call', label: 'tick' });
  expect(reply?.payload).toEqual({
    Type: 'Timer',
    TriggerName: 'tick',
    Time: '2027-01-01T18:30:00Z',
    Message: '',
  });
});

test('a timer says that it is one, and has no shopper', async () => {
  const code = 'exports.main = (_, context) => JSON.parse(context.environment);';
  const { timers } = timersOf(timer(EVERY_MINUTE, code));
  const answer = await timers.runNow('tick');
  const environment = JSON.parse(answer.kind === 'answered' ? answer.result : '{}');
  expect(environment).toMatchObject({ TCB_SOURCE: 'wx_trigger', TRIGGER_SRC: 'timer' });
  expect(environment).not.toHaveProperty('WX_OPENID');
});

test('over a few minutes a timer runs every minute, at its own moment', async () => {
  const { clock, fired } = timersOf(timer(EVERY_MINUTE));
  await clock.advance(3 * MINUTE_MS);
  await clock.advance(MINUTE_MS - 1);
  expect(fired()).toEqual([
    '2027-01-01T17:31:00.000Z',
    '2027-01-01T17:32:00.000Z',
    '2027-01-01T17:33:00.000Z',
  ]);
  await clock.advance(1);
  expect(fired()).toHaveLength(4);
});

test.each([1, 7, 365])('over %i days a timer is thinned to an even few runs', async (days) => {
  const { clock, fired } = timersOf(timer(EVERY_MINUTE));
  await clock.advance(days * DAY_MS);
  const moments = fired().map((at) => Date.parse(at));
  expect(moments.length).toBeLessThanOrEqual(TIMER_RUNS_PER_JUMP_MAX);
  expect(moments.length).toBeGreaterThan(TIMER_RUNS_PER_JUMP_MAX - 5);
  const gaps = new Set(moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0)));
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(MINUTE_MS);
  expect(BIRTH + days * DAY_MS - Math.max(...moments)).toBeLessThanOrEqual(Math.max(...gaps));
});

test('after a long way a timer is back at every minute', async () => {
  const { clock, fired } = timersOf(timer(EVERY_MINUTE));
  await clock.advance(DAY_MS);
  const before = fired().length;
  await clock.advance(10 * MINUTE_MS);
  expect(fired().length - before).toBe(10);
});

test('a run that does not end does not hold up the next', async () => {
  const code = `exports.main = () => new Promise(() => setInterval(() => undefined, 1000));`;
  const source = new Date(Date.UTC(2027, 0, 1));
  const clock = new WorldClock({ source: () => source.getTime() });
  const { host, directory } = hostOf({ tick: timer('* * * * * * *', code) }, { clock });
  const timers = new Timers({ clock, host, directory });
  onTestFinished(() => timers.dispose());
  for (const second of [1, 2, 3]) {
    source.setTime(Date.UTC(2027, 0, 1, 0, 0, second));
    clock.schedule(clock.now(), () => undefined); // The machine's time moved behind the clock's back: it looks again.
    await expect.poll(() => host.running.length, PATIENTLY).toBe(second);
  }
});

test('a failed run leaves the timer going', async () => {
  const { clock, trace } = timersOf(timer(EVERY_MINUTE, 'exports.main = () => process.exit(1);'));
  await clock.advance(2 * MINUTE_MS);
  expect(trace.since().map(({ kind }) => kind)).toEqual(['call', 'lost', 'call', 'lost']);
});

test('a timer taken off the clock does not fire', async () => {
  const { clock, timers, fired } = timersOf(timer(EVERY_MINUTE));
  timers.dispose();
  await clock.advance(DAY_MS);
  expect(fired()).toEqual([]);
});

test('a function without a timer has none to run now', () => {
  const { timers } = timersOf('exports.main = () => 1;');
  expect(timers.next).toEqual([]);
  expect(() => timers.runNow('tick')).toThrow(
    'tick has no timer in its config.json; functions with one: none',
  );
});

test('the identity of a shopper on a warm instance does not become that of the timer', async () => {
  const code = 'exports.main = (_, context) => context.environment.includes("oAda");';
  const { host, timers } = timersOf({ code, config: { triggers: [trigger({})] } });
  expect(await host.callFunction('tick', {}, SHOPPER)).toBe(true);
  expect(await timers.runNow('tick')).toMatchObject({ result: 'false' });
});

const REFUSED: readonly [string, unknown, RegExp][] = [
  ['six fields', { triggers: [trigger({ config: '0 */5 * * * *' })] }, /has seven fields .*, not 6/],
  ['an impossible minute', { triggers: [trigger({ config: '0 61 * * * * *' })] }, /minute: "61"/],
  ['two triggers', { triggers: [trigger({}), trigger({ name: 'tock' })] }, /one trigger/],
  ['another type', { triggers: [trigger({ type: 'cron' })] }, /must be "timer"/],
  ['a name that begins with a digit', { triggers: [trigger({ name: '1st' })] }, /begins with a letter/],
  ['a name of 61 letters', { triggers: [trigger({ name: 'x'.repeat(61) })] }, /at most 60/],
  ['no list', { triggers: {} }, /Array/],
];
test.each(REFUSED)('a config.json with %s is refused at the start', (_, config, message) => {
  expect(() => timersOf({ code: '', config })).toThrow(message);
  expect(() => timersOf({ code: '', config })).toThrow(/tick\/config\.json/);
});

test('a config.json may be about something else', () => {
  const { timers } = timersOf({ code: '', config: { permissions: { openapi: [] } } });
  expect(timers.next).toEqual([]);
});

function trigger(different: object) {
  return { name: 'tick', type: 'timer', config: EVERY_MINUTE, ...different };
}
