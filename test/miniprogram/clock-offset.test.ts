import { expect, test } from 'vitest';
import { clockOffsetAfter } from '../../miniprogram/logic/clock-offset.ts';

const HALF_AN_HOUR = 30 * 60_000;

test.each([
  [
    'a right clock stays right however long an answer takes',
    0,
    { askedAt: 0, receivedAt: 2000, now: 700 },
    0,
  ],
  [
    'an answer that slept half an hour in the phone moves nothing',
    0,
    { askedAt: 0, receivedAt: HALF_AN_HOUR, now: 100 },
    0,
  ],
  [
    'a phone that is five minutes slow has an offset of no less',
    0,
    { askedAt: 0, receivedAt: 200, now: 300_100 },
    299_900,
  ],
  ['a phone that is five minutes fast', 0, { askedAt: 300_000, receivedAt: 300_200, now: 100 }, -299_900],
  ['a quick answer makes it more exact', 299_900, { askedAt: 1000, receivedAt: 1020, now: 301_010 }, 299_990],
  [
    'a slow one does not make it less so',
    299_990,
    { askedAt: 2000, receivedAt: 9000, now: 305_000 },
    299_990,
  ],
])('%s', (_, believed, answer, offset) => {
  expect(clockOffsetAfter(believed, answer)).toBe(offset);
});
