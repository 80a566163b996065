import { expect, test } from 'vitest';
import { isFlat } from './memory.ts';
import { rush } from './rush.ts';

test('a short rush: nobody is answered with an error, and every payment is settled', {
  timeout: 120_000,
}, async () => {
  const { orders, payments, notices, checks, complaints } = await rush({
    shoppers: 20,
    connections: 8,
    seconds: 1,
  });
  expect(orders).toMatchObject({ calls: 20, errors: {} });
  expect(payments).toMatchObject({ calls: 20, errors: {} });
  expect(notices.errors).toEqual({});
  expect(notices.calls).toBeGreaterThanOrEqual(20);
  expect(checks).toMatchObject({ calls: 20, errors: {} });
  expect(complaints).toBe('');
});

test('memory that grows is seen, and what a collector leaves is not', () => {
  const samples = (sizes: readonly number[]) => sizes.map((own) => ({ own, functions: 100 }));
  expect(isFlat(samples([50, 90, 100, 101, 99, 102]))).toBe(true);
  expect(isFlat(samples([50, 60, 70, 80, 90, 100]))).toBe(false);
});
