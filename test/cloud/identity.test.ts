import { expect, test } from 'vitest';
import { identityFromWXContext, identityOf } from '../../cloudfunctions/_shared/cloud/functions/identity.ts';

const SHOPPER = { WX_OPENID: 'oLi', WX_APPID: 'wx1', WX_CLIENTIP: '10.1.2.3', TCB_ENV: 'prod-1' };
const LI = { openid: 'oLi', appid: 'wx1', client_ip: '10.1.2.3', environment: 'prod-1' };

test('a new instance gives the caller in JSON', () => {
  expect(identityOf({ environment: JSON.stringify(SHOPPER) })).toEqual(LI);
});

test('an old instance gives it as pairs, and a value may carry an equals sign', () => {
  const environ = 'WX_OPENID=oLi;WX_APPID=wx1;WX_CLIENTIP=10.1.2.3;TCB_ENV=prod-1;TCB_SESSIONTOKEN=a=b==';
  expect(identityOf({ environ })).toEqual(LI);
});

test('a call without a shopper has no openid, whatever else it carries', () => {
  const environment = JSON.stringify({ TCB_ENV: 'prod-1', TRIGGER_SRC: 'timer', WX_OPENID: '' });
  expect(identityOf({ environment })).toEqual({ environment: 'prod-1' });
});

test('the address of a shopper on IPv6 is taken where there is no other', () => {
  const environment = JSON.stringify({ WX_OPENID: 'oLi', WX_CLIENTIP: '', WX_CLIENTIPV6: '2001:db8::1' });
  expect(identityOf({ environment })).toMatchObject({ client_ip: '2001:db8::1' });
});

test('the namespace is taken where the environment is not named', () => {
  expect(identityOf({ environment: '{}', namespace: 'prod-1' })).toEqual({ environment: 'prod-1' });
});

test.each([undefined, null, 'text', 7, {}, { namespace: 'prod-1' }, { environment: undefined }])(
  'a context of %o carries no environment',
  (context) => {
    expect(identityOf(context)).toBeUndefined();
  },
);

test.each([
  '',
  'not json',
  '[]"',
  '[]',
  'null',
  '7',
  '"text"',
  7,
  0,
  null,
  true,
  SHOPPER,
  [SHOPPER],
  () => SHOPPER,
])('an environment of %o, which cannot be read, names nobody', (environment) => {
  expect(identityOf({ environment })).toEqual({});
  expect(identityOf({ environment, environ: 'WX_OPENID=oLi' })).toEqual({});
});

test.each(['', 'WX_OPENID', ';;', 7, null, SHOPPER])(
  'pairs of %o, which cannot be read, name nobody',
  (environ) => {
    expect(identityOf({ environ })).toEqual({});
  },
);

test.each([7, null, {}])('a namespace of %o does not make a shopper unknown', (namespace) => {
  expect(identityOf({ environment: JSON.stringify(SHOPPER), namespace })).toEqual(LI);
});

test.each([7, null, {}, ['oLi']])('an openid of %o names nobody', (WX_OPENID) => {
  const environment = JSON.stringify({ ...SHOPPER, WX_OPENID });
  expect(identityOf({ environment })).not.toHaveProperty('openid');
});

test('getWXContext() is read alike, where the context says nothing', () => {
  expect(identityFromWXContext({ OPENID: 'oLi', APPID: 'wx1', CLIENTIP: '10.1.2.3', ENV: 'prod-1' })).toEqual(
    LI,
  );
});

test('where a call comes from is taken from the call, or from getWXContext', () => {
  const environment = JSON.stringify({ TCB_ENV: 'prod-1', TCB_SOURCE: 'wx_client' });
  expect(identityOf({ environment })).toMatchObject({ source: 'wx_client' });
  expect(identityFromWXContext({ ENV: 'prod-1', SOURCE: 'wx_trigger' })).toMatchObject({
    source: 'wx_trigger',
  });
});
