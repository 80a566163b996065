import { expect, test } from 'vitest';
import { parts, shortYuan, spokenYuan, yuan } from '../../miniprogram/logic/money.ts';

test.each([
  [4800, '48.00', '48', '48 元'],
  [4850, '48.50', '48.50', '48.50 元'],
  [1, '0.01', '0.01', '0.01 元'],
  [10, '0.10', '0.10', '0.10 元'],
  [123_456_00, '123456.00', '123456', '123456 元'],
])('%i fen are shown as %s, in short %s, read as %s', (fen, full, short, spoken) => {
  expect([yuan(fen), shortYuan(fen), spokenYuan(fen)]).toEqual([full, short, spoken]);
});

test('an amount is set in two sizes', () => {
  expect(parts(4805)).toEqual({ whole: '48', fraction: '.05' });
});
