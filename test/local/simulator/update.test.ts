import { describe, expect, test } from 'vitest';
import { command as _, ServerDate } from '../../../scripts/local/simulator/browser/wx/database/command.ts';
import {
  firstSnapshot,
  nextSnapshot,
} from '../../../scripts/local/simulator/browser/wx/database/doc-changes.ts';
import { toDocument, toUpdate } from '../../../scripts/local/simulator/browser/wx/database/update.ts';

const now = () => 0;

describe('what update() was given', () => {
  test.each<[object, object]>([
    [{ a: 1, b: 'x' }, { $set: { a: 1, b: 'x' } }],
    [{ a: { b: { c: 1 }, d: {} } }, { $set: { 'a.b.c': 1, 'a.d': {} } }],
    [{ a: _.set({ b: 1 }) }, { $set: { a: { b: 1 } } }],
    [
      { a: _.remove(), 'b.c': _.inc(2) },
      { $unset: { a: '' }, $inc: { 'b.c': 2 } },
    ],
    [
      { a: { b: _.mul(2) }, c: _.min(1), d: _.max(9) },
      { $mul: { 'a.b': 2 }, $min: { c: 1 }, $max: { d: 9 } },
    ],
    [{ a: _.push(1, 2) }, { $push: { a: { $each: [1, 2] } } }],
    [{ a: _.push([1, 2]) }, { $push: { a: { $each: [1, 2] } } }],
    [
      { a: _.push({ each: [3], position: 1, sort: 1, slice: -2 }) },
      { $push: { a: { $each: [3], $position: 1, $sort: 1, $slice: -2 } } },
    ],
    [{ a: _.unshift(1) }, { $push: { a: { $each: [1], $position: 0 } } }],
    [{ a: _.pop(), b: _.shift() }, { $pop: { a: 1, b: -1 } }],
    [{ a: _.addToSet(1), b: _.addToSet({ each: [1, 2] }) }, { $addToSet: { a: 1, b: { $each: [1, 2] } } }],
    [{ a: _.pull(1), b: _.pull(_.in([1, 2])) }, { $pull: { a: 1, b: { $in: [1, 2] } } }],
    [{ a: _.pull({ n: _.gt(3), m: 1 }) }, { $pull: { a: { n: { $gt: 3 }, m: 1 } } }],
    [
      { a: _.pullAll([1]), b: _.rename('c') },
      { $pullAll: { a: [1] }, $rename: { b: 'c' } },
    ],
    [{ a: new ServerDate(5), b: undefined }, { $set: { a: { $tcb_server_date: { offset: 5 } } } }],
    [
      { a: new Date(1), b: null, c: [{ d: undefined, e: 1 }] },
      { $set: { a: new Date(1), b: null, c: [{ e: 1 }] } },
    ],
  ])('%j', (data, update) => {
    expect(toUpdate(data, now)).toEqual(update);
  });

  test.each([
    [{ a: _.gt(1) }, 'is for queries'],
    [{ a: [_.inc(1)] }, 'an operator stands where a value is stored'],
    [7, 'data is an object'],
  ])('%j is refused', (data, message) => {
    expect(() => toUpdate(data, now)).toThrow(message);
  });

  test('a document has no operators', () => {
    expect(toDocument({ a: { b: new ServerDate(0), c: undefined } })).toEqual({
      a: { b: { $tcb_server_date: { offset: 0 } } },
    });
    expect(() => toDocument({ a: _.inc(1) })).toThrow('an operator');
  });
});

describe('what changed in a watched query', () => {
  const first = firstSnapshot([
    { _id: 'a', n: 1, deep: { x: 1, y: 2 }, at: new Date(0) },
    { _id: 'b', n: 2 },
  ]);

  test('everything is new at first', () => {
    expect(first).toMatchObject({
      ...{ id: 0, type: 'init', docs: { length: 2 } },
      docChanges: [{ id: 0, queueType: 'init', dataType: 'init', docId: 'a', doc: { n: 1 } }, { docId: 'b' }],
    });
  });

  test('the same again is no change', () => {
    expect(nextSnapshot(first, structuredClone([...first.docs]))).toBeUndefined();
  });

  test('fields that were set and removed are named by their paths', () => {
    const [, b] = first.docs;
    const a = { _id: 'a', deep: { x: 1, y: 3 }, at: new Date(1) };
    expect(nextSnapshot(first, [a, ...(b ? [b] : [])])).toEqual({
      id: 1,
      docs: [a, b],
      docChanges: [
        {
          ...{ id: 1, queueType: 'update', dataType: 'update', docId: 'a', doc: a },
          updatedFields: { 'deep.y': 3, at: new Date(1) },
          removedFields: ['n'],
        },
      ],
    });
  });

  test('documents come, go and change places', () => {
    const next = nextSnapshot(first, [{ _id: 'c' }, ...first.docs.slice(1)]);
    expect(next?.docChanges).toEqual([
      { id: 1, queueType: 'dequeue', dataType: 'remove', docId: 'a', doc: first.docs[0] },
      { id: 1, queueType: 'enqueue', dataType: 'add', docId: 'c', doc: { _id: 'c' } },
    ]);
    expect(nextSnapshot(first, [...first.docs].reverse())).toMatchObject({ id: 1, docChanges: [] });
  });
});
