import { describe, expect, test } from 'vitest';
import { createAccessTokens } from '../../cloudfunctions/_shared/weixin/access-token.ts';
import { code2Session } from '../../cloudfunctions/_shared/weixin/session.ts';
import type { Request, Transport } from '../../cloudfunctions/_shared/weixin/transport.ts';
import { answerNamed } from '../virtualpay/vectors.ts';

const APP = { appid: 'wx10ca110ca110ca11', secret: 'the-secret-of-the-mini-program' };
const ANSWER_BY = new Date(Date.UTC(2027, 0, 15, 2, 30));

/** A way to api.weixin.qq.com that answers in turn; the last answer stays. */
function answering(...answers: (object | string)[]) {
  const requests: Request[] = [];
  const transport: Transport = async (request) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)] ?? '';
    requests.push(request);
    return Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer));
  };
  return { transport, requests };
}

const login = (transport: Transport, code = 'a code/+&=') =>
  code2Session({ transport, answerBy: ANSWER_BY }, { ...APP, code });

describe('code2Session', () => {
  test('trades the code for the shopper and their key', async () => {
    const { transport, requests } = answering(answerNamed('session-ok'));
    expect(await login(transport)).toEqual({
      openid: 'oUrsfxxxxxxxxxx',
      session_key: '9hAb/NEYUlkaMBEsmFgzig==',
    });
    const url = new URL(requests[0]?.path ?? '', 'https://localhost');
    expect(requests[0]?.body).toBeUndefined();
    expect(url.pathname).toBe('/sns/jscode2session');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...APP,
      js_code: 'a code/+&=',
      grant_type: 'authorization_code',
    });
  });

  test('sends the same code once more where WeChat is busy, and not a third time', async () => {
    const busy = { errcode: -1, errmsg: 'system error' };
    const once = answering(busy, answerNamed('session-ok'));
    await login(once.transport);
    expect(once.requests).toHaveLength(2);
    expect(once.requests[1]).toEqual(once.requests[0]);
    const always = answering(busy);
    await expect(login(always.transport)).rejects.toMatchObject({ code: 'TRY_AGAIN' });
    expect(always.requests).toHaveLength(2);
  });

  test.each([
    [40029, 'CODE_REFUSED'],
    [40163, 'CODE_REFUSED'],
    [40226, 'SHOPPER_BLOCKED'],
    [45011, 'TOO_OFTEN'],
    [45009, 'TOO_OFTEN'],
    [40013, 'SECRET_REFUSED'],
    [40125, 'SECRET_REFUSED'],
    [40243, 'SECRET_REFUSED'],
    [40001, 'SECRET_REFUSED'],
    [40164, 'ADDRESS_REFUSED'],
    [41002, 'REFUSED'],
  ])('%i is %s', async (errcode, code) => {
    const { transport } = answering({ errcode, errmsg: 'words, rid: 1-2-3' });
    await expect(login(transport)).rejects.toMatchObject({ code, errcode });
  });

  test.each(['', '<html>', 'null', '{}', '{"openid":"o"}', '{"openid":"","session_key":"k"}'])(
    'refuses an answer that is none: %s',
    async (text) => {
      await expect(login(answering(text).transport)).rejects.toMatchObject({ code: 'ANSWER_REFUSED' });
    },
  );

  test('no failure carries the secret or the code', async () => {
    for (const answer of [answerNamed('session-bad-code'), '{"openid":"o"}', 'no json']) {
      const error: unknown = await login(answering(answer).transport).catch((failure: unknown) => failure);
      const told = `${error instanceof Error ? error.message + error.stack : ''}${JSON.stringify(error)}`;
      expect(told).not.toContain(APP.secret);
      expect(told).not.toContain('a code');
    }
  });
});

describe('the access_token', () => {
  let now = ANSWER_BY;
  const clock = { now: () => now };
  const asking = (transport: Transport) => ({ transport, answerBy: ANSWER_BY, clock });
  const token = (access_token: string, expires_in = 7200) => ({ access_token, expires_in });
  const pass = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1000);
  };

  test('is fetched in the normal mode of stable_token, and kept until 300 s before its end', async () => {
    const tokens = createAccessTokens();
    const { transport, requests } = answering(token('first'), token('second'));
    expect(await tokens.get(APP, asking(transport))).toBe('first');
    expect(requests[0]?.path).toBe('/cgi-bin/stable_token');
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      grant_type: 'client_credential',
      ...APP,
      force_refresh: false,
    });
    pass(6899);
    expect(await tokens.get(APP, asking(transport))).toBe('first');
    pass(1);
    expect(await tokens.get(APP, asking(transport))).toBe('second');
    expect(requests).toHaveLength(2);
  });

  test('of one that is about to end is not kept at all', async () => {
    const tokens = createAccessTokens();
    const { transport, requests } = answering(token('old', 200), token('new'));
    await tokens.get(APP, asking(transport));
    expect(await tokens.get(APP, asking(transport))).toBe('new');
    expect(requests).toHaveLength(2);
  });

  test('is fetched once for questions at the same time, and by each mini-program for itself', async () => {
    const tokens = createAccessTokens();
    const { transport, requests } = answering(token('first'), token('second'));
    const both = [1, 2, 3].map(() => tokens.get(APP, asking(transport)));
    expect(await Promise.all(both)).toEqual(['first', 'first', 'first']);
    await tokens.get({ ...APP, appid: 'wx2421b1c4370ec43b' }, asking(transport));
    expect(requests).toHaveLength(2);
  });

  test('that WeChat refused is not given again, and one that is newer is', async () => {
    const tokens = createAccessTokens();
    const { transport, requests } = answering(token('first'), token('second'));
    await tokens.get(APP, asking(transport));
    expect(await tokens.get(APP, asking(transport), 'first')).toBe('second');
    expect(await tokens.get(APP, asking(transport), 'first')).toBe('second');
    expect(requests).toHaveLength(2);
  });

  test('is asked for again after a failure, and the failure is the caller’s', async () => {
    const tokens = createAccessTokens();
    const { transport } = answering(answerNamed('token-ip'), token('first'));
    await expect(tokens.get(APP, asking(transport))).rejects.toMatchObject({
      code: 'ADDRESS_REFUSED',
      errcode: 40164,
      message: expect.stringContaining('1.2.3.4'),
    });
    expect(await tokens.get(APP, asking(transport))).toBe('first');
  });
});
