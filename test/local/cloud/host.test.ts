import { expect, test } from 'vitest';
import { hostOf, PATIENTLY, SHOPPER } from './host-world.ts';

const ECHO = 'exports.main = async (event, context) => ({ event, context });';
const PID = 'exports.main = async () => process.pid;';
/** Answers only when the file it is given exists, so that a test decides when. */
const UNTIL = `
  const { existsSync } = require('node:fs');
  exports.main = async ({ file }) => {
    while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
    return process.pid;
  };`;
const HANG = 'exports.main = () => new Promise(() => setInterval(() => undefined, 1000));';

test('a shopper reaches a function with their data, their identity and the call context', async () => {
  const { host } = hostOf({ echo: { code: ECHO, timeout: 7, memorySize: 128 } });
  const result = await host.callFunction(
    'echo',
    { months: 3 },
    { ...SHOPPER, unionid: 'u', clientIp: '10.1.2.3' },
  );
  expect(result).toEqual({
    event: { months: 3, userInfo: { appId: SHOPPER.appid, openId: SHOPPER.openid }, tcbContext: {} },
    context: {
      request_id: expect.any(String),
      function_name: 'echo',
      function_version: '$LATEST',
      namespace: 'local-1',
      memory_limit_in_mb: 128,
      time_limit_in_ms: 7000,
      environment: expect.any(String),
      callbackWaitsForEmptyEventLoop: true,
    },
  });
  expect(environmentOf(result)).toMatchObject({
    WX_CONTEXT_KEYS: 'WX_CLIENTIP,WX_OPENID,WX_APPID,WX_UNIONID',
    WX_CLIENTIP: '10.1.2.3',
    WX_OPENID: SHOPPER.openid,
    WX_APPID: SHOPPER.appid,
    WX_UNIONID: 'u',
    TCB_ENV: 'local-1',
    TCB_SOURCE: 'wx_client',
    TRIGGER_SRC: 'tcb',
    SCF_NAMESPACE: 'local-1',
  });
});

test('a shopper cannot claim to be somebody else', async () => {
  const { host } = hostOf({ echo: ECHO });
  const result = await host.callFunction('echo', { userInfo: { openId: 'oEve' } }, SHOPPER);
  expect(result).toMatchObject({ event: { userInfo: { openId: SHOPPER.openid } } });
});

test('another function calls without an identity, and its source shows the way', async () => {
  const { host } = hostOf({ echo: ECHO });
  const caller = {
    id: '1',
    functionName: 'a',
    from: 'mini-program',
    source: 'wx_client',
    event: {},
  } as const;
  const environment = environmentOf(await host.callFromFunction('echo', {}, caller));
  expect(environment).toMatchObject({ TCB_SOURCE: 'wx_client,scf' });
  expect(environment).not.toHaveProperty('WX_OPENID');
  expect(environmentOf(await host.callFromFunction('echo', {}))).toMatchObject({ TCB_SOURCE: 'scf' });
});

test('each call has its own sequence id, by which its database calls are recognised', async () => {
  const { host } = hostOf({ seq: 'exports.main = () => process.env.TCB_SEQID;', until: UNTIL });
  const first = await host.callFunction('seq', {}, SHOPPER);
  expect(await host.callFunction('seq', {}, SHOPPER)).not.toBe(first);
  void host.callFunction('until', { file: '/nowhere' }, SHOPPER).catch(() => undefined);
  await expect.poll(() => host.running, PATIENTLY).toHaveLength(1);
  const [running] = host.running;
  expect(host.invocationOf(`${running?.id}-18c2_1`)).toBe(running);
  expect(host.invocationOf(`${first}-18c2_1`)).toBeUndefined();
});

test('a function finds the variables that its manifest names, and no others', async () => {
  const { host } = hostOf(
    {
      env: { code: 'exports.main = () => process.env;', environment: ['WECHAT_PAY_MCH_ID', 'NOT_DEPLOYED'] },
    },
    { variables: { WECHAT_PAY_MCH_ID: '1900000001', WECHAT_PAY_API_KEY: 'secret' } },
  );
  const environment = await host.callFunction('env', {}, SHOPPER);
  expect(environment).toMatchObject({ WECHAT_PAY_MCH_ID: '1900000001', TZ: 'UTC', SCF_FUNCTIONNAME: 'env' });
  for (const absent of ['WECHAT_PAY_API_KEY', 'NOT_DEPLOYED', 'PATH', 'HOME']) {
    expect(environment).not.toHaveProperty(absent);
  }
});

