import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromWeChatTime, toTimeStamp, toWeChatTime } from '../../cloudfunctions/_shared/wechatpay/time.ts';
import { refusalOf } from './refusal.ts';

test.each([
  ['2026-11-23T04:05:06.789Z', '20261123120506'],
  ['2026-12-31T15:59:59Z', '20261231235959'],
  ['2026-12-31T16:00:00Z', '20270101000000'],
  ['2028-02-28T16:00:00Z', '20280229000000'],
])('%s is %s in Beijing, whatever the time zone of the machine', (iso, text) => {
  expect(toWeChatTime(new Date(iso))).toBe(text);
});

test('a moment survives the way there and back, to the second', () => {
  const moment = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(moment, (date) => {
      const second = Math.floor(date.getTime() / 1000) * 1000;
      expect(fromWeChatTime(toWeChatTime(date))?.getTime()).toBe(second);
    }),
  );
});

test.each([
  '',
  '2026112312050',
  '202611231205060',
  '20260230000000',
  '20261301000000',
  '20261123240000',
  '20261123126000',
  '2026-11-23 120',
  '２０261123120506',
  '20261123120506\n',
])('%j is no time', (text) => {
  expect(fromWeChatTime(text)).toBeUndefined();
});

test.each([
  ['invalid', new Date(Number.NaN)],
  ['in the year 10000', new Date(253402300800000)],
  ['before the year 0', new Date(-62198755200001)],
])('a Date that is %s is not spelled', async (_what, date) => {
  expect((await refusalOf(() => toWeChatTime(date))).code).toBe('PARAMETER_REFUSED');
});

test('timeStamp is whole seconds as text', () => {
  expect(toTimeStamp(new Date(1414561699999))).toBe('1414561699');
});
