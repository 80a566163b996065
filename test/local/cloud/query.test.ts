import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../../scripts/local/cloud/database/extended-json.ts';
import { compareValues, comparison } from '../../../scripts/local/cloud/database/order.ts';
import { project } from '../../../scripts/local/cloud/database/projection.ts';
import { compileFilter } from '../../../scripts/local/cloud/database/query.ts';
import type { Value } from '../../../scripts/local/cloud/database/value.ts';

const NOW = new Date(1_800_000_000_000);
const read = (text: string) => parseDocument(text, NOW);
const matches = (document: string, filter: string) => compileFilter(read(filter)).matches(read(document));

describe('what a filter finds', () => {
  test.each([
    // equality, null and missing
    ['{"a":1}', '{"a":1}', true],
    ['{"a":1}', '{"a":{"$numberInt":"1"}}', true],
    ['{"a":"1"}', '{"a":1}', false],
    ['{}', '{"a":null}', true],
    ['{"a":null}', '{"a":{"$exists":true}}', true],
    ['{}', '{"a":{"$exists":false}}', true],
    ['{"a":0}', '{"a":{"$ne":null}}', true],
    ['{}', '{"a":{"$ne":null}}', false],
    ['{}', '{"a":{"$lte":null}}', true],
    ['{"a":null}', '{"a":{"$gte":null}}', true],
    ['{"a":1}', '{"a":{"$gte":null}}', false],
    ['{}', '{"a":{"$lt":5}}', false],
    ['{"a":true}', '{"a":1}', false],
    ['{"a":{"$date":5}}', '{"a":{"$date":{"$numberLong":"5"}}}', true],
    // sub-documents: order of fields counts
    ['{"a":{"x":1,"y":2}}', '{"a":{"x":1,"y":2}}', true],
    ['{"a":{"x":1,"y":2}}', '{"a":{"y":2,"x":1}}', false],
    ['{"a":{"x":1,"y":2}}', '{"a":{"x":1}}', false],
    ['{"a":{"x":1,"y":2}}', '{"a.x":1}', true],
    ['{"a":5}', '{"a.b":null}', true],
    // comparisons stay within a type
    ['{"a":5}', '{"a":{"$gt":4,"$lt":6}}', true],
    ['{"a":"5"}', '{"a":{"$gt":4}}', false],
    ['{"a":{"$date":5}}', '{"a":{"$gt":4}}', false],
    ['{"a":{"$date":5}}', '{"a":{"$gt":{"$date":4}}}', true],
    ['{"a":"b"}', '{"a":{"$gt":"a"}}', true],
    ['{"a":false}', '{"a":{"$lt":true}}', true],
    // arrays
    ['{"a":[1,2]}', '{"a":2}', true],
    ['{"a":[1,2]}', '{"a":[1,2]}', true],
    ['{"a":[2,1]}', '{"a":[1,2]}', false],
    ['{"a":[[1,2]]}', '{"a":[1,2]}', true],
    ['{"a":[1,9]}', '{"a":{"$gt":3,"$lt":5}}', true],
    ['{"a":[1,9]}', '{"a":{"$elemMatch":{"$gt":3,"$lt":5}}}', false],
    ['{"a":[{"b":1},{"b":2}]}', '{"a.b":2}', true],
    ['{"a":[{"b":1},{"b":2}]}', '{"a.0.b":2}', false],
    ['{"a":[{"b":1},{"b":2}]}', '{"a.1.b":2}', true],
    ['{"a":[{"b":1,"c":2},{"b":2,"c":1}]}', '{"a":{"$elemMatch":{"b":1,"c":1}}}', false],
    ['{"a":[{"b":1},{}]}', '{"a.b":null}', true],
    ['{"a":[]}', '{"a.b":null}', false],
    ['{"a":[1,2]}', '{"a.b":null}', false],
    ['{"a":[1,2]}', '{"a":{"$ne":2}}', false],
    ['{"a":[1,2]}', '{"a":{"$size":2}}', true],
    ['{"a":[1,2]}', '{"a":{"$all":[2,1]}}', true],
    ['{"a":1}', '{"a":{"$all":[1]}}', true],
    ['{"a":[1]}', '{"a":{"$all":[]}}', false],
    ['{"a":[{"b":1},{"b":2}]}', '{"a":{"$all":[{"$elemMatch":{"b":1}},{"$elemMatch":{"b":2}}]}}', true],
    // $in, $nin, $not, $mod, $type
    ['{"a":3}', '{"a":{"$in":[1,3]}}', true],
    ['{}', '{"a":{"$in":[null]}}', true],
    ['{}', '{"a":{"$nin":[1]}}', true],
    ['{"a":"abc"}', '{"a":{"$in":[{"$regularExpression":{"pattern":"^A","options":"i"}}]}}', true],
    ['{"a":3}', '{"a":{"$not":{"$gt":5}}}', true],
    ['{}', '{"a":{"$not":{"$gt":5}}}', true],
    ['{"a":7}', '{"a":{"$mod":[4,3]}}', true],
    ['{"a":"7"}', '{"a":{"$mod":[4,3]}}', false],
    ['{"a":true}', '{"a":{"$mod":[1,0]}}', false],
    ['{"a":1}', '{"a":{"$type":"int"}}', true],
    ['{"a":1.5}', '{"a":{"$type":1}}', true],
    ['{"a":[1]}', '{"a":{"$type":"array"}}', true],
    ['{"a":"x"}', '{"a":{"$type":["number","string"]}}', true],
    // regular expressions
    ['{"a":"Hello"}', '{"a":{"$regularExpression":{"pattern":"^hel","options":"i"}}}', true],
    ['{"a":"Hello"}', '{"a":{"$regex":"^hel","$options":"i"}}', true],
    ['{"a":["x","hello"]}', '{"a":{"$regex":"^hel"}}', true],
    ['{"a":5}', '{"a":{"$regex":"5"}}', false],
    // logic
    ['{"a":1,"b":2}', '{"$and":[{"a":1},{"b":2}]}', true],
    ['{"a":1,"b":2}', '{"$or":[{"a":9},{"b":2}]}', true],
    ['{"a":1,"b":2}', '{"$nor":[{"a":9},{"b":2}]}', false],
    ['{"a":1,"b":2}', '{"$expr":{"$lt":["$a","$b"]}}', true],
    ['{"a":3,"b":2}', '{"$expr":{"$lt":["$a","$b"]}}', false],
    ['{"constructor":1}', '{"constructor":1}', true],
    ['{}', '{"constructor":null}', true],
  ])('%s is found by %s: %s', (document, filter, found) => {
    expect(matches(document, filter)).toBe(found);
  });
});