const ANSWERS: readonly [string, string, unknown][] = [
  ['nothing', 'undefined', null],
  ['a date', 'new Date(0)', '1970-01-01T00:00:00.000Z'],
  ['an object with a hole', '({ a: undefined, b: 1 })', { b: 1 }],
  ['text', '"<xml/>"', '<xml/>'],
];
test.each(ANSWERS)('an answer crosses as JSON: %s', async (_, expression, received) => {
  const { host } = hostOf({ answer: `exports.main = () => (${expression});` });
  expect(await host.callFunction('answer', {}, SHOPPER)).toEqual(received);
});

const FAILURES: readonly [string, string, RegExp][] = [
  ['throws', 'exports.main = async () => { throw new Error("no stock"); };', /no stock[\s\S]*index\.js/],
  ['throws what is no error', 'exports.main = async () => { throw "no stock"; };', /^no stock$/],
  ['answers what is no JSON', 'exports.main = () => { const a = {}; a.a = a; return a; };', /circular/],
  ['exits', 'exports.main = () => process.exit(3);', /^3 code exit unexpected$/],
  ['leaves a rejection unhandled', `${HANG} Promise.reject(new Error("lost"));`, /^1 code exit unexpected$/],
  ['cannot be loaded', 'require("./absent");', /Cannot find module '.\/absent'/],
  ['exports no main', 'exports.handler = 1;', /does not export a function named main/],
];
test.each(FAILURES)('a function that %s is FUNCTIONS_EXECUTE_FAIL', async (_, code, message) => {
  const { host } = hostOf({ broken: code });
  const failure = {
    code: 'FUNCTIONS_EXECUTE_FAIL',
    errCode: -504002,
    message: expect.stringMatching(message),
  };
  await expect(host.callFunction('broken', {}, SHOPPER)).rejects.toMatchObject(failure);
});

test('after a crash the next call gets a new instance', async () => {
  const { host } = hostOf({ moody: 'exports.main = ({ die }) => (die ? process.exit(1) : "well");' });
  await expect(host.callFunction('moody', { die: true }, SHOPPER)).rejects.toThrow('1 code exit unexpected');
  expect(await host.callFunction('moody', {}, SHOPPER)).toBe('well');
});

test('a function that passes its time limit is killed, even in a busy loop', async () => {
  const code = `exports.main = ({ stop }) => { if (!stop) for (;;); return process.pid; };`;
  const { host } = hostOf({ slow: { code, timeout: 0.5 } });
  const pid = await host.callFunction('slow', { stop: true }, SHOPPER);
  await expect(host.callFunction('slow', {}, SHOPPER)).rejects.toMatchObject({
    code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED',
    errCode: -504003,
    message: 'Invoking task timed out after 0.5 seconds',
  });
  expect(await host.callFunction('slow', { stop: true }, SHOPPER)).not.toBe(pid);
});

test('what is not deployed, or not for shoppers, is refused in the words of the platform', async () => {
  const { host } = hostOf({ payNotify: { code: ECHO, invoke: 'nobody' } });
  await expect(host.callFunction('nobodyKnows', {}, SHOPPER)).rejects.toMatchObject({
    code: 'FUNCTION_NOT_FOUND',
    errCode: -501000,
    message: expect.stringContaining('FunctionName parameter could not be found'),
  });
  await expect(host.callFunction('payNotify', {}, SHOPPER)).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  expect(await host.callFromFunction('payNotify', {})).toHaveProperty('event');
});

