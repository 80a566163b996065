import { describe, expect, test } from 'vitest';
import { carriedData } from '../../../scripts/local/simulator/browser/program/carried-data.ts';

type Data = Readonly<Record<string, unknown>>;

class Order {}
const loop: Record<string, unknown> = {};
loop.self = { loop };
const shared = [1];

/** What the view gets, and the warnings. */
function carry(data: Data): [Data, string[]] {
  const warnings: string[] = [];
  return [carriedData(data, 'page', (text) => warnings.push(text)), warnings];
}

describe('data for setData', () => {
  test.each<[about: string, data: Data]>([
    ['text, numbers, truth and nothing', { a: 'x', b: 1.5, c: false, d: null }],
    ['lists in objects in lists', { a: [{ b: [1, 2] }] }],
    ['a date', { at: new Date(5) }],
    ['the same object twice', { a: shared, b: shared }],
    ['an object without a prototype', { a: Object.assign(Object.create(null), { b: 1 }) }],
    ['a path', { 'rows[0].name': 'x' }],
  ])('%s is carried', (_, data) => {
    expect(carry(data)).toEqual([data, []]);
  });

  test.each<[about: string, data: Data, carried: Data, warning: string]>([
    [
      'an undefined field is skipped, and the others are set',
      { a: undefined, b: 1 },
      { b: 1 },
      'page: Setting data field "a" to undefined is invalid.',
    ],
    [
      'undefined within an object is left out',
      { a: { b: undefined, c: 1 } },
      { a: { c: 1 } },
      'page.a.b is undefined, and the view does not get it: use null, or leave it out.',
    ],
    [
      'undefined in a list becomes null',
      { a: [1, undefined] },
      { a: [1, null] },
      'page.a[1] is undefined, and the view does not get it: use null, or leave it out.',
    ],
    [
      'a function stays in the logic',
      { a: { b: parseInt } },
      { a: { b: parseInt } },
      'page.a.b is a function, and the view does not get it.',
    ],
    [
      'NaN stays in the logic',
      { a: Number.NaN },
      { a: Number.NaN },
      'page.a is NaN, and the view gets null.',
    ],
  ])('%s, with a warning', (_, data, carried, warning) => {
    const [found, warnings] = carry(data);
    expect(found).toStrictEqual(carried);
    expect(warnings).toEqual([warning]);
  });

  test.each<[about: string, data: Data, message: string]>([
    ['a big integer', { a: 1n }, 'page.a is a bigint'],
    ['an instance', { a: new Order() }, 'page.a is an instance of Order'],
    ['a map', { a: new Map() }, 'page.a is an instance of Map'],
    ['a loop', { loop }, 'page.loop.self.loop contains itself'],
    ['a loop through the data itself', loop, 'page.self.loop contains itself'],
  ])('%s is refused with its path', (_, data, message) => {
    expect(() => carry(data)).toThrow(message);
  });
});
