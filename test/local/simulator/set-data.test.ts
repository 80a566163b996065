import { describe, expect, test } from 'vitest';
import { assertCarriable } from '../../../scripts/local/simulator/browser/set-data-check.ts';

class Order {}
const loop: Record<string, unknown> = {};
loop.self = { loop };
const shared = [1];

describe('data for setData', () => {
  test.each<[about: string, data: unknown]>([
    ['text, numbers, truth and nothing', { a: 'x', b: 1.5, c: false, d: null }],
    ['lists in objects in lists', { a: [{ b: [1, 2] }] }],
    ['a date', { at: new Date() }],
    ['the same object twice', { a: shared, b: shared }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
  ])('%s is carried', (_, data) => {
    expect(() => assertCarriable(data, 'data')).not.toThrow();
  });

  test.each<[about: string, data: unknown, message: string]>([
    ['undefined', { a: undefined }, 'data.a is undefined'],
    ['undefined in a list', { a: [1, undefined] }, 'data.a[1] is undefined'],
    ['a function', { a: { b: () => 1 } }, 'data.a.b is a function'],
    ['not a number', { a: Number.NaN }, 'data.a is NaN'],
    ['a big integer', { a: 1n }, 'data.a is a bigint'],
    ['an instance', { a: new Order() }, 'data.a is an instance of Order'],
    ['a map', { a: new Map() }, 'data.a is an instance of Map'],
    ['a loop', { loop }, 'data.loop.self.loop contains itself'],
  ])('%s is refused with its path', (_, data, message) => {
    expect(() => assertCarriable(data, 'data')).toThrow(message);
  });
});