test('a mini-program takes answers up to 1 MB, functions and HTTP up to 6 MB', async () => {
  const { host } = hostOf({ big: 'exports.main = ({ size }) => "x".repeat(size);' });
  const over = (megabytes: number) => ({ size: megabytes * 2 ** 20 });
  await expect(host.callFunction('big', over(1), SHOPPER)).rejects.toThrow('larger than the 1048576 bytes');
  expect(await host.callFromFunction('big', over(1))).toHaveLength(2 ** 20);
  await expect(host.callFromFunction('big', over(6))).rejects.toThrow('larger than 6 MB');
  const event = { text: 'x'.repeat(6 * 2 ** 20) };
  await expect(host.callFromFunction('big', event)).rejects.toMatchObject({
    code: 'EXCEED_REQUEST_SIZE_LIMIT',
  });
});

test('an instance is reused while it is idle', async () => {
  const { host } = hostOf({ pid: PID });
  const pid = await host.callFunction('pid', {}, SHOPPER);
  expect(await host.callFunction('pid', {}, SHOPPER)).toBe(pid);
  await host.restart('pid');
  expect(await host.callFunction('pid', {}, SHOPPER)).not.toBe(pid);
});

test('four instances serve at once, and the fifth event waits for one of them', async () => {
  const { host, directory } = hostOf({ until: UNTIL, release: RELEASE });
  const file = `${directory}/go`;
  const calls = [1, 2, 3, 4, 5, 6].map(() => host.callFunction('until', { file }, SHOPPER));
  await expect.poll(() => host.running.length, PATIENTLY).toBe(4);
  await host.callFunction('release', { file }, SHOPPER);
  expect(new Set(await Promise.all(calls)).size).toBe(4);
});

test('a thousand events may wait, and the next one is refused', async () => {
  const { host } = hostOf({ hang: HANG }, { instancesMax: 1 });
  const waiting = Promise.allSettled(
    Array.from({ length: 1001 }, () => host.callFunction('hang', {}, SHOPPER)),
  );
  await expect(host.callFunction('hang', {}, SHOPPER)).rejects.toMatchObject({
    code: 'EXCEED_CONCURRENT_REQUEST_LIMIT',
    errCode: -501004,
  });
  await host.close();
  expect(await waiting).toHaveLength(1001);
});

test('the shopper of an earlier call stays in process.env of a warm instance, never in the call context', async () => {
  const { host } = hostOf({ who: WHO });
  await host.callFunction('who', {}, SHOPPER);
  expect(await host.callFromFunction('who', {})).toEqual({ process: SHOPPER.openid });
});

test('a clean environment forgets the shopper of an earlier call', async () => {
  const { host } = hostOf({ who: WHO }, { environment: 'clean' });
  await host.callFunction('who', {}, SHOPPER);
  expect(await host.callFromFunction('who', {})).toEqual({});
});

test('a warm function reads the time of the local world', async () => {
  const code = `
    const loaded = Date.now();
    exports.main = () => ({ pid: process.pid, loaded, now: Date.now(), written: new Date(), said: Date() });`;
  const { host, clock } = hostOf({ time: code });
  const ask = async () => {
    const before = clock.now().getTime();
    const answer = await host.callFunction('time', {}, SHOPPER);
    const { now, written, said, pid, loaded } = answer as Record<string, string & number>;
    const after = clock.now().getTime() + 1;
    for (const moment of [Number(now), Date.parse(`${written}`)]) {
      expect(moment).toBeGreaterThanOrEqual(before);
      expect(moment).toBeLessThanOrEqual(after);
    }
    expect(new Date(`${said}`).getUTCFullYear()).toBe(clock.now().getUTCFullYear());
    return { pid, loaded };
  };
  const first = await ask();
  await clock.advance(400 * 86_400_000);
  expect(await ask()).toEqual(first);
  await host.restart();
  const restarted = await ask();
  expect(Number(restarted.loaded) - Number(first.loaded)).toBeGreaterThanOrEqual(400 * 86_400_000);
});

test('only the present is shifted: dates made of parts, types and timers are what they were', async () => {
  const code = `
    exports.main = async () => {
      const started = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 1));
      class Own extends Date {}
      return {
        parts: [new Date(0).getTime(), Date.UTC(1970, 0, 2), Date.parse('1970-01-01T00:00:01Z')],
        is: [new Date() instanceof Date, new Date().constructor === Date, new Own() instanceof Own],
        typed: require('node:util').types.isDate(structuredClone(new Date())),
        waited: performance.now() - started < 60_000,
      };
    };`;
  const { host, clock } = hostOf({ date: code });
  await clock.advance(86_400_000);
  expect(await host.callFunction('date', {}, SHOPPER)).toEqual({
    parts: [0, 86_400_000, 1000],
    is: [true, true, true],
    typed: true,
    waited: true,
  });
});

