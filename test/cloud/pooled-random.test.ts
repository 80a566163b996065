import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { pooledRandom } from '../../cloudfunctions/_shared/cloud/pooled-random.ts';

test('every byte of the source is given once, in its order, whatever is asked for', () => {
  const fetched: Buffer[] = [];
  const random = pooledRandom((bytes) => {
    const source = randomBytes(bytes);
    fetched.push(Buffer.from(source));
    return source;
  });
  // 16 goes into the pool without a rest, so that everything fetched is given before more is fetched.
  const given = Array.from({ length: 250 }, () => random(16));
  expect(Buffer.concat(given)).toEqual(Buffer.concat(fetched).subarray(0, 250 * 16));
  expect(fetched).toHaveLength(3);
  expect(new Set(given.map((bytes) => bytes.toString('hex'))).size).toBe(250);
});

test('what was given is in the pool no more, and changes nothing there', () => {
  const sources: Buffer[] = [];
  const random = pooledRandom((bytes) => {
    const source = Buffer.alloc(bytes, 7);
    sources.push(source);
    return source;
  });
  const first = random(16);
  expect(sources[0]?.subarray(0, 16)).toEqual(Buffer.alloc(16));
  first.fill(1);
  expect(random(16)).toEqual(Buffer.alloc(16, 7));
});

test('more than the pool holds is fetched by itself', () => {
  const asked: number[] = [];
  const random = pooledRandom((bytes) => {
    asked.push(bytes);
    return randomBytes(bytes);
  });
  expect(random(5000)).toHaveLength(5000);
  expect(random(16)).toHaveLength(16);
  expect(asked).toEqual([5000, 1600]);
});
