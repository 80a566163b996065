import { expect, test } from 'vitest';
import { checkVariables } from '../../scripts/deploy/check-variables.ts';
import { readVariables, secretsOf } from '../../scripts/deploy/variables.ts';
import { functions } from '../../scripts/manifest.ts';

test('the process environment goes before .env, and what is unknown there is left out', () => {
  const file = 'WECHAT_PAY_MCH_ID=1900000109\nWECHAT_PAY_TIMEOUT_MS=5000\n';
  const { variables } = readVariables(file, {
    WECHAT_PAY_MCH_ID: '1900000108',
    PATH: '/bin',
    WECHAT_PAY_TIMEOUT_MS: '',
  });
  expect(variables).toEqual({ WECHAT_PAY_MCH_ID: '1900000108', WECHAT_PAY_TIMEOUT_MS: '5000' });
});

test('an empty value is an absent one', () => {
  expect(readVariables('WECHAT_PAY_SIGN_TYPE=\nWECHAT_PAY_BASE_URL="  "\n', {}).variables).toEqual({});
});

test.each([
  ['"one\ntwo"', 'has several lines'],
  ['"one\\ntwo"', 'has several lines'],
  ['$' + '{OTHER}', 'refers to another variable'],
  ['{{env.OTHER}}', 'refers to another variable'],
  ['"open', 'begins with a quote that is never closed'],
])('a value written as %j is a problem: it %s', (value, message) => {
  const { findings } = readVariables(`WECHAT_PAY_MCH_ID=${value}\n`, {});
  expect(findings).toMatchObject([{ level: 'problem', name: 'WECHAT_PAY_MCH_ID' }]);
  expect(findings[0]?.message).toContain(message);
});

test('keys and tokens are secret, the rest is not', () => {
  const file =
    'WECHAT_PAY_API_KEY=a\nTENCENTCLOUD_SECRETKEY=b\nTENCENTCLOUD_SESSIONTOKEN=c\nWECHAT_PAY_MCH_ID=d\n';
  expect(secretsOf(readVariables(file, {}).variables)).toEqual(['b', 'c', 'a']);
});

test('a name that every object has is a name like any other', () => {
  const { variables } = readVariables('constructor=x\n__proto__=y\n', {});
  expect(checkVariables(variables, functions).map(({ name }) => name)).not.toContain('constructor');
});