test('an instance can be killed by its invocation or by its function', async () => {
  const { host, trace } = hostOf({ hang: HANG, other: HANG });
  const hang = expect(host.callFunction('hang', {}, SHOPPER)).rejects.toMatchObject({
    code: 'FUNCTIONS_EXECUTE_FAIL',
    message: 'SIGKILL',
  });
  const other = expect(host.callFunction('other', {}, SHOPPER)).rejects.toThrow('SIGKILL');
  await expect.poll(() => host.running, PATIENTLY).toHaveLength(2);
  const invocation = host.running.find(({ functionName }) => functionName === 'hang');
  expect(host.kill(invocation?.id ?? '')).toBe(1);
  await hang;
  expect(trace.since().at(-1)).toMatchObject({ kind: 'lost', label: 'hang', id: invocation?.id });
  expect(host.kill('hang')).toBe(0);
  expect(host.kill('other')).toBe(1);
  await other;
});

test('closing ends every process, and what was waiting fails', async () => {
  const { host } = hostOf({ pid: PID, hang: HANG }, { instancesMax: 1 });
  const pid = Number(await host.callFunction('pid', {}, SHOPPER));
  const calls = [1, 2].map(() => host.callFunction('hang', {}, SHOPPER));
  const settled = Promise.allSettled(calls);
  await expect.poll(() => host.running, PATIENTLY).toHaveLength(1);
  await host.close();
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  await expect(host.callFunction('pid', {}, SHOPPER)).rejects.toThrow('the local world was closed');
});

test('what a function writes is kept line by line, with the invocation it was written for', async () => {
  const received: string[] = [];
  const code = `
    console.log('loading');
    exports.main = ({ n }) => { console.log('order.saved', n); console.error('careful\\nvery', n); return n; };`;
  const { host, trace } = hostOf({ talk: code }, { onLog: ({ line }) => received.push(line) });
  await host.callFunction('talk', { n: 1 }, SHOPPER);
  await host.callFunction('talk', { n: 2 }, SHOPPER);
  expect(received.toSorted()).toEqual(
    ['loading', 'order.saved 1', 'careful', 'very 1', 'order.saved 2', 'careful', 'very 2'].toSorted(),
  );
  const ids = trace.since().flatMap(({ kind, id }) => (kind === 'call' ? [id] : []));
  for (const [index, id] of ids.entries()) {
    expect(host.logs.find(({ line }) => line === `order.saved ${index + 1}`)).toMatchObject({
      functionName: 'talk',
      stream: 'stdout',
      invocation: id,
    });
  }
});

test('a call and its reply are traced, and the environment is not', async () => {
  const { host, trace } = hostOf(
    { echo: { code: PID, environment: ['KEY'] } },
    { variables: { KEY: 'hush-hush' } },
  );
  await host.callFunction('echo', { months: 1 }, SHOPPER);
  await host.callFunction('absent', {}, SHOPPER).catch(() => undefined);
  const [call, reply, refused, refusal] = trace.since();
  expect(call).toMatchObject({ from: 'mini-program', to: 'function', kind: 'call', label: 'echo' });
  expect(reply).toMatchObject({ from: 'function', to: 'mini-program', kind: 'reply', id: call?.id });
  expect(refused).toMatchObject({ kind: 'call', label: 'absent' });
  expect(refusal).toMatchObject({ kind: 'reply', payload: { code: 'FUNCTION_NOT_FOUND' } });
  expect(JSON.stringify(trace.since())).not.toContain('hush-hush');
});

const RELEASE = `exports.main = ({ file }) => require('node:fs').writeFileSync(file, '');`;
const WHO = `exports.main = (_, context) => ({
  process: process.env.WX_OPENID,
  call: JSON.parse(context.environment).WX_OPENID && 'known',
});`;

function environmentOf(result: unknown): unknown {
  const { context } = result as { context: { environment: string } };
  return JSON.parse(context.environment);
}
