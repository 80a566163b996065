import { describe, expect, test } from 'vitest';
import {
  command,
  DatabaseRegExp,
  ServerDate,
} from '../../../scripts/local/simulator/browser/wx/database/command.ts';
import { toFilter } from '../../../scripts/local/simulator/browser/wx/database/filter.ts';

const _ = command;
const now = () => 1000;

describe('where() is written as a filter', () => {
  test.each<[about: string, condition: unknown, filter: unknown]>([
    ['values', { a: 1, b: null }, { a: 1, b: null }],
    ['a comparison', { a: _.gt(1) }, { a: { $gt: 1 } }],
    ['membership', { a: _.in([1, 2]), b: _.nin([3]) }, { a: { $in: [1, 2] }, b: { $nin: [3] } }],
    [
      'two conditions on a field',
      { a: _.gte(1).and(_.lt(5)) },
      { $and: [{ a: { $gte: 1 } }, { a: { $lt: 5 } }] },
    ],
    ['alternatives on a field', { a: _.eq(1).or(_.eq(2)) }, { $or: [{ a: { $eq: 1 } }, { a: { $eq: 2 } }] }],
    ['alternatives of documents', _.or([{ a: 1 }, { b: _.neq(2) }]), { $or: [{ a: 1 }, { b: { $ne: 2 } }] }],
    [
      'two alternatives',
      { a: _.or(1, 2), b: _.or(3, 4) },
      { $and: [{ $or: [{ a: 1 }, { a: 2 }] }, { $or: [{ b: 3 }, { b: 4 }] }] },
    ],
    ['a field inside an object', { a: { b: { c: 1 } } }, { 'a.b.c': 1 }],
    ['a negation', { a: _.not(_.gt(1)) }, { a: { $not: { $gt: 1 } } }],
    ['existence', { a: _.exists(false) }, { a: { $exists: false } }],
    ['a remainder', { a: _.mod(10, 1) }, { a: { $mod: [10, 1] } }],
    ['an element', { a: _.elemMatch({ b: _.gt(1) }) }, { a: { $elemMatch: { b: { $gt: 1 } } } }],
    ['a regular expression', { a: /x/i }, { a: { $regex: 'x', $options: 'i' } }],
    [
      'the database’s regular expression',
      { a: new DatabaseRegExp('x', 'i') },
      { a: { $regex: 'x', $options: 'i' } },
    ],
    ['a date', { a: _.lt(new Date(5)) }, { a: { $lt: new Date(5) } }],
    ['the server’s date', { a: _.lt(new ServerDate(-500)) }, { a: { $lt: new Date(500) } }],
    ['the caller’s openid', { _openid: '{openid}' }, { _openid: '{openid}' }],
  ])('%s', (_about, condition, filter) => {
    expect(toFilter(condition, now)).toEqual(filter);
  });

  test.each<[about: string, condition: unknown, message: string]>([
    ['an undefined value', { a: 1, b: undefined }, 'the condition on b is undefined'],
    ['an undefined operand', { a: _.gt(undefined) }, 'the operand of $gt on a is undefined'],
    ['a command on no field', _.gt(1), '$gt stands on no field'],
    ['no object', 5, 'where() takes an object'],
  ])('%s is refused, since it would find more than was meant', (_about, condition, message) => {
    expect(() => toFilter(condition, now)).toThrow(message);
  });
});
