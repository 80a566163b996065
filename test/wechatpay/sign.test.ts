import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesSign, SIGN_TYPES, sign } from '../../cloudfunctions/_shared/wechatpay/sign.ts';
import { readXml } from '../../cloudfunctions/_shared/wechatpay/xml.ts';
import { vectors } from './vectors.ts';

const KEY = '192006250b4c09247ec02edce69f6a2d';

test.each(vectors.sign)('$id is signed as published', ({ params, key, sign_type, expected }) => {
  expect(sign(params, key, sign_type)).toBe(expected);
  expect(matchesSign({ ...params, sign: expected }, key, sign_type)).toBe(true);
});

test('a published message verifies as it was sent, with its own sign_type signed too', () => {
  const signed = vectors.xml.filter(({ sign_verifies_with }) => sign_verifies_with);
  expect(signed).not.toHaveLength(0);
  for (const { xml, sign_verifies_with: key, sign_type = 'MD5' } of signed) {
    expect(matchesSign(readXml(xml), key ?? '', sign_type)).toBe(true);
  }
});

test('the signed text can be read in two ways, which is why a notice must name its mch_id', () => {
  for (const { message_a, message_b, key, sign_type, shared_sign } of vectors.sign_ambiguity) {
    expect(sign(message_a, key, sign_type)).toBe(shared_sign);
    expect(sign(message_b, key, sign_type)).toBe(shared_sign);
    expect(message_b.mch_id).toBeUndefined();
  }
});

test('empty fields and the sign itself are not signed', () => {
  const fields = { b: '2', a: '1' };
  expect(sign({ ...fields, attach: '', sign: 'x' }, KEY, 'MD5')).toBe(sign(fields, KEY, 'MD5'));
});

const FIELDS = { appid: 'wxd930ea5d5a258f4f', mch_id: '10000100', total_fee: '1' };

test.each(SIGN_TYPES)('a wrong sign does not match (%s)', (signType) => {
  const right = sign(FIELDS, KEY, signType);
  const wrong = {
    absent: undefined,
    empty: '',
    'too short': right.slice(1),
    'too long': `${right}0`,
    'lower case': right.toLowerCase(),
    'as many characters but more bytes': '签'.repeat(right.length),
    'one digit off': (right.startsWith('0') ? '1' : '0') + right.slice(1),
    'another key': sign(FIELDS, KEY.replace('1', '2'), signType),
    'the other algorithm': sign(FIELDS, KEY, signType === 'MD5' ? 'HMAC-SHA256' : 'MD5'),
  };
  expect(matchesSign({ ...FIELDS, sign: right }, KEY, signType)).toBe(true);
  for (const [what, given] of Object.entries(wrong)) {
    expect(
      matchesSign({ ...FIELDS, ...(given === undefined ? {} : { sign: given }) }, KEY, signType),
      what,
    ).toBe(false);
  }
});

test('HMAC is what Node makes of the same text, whatever the key, and whichever key came before', () => {
  const keys = fc.oneof(
    fc.string({ minLength: 1, maxLength: 80, unit: 'binary-ascii' }),
    fc.string({ minLength: 1, maxLength: 80, unit: 'binary' }),
    fc.constantFrom(KEY, KEY.repeat(2), `${KEY.repeat(2)}0`),
  );
  fc.assert(
    fc.property(keys, fc.string({ minLength: 1, maxLength: 300, unit: 'binary' }), (key, body) => {
      const text = `body=${body}&key=${key}`;
      const made = createHmac('sha256', key).update(text).digest('hex').toUpperCase();
      expect(sign({ body }, key, 'HMAC-SHA256')).toBe(made);
    }),
    { numRuns: 500 },
  );
});

test('changing, adding or leaving out any field breaks the sign', () => {
  const names = fc.constantFrom('appid', 'mch_id', 'total_fee', 'attach');
  fc.assert(
    fc.property(fc.constantFrom(...SIGN_TYPES), names, fc.string(), (signType, name, value) => {
      const signed: Record<string, string> = { ...FIELDS, sign: sign(FIELDS, KEY, signType) };
      const before = signed[name] ?? '';
      fc.pre(value !== before);
      expect(matchesSign({ ...signed, [name]: value }, KEY, signType)).toBe(false);
    }),
  );
});
