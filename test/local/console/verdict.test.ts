import { expect, test } from 'vitest';
import { verdictOf } from '../../../scripts/local/console/browser/verdict.ts';
import { orderOf } from './samples.ts';

test.each([
  ['that is the same on both sides', {}, 'ok 一致'],
  [
    'that virtual payment does not have before its cashier opens',
    { channel: 'virtualpay', there: null },
    'ok 一致',
  ],
  ['that WeChat has not', { there: null }, 'unknown 还不知道'],
  [
    'that is paid there',
    { there: 'SUCCESS', next_query_at: '2027-01-15T02:30:00.000Z' },
    'unknown 10:30:00 再查',
  ],
  ['that is held, and paid there', { there: 'SUCCESS', under_review: true }, 'bad 等人处理'],
  ['that is held, and the same on both sides', { under_review: true }, 'bad 等人处理'],
  [
    'that is held, and paid on both sides',
    { here: 'SUCCESS', there: 'SUCCESS', under_review: true },
    'bad 等人处理',
  ],
] as const)('an order %s', (_, fields, verdict) => {
  const { kind, words } = verdictOf(orderOf(fields));
  expect(`${kind} ${words}`).toBe(verdict);
});
