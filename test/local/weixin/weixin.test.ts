import { afterEach, describe, expect, test } from 'vitest';
import { BrokenConnection } from '../../../scripts/local/calls.ts';
import { ERRORS } from '../../../scripts/local/weixin/errors.ts';
import { serveWeixin } from '../../../scripts/local/weixin/server.ts';
import {
  APP,
  createWorld,
  DAY_MS,
  MINUTE_MS,
  OPENID,
  SECOND_MS,
  SOMEBODY_ELSE,
} from '../virtualpay/world.ts';

const toClose: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

describe('code2Session', () => {
  test('gives the openid and the key, and the key stays the same', async () => {
    const world = createWorld();
    const first = await world.exchange(world.weixin.login(OPENID));
    expect(first).toEqual({ openid: OPENID, session_key: expect.stringMatching(/^[\w+/]{22}==$/) });
    expect(await world.exchange(world.weixin.login(OPENID))).toEqual(first);
    const other = await world.exchange(world.weixin.login(SOMEBODY_ELSE));
    expect(other.session_key).not.toBe(first.session_key);
  });

  test('a code has one use, five minutes, and a phone that got it', async () => {
    const world = createWorld();
    const [used, old] = [world.weixin.login(OPENID), world.weixin.login(OPENID)];
    await world.exchange(used);
    expect(await world.exchange(used)).toMatchObject({ errcode: 40163 });
    expect(await world.exchange('invented')).toMatchObject({ errcode: 40029 });
    await world.clock.advance(5 * MINUTE_MS);
    expect(await world.exchange(old)).toMatchObject({ errcode: 40029 });
  });

  test('the app and its secret come first, and cost no code', async () => {
    const world = createWorld();
    const code = world.weixin.login(OPENID);
    expect(await world.exchange(code, { appid: 'wx', secret: 'no' })).toMatchObject({ errcode: 40013 });
    expect(await world.exchange(code, { secret: 'no' })).toMatchObject({ errcode: 40125 });
    expect(await world.exchange(code)).toMatchObject({ openid: OPENID });
  });

  test('takes a hundred logins of one person in a minute', async () => {
    const world = createWorld();
    for (let time = 0; time < 100; time++) await world.exchange(world.weixin.login(OPENID));
    const code = world.weixin.login(OPENID);
    expect(await world.exchange(code)).toMatchObject({ errcode: 45011 });
    await world.clock.advance(MINUTE_MS);
    expect(await world.exchange(code)).toMatchObject({ openid: OPENID });
  });
});

describe('stable_token', () => {
  test('is the same until five minutes before its end; then both are good for a while', async () => {
    const world = createWorld();
    const first = await world.token();
    expect(first.expires_in).toBe(7200);
    await world.clock.advance(7200 * SECOND_MS - 301 * SECOND_MS);
    expect(await world.token()).toEqual({ access_token: first.access_token, expires_in: 301 });
    await world.clock.advance(SECOND_MS);
    const second = await world.token();
    expect(second).toMatchObject({ expires_in: 7200 });
    expect(second.access_token).not.toBe(first.access_token);
    const use = async () =>
      (await world.xpay('query_upload_goods', { env: 0 }, { access_token: String(first.access_token) }))
        .errcode;
    expect(await use()).toBe(0);
    await world.clock.advance(300 * SECOND_MS);
    expect(await use()).toBe(42001);
  });

  test('a forced renewal kills the one before, not within 30 s of the last, and 20 times a day', async () => {
    const world = createWorld();
    const first = await world.token();
    const second = await world.token({ force_refresh: true });
    expect(second.access_token).not.toBe(first.access_token);
    expect(await world.token({ force_refresh: true })).toEqual(second);
    const stale = { access_token: String(first.access_token) };
    expect(await world.xpay('query_upload_goods', { env: 0 }, stale)).toMatchObject({ errcode: 40001 });
    for (let time = 1; time < 20; time++) {
      await world.clock.advance(30 * SECOND_MS);
      await world.token({ force_refresh: true });
    }
    await world.clock.advance(30 * SECOND_MS);
    expect(await world.token({ force_refresh: true })).toMatchObject({ errcode: 45009 });
    await world.clock.advance(DAY_MS);
    expect(await world.token({ force_refresh: true })).toMatchObject({ expires_in: 7200 });
  });

  test.each([
    [{ grant_type: 'authorization_code' }, 40002],
    [{ appid: 'wx' }, 40013],
    [{ secret: 'no' }, 40125],
    [{ force_refresh: 'yes' }, 47001],
  ])('%o is refused with %i', async (fields, errcode) => {
    expect(await createWorld().token(fields)).toMatchObject({ errcode });
  });

  test('can die before its time', async () => {
    const world = createWorld();
    const use = async (access_token: unknown) =>
      (await world.xpay('query_upload_goods', { env: 0 }, { access_token: String(access_token) })).errcode;
    const { access_token } = await world.token();
    world.weixin.faults.add({ kind: 'kill-token' });
    expect(await use(access_token)).toBe(40001);
    expect(await use((await world.token()).access_token)).toBe(0);
  });
});

describe('faults', () => {
  test.each(Object.keys(ERRORS).map(Number))('%i can be asked for', async (errcode) => {
    const world = createWorld();
    world.weixin.faults.add({ kind: 'refuse', errcode, path: '/cgi-bin/stable_token' });
    const { errmsg } = await world.token();
    expect(errmsg).toMatch(/ rid: /);
    expect(await world.token()).toMatchObject({ expires_in: 7200 });
  });

  test('what comes back may be no JSON, or not come at all', async () => {
    const world = createWorld();
    const ask = () =>
      world.weixin.handle({ method: 'GET', url: '/sns/jscode2session', body: Buffer.from('') });
    world.weixin.faults.add({ kind: 'garble', body: 'html' });
    expect((await ask()).body).toMatch(/^<html>/);
    world.weixin.faults.add({ kind: 'garble', body: 'empty' });
    expect((await ask()).body).toBe('');
    world.weixin.faults.add({ kind: 'break', when: 'before' });
    await expect(ask()).rejects.toThrow(BrokenConnection);
  });

  test("slow: the answer waits for the world's clock", async () => {
    const world = createWorld();
    world.weixin.faults.add({ kind: 'slow', ms: MINUTE_MS });
    let isThere = false;
    const answer = world.token().then(() => (isThere = true));
    await new Promise(setImmediate);
    expect(isThere).toBe(false);
    await world.clock.advance(MINUTE_MS);
    await answer;
  });
});

test('no secret is in the trace', async () => {
  const world = createWorld();
  const key = await world.sessionKey();
  const { access_token } = await world.token();
  await world.pay();
  await world.query();
  const traced = JSON.stringify(world.trace.since());
  for (const secret of [APP.secret, key, String(access_token)]) expect(traced).not.toContain(secret);
});

test('over HTTP, on this machine only', async () => {
  const world = createWorld();
  const server = await serveWeixin(world.weixin);
  toClose.push(() => server.close());
  const query = new URLSearchParams({
    ...APP,
    js_code: world.weixin.login(OPENID),
    grant_type: 'authorization_code',
  });
  const reply = await fetch(`${server.url}/sns/jscode2session?${query}`);
  expect(reply.headers.get('content-type')).toBe('text/plain');
  expect(await reply.json()).toMatchObject({ openid: OPENID });
  expect((await fetch(`${server.url}/xpay/unknown`)).status).toBe(404);
  const foreign = await fetch(`${server.url}/cgi-bin/stable_token`, {
    headers: { origin: 'https://example.com' },
  });
  expect(foreign.status).toBe(403);
});
