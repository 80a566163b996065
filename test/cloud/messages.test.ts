import { expect, test } from 'vitest';
import { CloudError } from '../../cloudfunctions/_shared/cloud/errors.ts';
import { createLogger } from '../../cloudfunctions/_shared/cloud/log.ts';
import { alarm } from '../../cloudfunctions/_shared/order/alarms.ts';
import { MESSAGE_CHARACTERS_MAX, shorten } from '../../cloudfunctions/_shared/shorten.ts';
import { WeChatPayError } from '../../cloudfunctions/_shared/wechatpay/errors.ts';

const LONG = 'a'.repeat(900_000);
const NOW = new Date(0);

test.each([
  ['', ''],
  ['abcde', 'abcde'],
  ['abcdef', 'abcd…'],
  ['abc😀', 'abc😀'],
  ['abc😀fg', 'abc…'],
  ['城市会员三个月', '城市会员…'],
])('%o in five characters is %o', (text, shortened) => {
  expect(shorten(text, 5)).toBe(shortened);
});

/** Every place in which a text of somebody else can end up. */
test.each<[string, (text: string) => unknown]>([
  ['an error of WeChat Pay', (text) => new WeChatPayError('XML_REFUSED', text).message],
  ['an error of the cloud', (text) => new CloudError('DATABASE_FAILED', text).message],
  ['an alarm’s message', (text) => alarm('ORDER_UNKNOWN', 'x', text, NOW).message],
  ['a field of a log line', (text) => (JSON.parse(logged(text)) as { message: string }).message],
])('%s is no longer than a message may be, and keeps its beginning', (_, make) => {
  expect(make(`It is ${LONG}`)).toMatch(new RegExp(`^It is a{${MESSAGE_CHARACTERS_MAX - 7}}…$`));
  expect(make('It is short.')).toBe('It is short.');
});

test('an alarm’s subject and _id are short, whoever chose the subject', () => {
  const { _id, subject } = alarm('ORDER_UNKNOWN', LONG, 'x', NOW);
  expect([subject.length, _id.length]).toEqual([128, 'ORDER_UNKNOWN::'.length + 128 + 8]);
});

function logged(message: string): string {
  let line = '';
  const write = (written: string) => {
    line = written;
  };
  createLogger({ now: () => NOW, write }).warn('call.failed', { code: 'X', message });
  return line;
}
