import { describe, expect, test } from 'vitest';
import {
  addMonths,
  countdown,
  day,
  dayInWords,
  daysBetween,
  deadline,
  secondOfDay,
  spokenCountdown,
  when,
} from '../../miniprogram/logic/dates.ts';
import { NOW } from './samples.ts';

const at = (text: string) => new Date(`${text}+08:00`);

test('a day is the day in China, wherever the phone is', () => {
  const lateInLondon = new Date('2026-12-31T16:00:00Z');
  expect([day(lateInLondon), dayInWords(lateInLondon), secondOfDay(lateInLondon)]).toEqual([
    '2027.01.01',
    '2027 年 1 月 1 日',
    '00:00:00',
  ]);
});

test.each([
  ['2026-11-23T10:24:00', '今天 10:24'],
  ['2026-11-22T23:59:00', '11.22 23:59'],
  ['2025-11-23T10:24:00', '2025.11.23'],
])('%s is shown as %s on 23 November 2026', (moment, shown) => {
  expect(when(at(moment), NOW)).toBe(shown);
});

test('a deadline after midnight names its day', () => {
  expect(deadline(at('2026-11-23T10:54:00'), NOW)).toBe('10:54');
  expect(deadline(at('2026-11-24T00:10:00'), NOW)).toBe('11.24 00:10');
});

test.each([
  ['2027-01-15T10:00:00', 3, '2027.04.15'],
  ['2027-01-31T10:00:00', 1, '2027.02.28'],
  ['2028-01-31T10:00:00', 1, '2028.02.29'],
  ['2027-03-01T01:00:00', 1, '2027.04.01'],
  ['2026-12-31T23:59:00', 2, '2027.02.28'],
  ['2027-03-31T10:00:00', -1, '2027.02.28'],
])('%s and %i months is %s', (from, months, until) => {
  expect(day(addMonths(at(from), months))).toBe(until);
});

test('days are counted by midnights in China', () => {
  expect(daysBetween(at('2026-11-23T23:59:00'), at('2026-11-24T00:01:00'))).toBe(1);
  expect(daysBetween(at('2026-11-23T00:00:00'), at('2026-11-23T23:59:00'))).toBe(0);
});

describe('a countdown', () => {
  const until = at('2026-11-23T10:54:06');
  test.each([
    ['2026-11-23T10:24:30', '29:36', '29 分 36 秒'],
    ['2026-11-23T10:54:05.001', '0:01', '0 分 1 秒'],
    ['2026-11-23T10:54:06', '0:00', '0 分 0 秒'],
    ['2026-11-23T11:00:00', '0:00', '0 分 0 秒'],
    ['2026-11-23T09:49:06', '1:05:00', '1 小时 5 分 0 秒'],
  ])('at %s says %s', (now, left, spoken) => {
    expect([countdown(until, at(now)), spokenCountdown(until, at(now))]).toEqual([left, spoken]);
  });
});
