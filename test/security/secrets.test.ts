import { expect, test } from 'vitest';
import { secretsIn } from './secrets.ts';

const KEY = { name: 'the key', value: 'k3yk3yk3+k3yk3yk3yk3yk3yk3yk3y32' };
const bytes = Buffer.from(KEY.value);

test.each([
  ['as it is', `wrong key ${KEY.value}!`],
  ['in capitals', KEY.value.toUpperCase()],
  ['cut at its end', `sign with ${KEY.value.slice(0, 20)}…`],
  ['cut at its beginning', `…${KEY.value.slice(-20)}`],
  ['in base64', bytes.toString('base64')],
  ['in base64 behind something', Buffer.from(`a${KEY.value}b`).toString('base64')],
  ['in base64 behind something longer', Buffer.from(`ab${KEY.value}`).toString('base64')],
  ['in hexadecimal', bytes.toString('hex')],
  ['in an address', `https://shop.example/?key=${encodeURIComponent(KEY.value)}`],
])('a key is found %s', (_, text) => {
  expect(secretsIn(text, [KEY])).toEqual(['the key']);
});

test('a text without a key has none', () => {
  expect(secretsIn('The sign is wrong: compare WECHAT_PAY_API_KEY.', [KEY])).toEqual([]);
});
