import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WeChatPayError } from '../../cloudfunctions/_shared/wechatpay/errors.ts';
import { matchesSign, SIGN_TYPES, sign } from '../../cloudfunctions/_shared/wechatpay/sign.ts';
import { fromWeChatTime, toWeChatTime } from '../../cloudfunctions/_shared/wechatpay/time.ts';
import { readXml, writeXml } from '../../cloudfunctions/_shared/wechatpay/xml.ts';
import { sign as signThere } from '../../scripts/local/wechatpay/sign.ts';
import { readTime } from '../../scripts/local/wechatpay/spelling.ts';
import { readXml as readThere, writeXml as writeThere } from '../../scripts/local/wechatpay/xml.ts';
import { anyFields, anyName } from '../wechatpay/any-fields.ts';
import { hostileText } from './requests.ts';
import { signByRule } from './wechat-rule.ts';

/** What one side writes, both sides read as it was meant. */
export function messagesArriveUnchanged() {
  return fc.property(anyFields, (sent) => {
    for (const written of [writeXml(sent), writeThere(sent), bare(sent)]) {
      for (const read of [readXml, readThere]) assert.deepEqual({ ...read(written) }, { ...sent });
    }
  });
}

/** The same without CDATA, as others write it. */
function bare(sent: Readonly<Record<string, string>>): string {
  const escaped = (value: string) =>
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const written = Object.entries(sent).map(([field, value]) => `<${field}>${escaped(value)}</${field}>`);
  return `<xml>${written.join('')}</xml>`;
}

/** A text that both readers take says the same to both: nothing can be two things to two sides. */
export function readersAgree() {
  return fc.property(hostileText, (sent) => {
    const here = readOrUndefined(sent);
    if (!here) return;
    let there: Record<string, string>;
    try {
      there = readThere(sent);
    } catch {
      return;
    }
    assert.deepEqual({ ...here }, { ...there });
  });
}

function readOrUndefined(sent: string): Record<string, string> | undefined {
  try {
    return readXml(sent);
  } catch (error) {
    if (error instanceof WeChatPayError && error.code === 'XML_REFUSED') return undefined;
    throw error;
  }
}

/** Both sides sign as WeChat's rule says, and nothing but that sign matches. */
export function signsAreByTheRule() {
  const value = fc.string({ unit: 'binary' });
  const signed = fc.dictionary(fc.oneof(anyName, fc.constantFrom('sign', 'Sign', 'key', '_')), value, {
    maxKeys: 12,
  });
  const key = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.stringMatching(/^[A-Za-z0-9]{32}$/));
  return fc.property(
    signed,
    key,
    fc.constantFrom(...SIGN_TYPES),
    fc.nat(63),
    (message, by, algorithm, at) => {
      const right = signByRule(message, by, algorithm);
      assert.equal(sign(message, by, algorithm), right);
      assert.equal(signThere(message, by, algorithm), right);
      assert.equal(matchesSign({ ...message, sign: right }, by, algorithm), true);
      const place = at % right.length;
      const other = right.slice(0, place) + (right[place] === '0' ? '1' : '0') + right.slice(place + 1);
      assert.equal(matchesSign({ ...message, sign: other }, by, algorithm), false);
    },
  );
}

/** A moment of the years 0 to 9999 and its spelling, there and back; fourteen digits mean one thing on both sides. */
export function timesAreReadAsWritten() {
  const moment = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-01'), noInvalidDate: true });
  const digits = fc.oneof(
    fc.stringMatching(/^\d{14}$/),
    fc
      .tuple(
        fc.integer({ min: 1970, max: 2100 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
      )
      .map(([year, month, day]) => `${year}${two(month)}${two(day)}235959`),
  );
  return fc.property(moment, digits, (date, spelled) => {
    const seconds = new Date(Math.floor(date.getTime() / 1000) * 1000);
    assert.deepEqual(fromWeChatTime(toWeChatTime(date)), seconds);
    assert.deepEqual(fromWeChatTime(spelled), readTime(spelled));
  });
}

const two = (part: number) => String(part).padStart(2, '0');
