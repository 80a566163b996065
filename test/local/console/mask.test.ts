import { expect, test } from 'vitest';
import { masked } from '../../../scripts/local/console/mask.ts';

const KEY = 'thekeythatnobodymayseethekeythat';
const SIGN = 'B5D2D24E2CF77C37D5236FC81BE92963';

test.each([
  ['a field', { sign: SIGN, out_trade_no: 'a' }],
  [
    'the parameters of virtual payment',
    { paySig: SIGN, signature: SIGN, session_key: SIGN, access_token: SIGN },
  ],
  ['a field further down', { payment: { paySign: SIGN }, list: [{ api_key: KEY }] }],
  ['the body of a notice', { body: `<xml><sign><![CDATA[${SIGN}]]></sign><appid>a</appid></xml>` }],
  ['a body that was cut', { body: `<xml><sign><![CDATA[${SIGN}` }],
  ['JSON inside of text', { data: [`{"paySign":"${SIGN}","months":3}`] }],
  ['JSON inside of JSON', { data: JSON.stringify(JSON.stringify({ sign: SIGN })) }],
  ['JSON that was cut', `{"package":"prepay_id=1","paySign":"${SIGN}…`],
  ['the key in a field of any name', { note: `signed with &key=${KEY}` }],
])('a secret in %s is not shown', (_, payload) => {
  const text = JSON.stringify(masked(payload, [KEY]));
  expect(text).toContain('••••••');
  expect(text).not.toContain(SIGN.slice(0, 8));
  expect(text).not.toContain(KEY);
});

test('what is no secret stays as it is', () => {
  const at = new Date('2026-11-23T13:37:14Z');
  const payload = {
    signType: 'MD5',
    total_fee: 4800,
    at,
    none: null,
    body: '<xml><appid>a</appid></xml>',
    empty: { sign: '' },
  };
  expect(masked(payload, [KEY, ''])).toEqual(payload);
});
