import { describe, expect, test } from 'vitest';
import { readCron } from '../../../scripts/local/cloud/functions/cron.ts';

/** Saturday 2 January 2027, half past one in the night in China. */
const NOW = new Date('2027-01-02T01:30:00+08:00');

/** The next moments, as clocks in China show them. */
function next(expression: string, count = 3): string[] {
  const after = readCron(expression);
  const moments: string[] = [];
  for (let at = after(NOW); at && moments.length < count; at = after(at)) {
    moments.push(new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19));
  }
  return moments;
}

describe('the examples of the platform’s own pages', () => {
  test.each([
    ['*/5 * * * * * *', ['2027-01-02T01:30:05', '2027-01-02T01:30:10', '2027-01-02T01:30:15']],
    ['0 1/10 * * * * *', ['2027-01-02T01:31:00', '2027-01-02T01:41:00', '2027-01-02T01:51:00']],
    ['0 0 2 1 * * *', ['2027-02-01T02:00:00', '2027-03-01T02:00:00', '2027-04-01T02:00:00']],
    ['0 15 10 * * MON-FRI *', ['2027-01-04T10:15:00', '2027-01-05T10:15:00', '2027-01-06T10:15:00']],
    ['0 0 10,14,16 * * * *', ['2027-01-02T10:00:00', '2027-01-02T14:00:00', '2027-01-02T16:00:00']],
    ['0 */30 9-17 * * * *', ['2027-01-02T09:00:00', '2027-01-02T09:30:00', '2027-01-02T10:00:00']],
    ['0 0 12 * * WED *', ['2027-01-06T12:00:00', '2027-01-13T12:00:00', '2027-01-20T12:00:00']],
    ['33 22 11 6 7 * 2027', ['2027-07-06T11:22:33']],
  ])('%s', (expression, moments) => {
    expect(next(expression)).toEqual(moments);
  });
});

test.each([
  ['1/10 stands for 1, 11, 21, 31, 41, 51', '0 1/10 * * * * *', '0 1,11,21,31,41,51 * * * * *'],
  ['*/7 begins at the least value', '0 0 0 */7 * * *', '0 0 0 1,8,15,22,29 * * *'],
  ['a range has steps too', '0 0 8-18/4 * * * *', '0 0 8,12,16 * * * *'],
  ['weeks begin with Sunday', '0 0 0 * * 0 *', '0 0 0 * * SUN *'],
  ['and end with Saturday', '0 0 0 * * 6 *', '0 0 0 * * SAT *'],
  ['months have names', '0 0 0 1 JAN-MAR/2 * *', '0 0 0 1 1,3 * *'],
  ['a step beyond the field leaves its first value', '0 5/99 * * * * *', '0 5 * * * * *'],
  ['a value said twice counts once', '0 5,5,1-5/4 * * * * *', '0 1,5 * * * * *'],
])('%s', (_, expression, same) => {
  expect(next(expression, 9)).toEqual(next(same, 9));
});

test('where day and week are both given, either will do', () => {
  expect(next('0 0 0 5 * 1 *')).toEqual([
    '2027-01-04T00:00:00',
    '2027-01-05T00:00:00',
    '2027-01-11T00:00:00',
  ]);
});

test.each(['0 0 0 1 1 * 2026', '0 0 0 31 2 * *'])('%s never comes', (expression) => {
  expect(next(expression)).toEqual([]);
});

test('no timer runs after 2099', () => {
  expect(readCron('0 0 0 1 1 * *')(new Date('2099-06-01T00:00:00Z'))).toBeUndefined();
});

test.each([
  ['0 */5 * * * *', /has seven fields with a space between \(second .* year\), not 6/],
  ['*/5 * * * *', /not 5/],
  ['0 0 12 * * * * *', /not 8/],
  ['0  0 12 * * * *', /not 8/],
  ['', /not 1/],
  ['0 0 12 ? * MON *', 'day: "?" is none of the wildcards , - * /'],
  ['0 0 12 * * ? *', 'week: "?" is none of the wildcards , - * /'],
  ['0 0 12 L * * *', 'day: "L" is not 1 to 31'],
  ['0 0 12 15W * * *', 'day: "15W" is not 1 to 31'],
  ['0 0 12 * * 5L *', 'week: "5L" is not 0 to 6 or SUN to SAT'],
  ['0 0 12 * * 1#2 *', 'week: "#" is none'],
  ['0 0 12 * * +1 *', 'week: "+" is none'],
  ['0 ~ * * * * *', 'minute: "~" is none'],
  ['0 0 12 * * mon *', 'week: "m" is none'],
  ['0 0 12 * * MONDAY *', 'week: "MONDAY" is not 0 to 6 or SUN to SAT'],
  ['0 0 12 * * 7 *', 'week: "7" is not 0 to 6'],
  ['60 * * * * * *', 'second: "60" is not 0 to 59'],
  ['0 60 * * * * *', 'minute: "60" is not 0 to 59'],
  ['0 0 24 * * * *', 'hour: "24" is not 0 to 23'],
  ['0 0 0 0 * * *', 'day: "0" is not 1 to 31'],
  ['0 0 0 32 * * *', 'day: "32" is not 1 to 31'],
  ['0 0 0 1 13 * *', 'month: "13" is not 1 to 12 or JAN to DEC'],
  ['0 0 0 1 0 * *', 'month: "0" is not 1 to 12'],
  ['0 0 0 1 1 * 1969', 'year: "1969" is not 1970 to 2099'],
  ['0 0 0 1 1 * 2100', 'year: "2100" is not 1970 to 2099'],
  ['0 0 0 1 1 * 27', 'year: "27" is not'],
  ['0 -1 * * * * *', 'minute: "-1" has no value'],
  ['0 1- * * * * *', 'minute: "1-" has no value'],
  ['0 1,,2 * * * * *', 'minute: "" has no value'],
  ['0 *-5 * * * * *', 'minute: "*-5" has no value'],
  ['0 1-5-9 * * * * *', 'minute: "1-5-9" has no value'],
  ['0 30-10 * * * * *', 'minute: "30-10" goes backwards'],
  ['0 0 0 * * FRI-MON *', 'week: "FRI-MON" goes backwards'],
  ['0 */0 * * * * *', 'minute: "*/0" has no step of 1 or more'],
  ['0 */ * * * * *', 'minute: "*/" has no value'],
  ['0 */X * * * * *', 'minute: "*/X" has no step'],
  ['0 1E1 * * * * *', 'minute: "1E1" is not 0 to 59'],
  ['0 */1E1 * * * * *', 'minute: "*/1E1" has no step'],
  ['@hourly', /not 1/],
])('%j is refused, and why', (expression, message) => {
  expect(() => readCron(expression)).toThrow(message);
});
