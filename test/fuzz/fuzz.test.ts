import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vectors } from '../wechatpay/vectors.ts';
import { run } from './run.ts';
import { signByRule } from './wechat-rule.ts';

/** Together what a commit is tried with. `npm run fuzz -- --runs 1000000` tries as much as one likes. */
const RUNS = 10_000;
const LIMIT_MS = 120_000;

test.each([
  ['the same', 1],
  ['a fresh', randomInt(2 ** 31)],
])(
  'what must always hold does, by %s seed: %i',
  async (_, seed) => {
    const failures: string[] = [];
    for await (const { name, failure } of run({ runs: RUNS, seed })) {
      if (failure) failures.push(`${name}: ${failure}`);
    }
    expect(failures, `npm run fuzz -- --runs ${RUNS} --seed ${seed}`).toEqual([]);
  },
  LIMIT_MS,
);

test('what does not hold is reported, with the input that shows it and the seed', async () => {
  const small = fc.property(fc.nat(), (count) => count < 1000);
  const properties = [{ name: 'numbers are small', share: 1, make: () => small }];
  const results = [];
  for await (const result of run({ runs: 1000, seed: 7, properties })) results.push(result);
  expect(results).toMatchObject([
    { failure: expect.stringMatching(/seed: 7(?:.|\n)*Counterexample: \[1000\]/) },
  ]);
});

test.each(vectors.sign)('the rule that signs are compared with signs as published: $id', (published) => {
  const { params, key, sign_type, expected } = published;
  expect(signByRule(params, key, sign_type)).toBe(expected);
});