describe('which filters are refused, and how', () => {
  test.each([
    ['{"a":{"$foo":1}}', 'unknown operator: $foo'],
    ['{"$foo":1}', 'unknown top level operator: $foo'],
    ['{"$where":"true"}', 'unknown top level operator: $where'],
    ['{"a":{"$in":1}}', '$in needs an array'],
    ['{"a":{"$all":1}}', '$all needs an array'],
    ['{"$or":[]}', '$and/$or/$nor must be a nonempty array'],
    ['{"$and":{}}', '$and must be an array'],
    ['{"a":{"$mod":[4]}}', 'malformed mod, not enough elements'],
    ['{"a":{"$mod":[0,1]}}', 'divisor cannot be 0'],
    ['{"a":{"$not":5}}', '$not needs a regex or a document'],
    ['{"a":{"$elemMatch":5}}', '$elemMatch needs an Object'],
    ['{"a":{"$size":"x"}}', '$size needs a number'],
    ['{"a":{"$type":"hat"}}', 'Unknown type name alias: hat'],
    [
      '{"a":{"$nearSphere":{"$maxDistance":1}}}',
      'The local cloud does not provide the geo operator $nearSphere.',
    ],
    ['{"a":{"type":"Point","coordinates":[1,2]}}', 'The local cloud does not provide the geo type Point.'],
    ['{"a":{"$oid":"5f"}}', 'The local cloud does not provide values of the Extended JSON type $oid.'],
    ['{"a":', 'Not Extended JSON'],
    ['[1]', 'Expected a document in Extended JSON'],
  ])('%s: %s', (filter, text) => {
    expect(() => compileFilter(read(filter))).toThrow(text);
  });
});

test('values of all types have one order', () => {
  const ordered: Value[] = [
    null,
    Number.NaN,
    -1,
    0,
    1.5,
    '',
    'B',
    'a',
    '\ue000',
    '😀',
    {},
    { a: 1 },
    { a: 1, b: 0 },
    { b: 1 },
    [],
    [1],
    [1, 2],
    false,
    true,
    new Date(0),
    new Date(1),
    /a/,
  ];
  for (const [at, value] of ordered.entries()) {
    for (const [other, another] of ordered.entries()) {
      expect([value, another, Math.sign(compareValues(value, another))]).toEqual([
        value,
        another,
        Math.sign(at - other),
      ]);
    }
  }
});

test('a sort takes the least of an array going up, the greatest going down, and missing as null', () => {
  const documents = [
    { _id: 'three', n: 3 },
    { _id: 'list', n: [1, 9] },
    { _id: 'none' },
    { _id: 'five', n: 5 },
  ];
  const sorted = (direction: 1 | -1) =>
    documents.toSorted(comparison([['n', direction]])).map(({ _id }) => _id);
  expect(sorted(1)).toEqual(['none', 'list', 'three', 'five']);
  expect(sorted(-1)).toEqual(['list', 'five', 'three', 'none']);
});

test.each([
  ['{"a":1}', '{"_id":1,"a":{"b":1,"c":2}}'],
  ['{"_id":0,"a":1}', '{"a":{"b":1,"c":2}}'],
  ['{"a.b":1}', '{"_id":1,"a":{"b":1}}'],
  ['{"a.b":0}', '{"_id":1,"a":{"c":2},"l":[1,2,3]}'],
  ['{"l":{"$slice":2}}', '{"_id":1,"a":{"b":1,"c":2},"l":[1,2]}'],
  ['{}', '{"_id":1,"a":{"b":1,"c":2},"l":[1,2,3]}'],
])('the projection %s gives %s and leaves the stored document alone', (projection, expected) => {
  const stored = read('{"_id":1,"a":{"b":1,"c":2},"l":[1,2,3]}');
  const kept = structuredClone(stored);
  expect(project([stored], read(projection))).toEqual([read(expected)]);
  expect(stored).toEqual(kept);
});
