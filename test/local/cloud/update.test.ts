import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../../scripts/local/cloud/database/extended-json.ts';
import { compileFilter } from '../../../scripts/local/cloud/database/query.ts';
import { applyUpdate, replaceDocument } from '../../../scripts/local/cloud/database/update.ts';

const NOW = new Date(1_800_000_000_000);

/** Rows are JSON, as they would travel; `_id` is 1 in every document. */
function update(before: string, change: string, filter = '{}'): object {
  const { _id, ...after } = applyUpdate(
    parseDocument(before.replace('{', '{"_id":1,').replace(',}', '}'), NOW),
    parseDocument(change, NOW),
    {
      filter: compileFilter(parseDocument(filter, NOW)),
      now: NOW,
    },
  );
  expect(_id).toBe(1);
  return after;
}

describe('what an update makes of a document', () => {
  test.each([
    // $set
    ['{}', '{"$set":{"a":1}}', '{"a":1}'],
    ['{"a":{"b":1}}', '{"$set":{"a.c":2}}', '{"a":{"b":1,"c":2}}'],
    ['{}', '{"$set":{"a.b.c":1}}', '{"a":{"b":{"c":1}}}'],
    ['{"a":{"b":1}}', '{"$set":{"a":{"c":1}}}', '{"a":{"c":1}}'],
    ['{"a":[1,2]}', '{"$set":{"a.0":9}}', '{"a":[9,2]}'],
    ['{"a":[1]}', '{"$set":{"a.3":4}}', '{"a":[1,null,null,4]}'],
    ['{"a":[{"b":1}]}', '{"$set":{"a.0.b":2,"a.1.b":3}}', '{"a":[{"b":2},{"b":3}]}'],
    ['{"a":{}}', '{"$set":{"a.0":1}}', '{"a":{"0":1}}'],
    ['{"a":1}', '{"$set":{"_id":1,"a":2}}', '{"a":2}'],
    ['{"a":null}', '{"$set":{"a":{"b":1}}}', '{"a":{"b":1}}'],
    ['{}', '{"$set":{"__proto__":1}}', '{"__proto__":1}'],
    ['{}', '{"$setOnInsert":{"a":1}}', '{}'],
    // $unset
    ['{"a":1,"b":2}', '{"$unset":{"a":""}}', '{"b":2}'],
    ['{"a":[1,2,3]}', '{"$unset":{"a.1":""}}', '{"a":[1,null,3]}'],
    ['{"a":[1]}', '{"$unset":{"a.5":""}}', '{"a":[1]}'],
    ['{"a":{"b":1}}', '{"$unset":{"a.b":""}}', '{"a":{}}'],
    ['{"a":5}', '{"$unset":{"a.b":""}}', '{"a":5}'],
    ['{"a":[{"b":1}]}', '{"$unset":{"a.b":""}}', '{"a":[{"b":1}]}'],
    // $inc, $mul, $min, $max, $bit
    ['{"n":1}', '{"$inc":{"n":2}}', '{"n":3}'],
    ['{}', '{"$inc":{"n":-2}}', '{"n":-2}'],
    ['{}', '{"$inc":{"o.n":1}}', '{"o":{"n":1}}'],
    ['{"n":3}', '{"$mul":{"n":1.5}}', '{"n":4.5}'],
    ['{}', '{"$mul":{"n":5}}', '{"n":0}'],
    ['{"n":5}', '{"$min":{"n":3}}', '{"n":3}'],
    ['{"n":5}', '{"$min":{"n":7}}', '{"n":5}'],
    ['{}', '{"$min":{"n":7}}', '{"n":7}'],
    ['{"n":"x"}', '{"$min":{"n":7}}', '{"n":7}'],
    ['{"n":5}', '{"$max":{"n":"x"}}', '{"n":"x"}'],
    ['{"n":null}', '{"$max":{"n":-1}}', '{"n":-1}'],
    ['{"n":13}', '{"$bit":{"n":{"and":10}}}', '{"n":8}'],
    ['{"n":3}', '{"$bit":{"n":{"or":4}}}', '{"n":7}'],
    ['{}', '{"$bit":{"n":{"xor":5}}}', '{"n":5}'],
    ['{"n":4294967296}', '{"$bit":{"n":{"or":1}}}', '{"n":4294967297}'],
    // $rename, $currentDate
    ['{"a":1}', '{"$rename":{"a":"b"}}', '{"b":1}'],
    ['{"a":1,"b":2}', '{"$rename":{"a":"b"}}', '{"b":1}'],
    ['{"a":{"b":1}}', '{"$rename":{"a.b":"c.d"}}', '{"a":{},"c":{"d":1}}'],
    ['{"b":2}', '{"$rename":{"a":"b"}}', '{"b":2}'],
    ['{}', '{"$currentDate":{"at":true}}', '{"at":{"$date":1800000000000}}'],
    ['{}', '{"$currentDate":{"at":{"$type":"date"}}}', '{"at":{"$date":1800000000000}}'],
    // $push, $addToSet
    ['{}', '{"$push":{"a":1}}', '{"a":[1]}'],
    ['{"a":[1]}', '{"$push":{"a":[2,3]}}', '{"a":[1,[2,3]]}'],
    ['{"a":[1]}', '{"$push":{"a":{"$each":[2,3]}}}', '{"a":[1,2,3]}'],
    ['{"a":[1,2]}', '{"$push":{"a":{"$each":[0],"$position":0}}}', '{"a":[0,1,2]}'],
    ['{"a":[1,2]}', '{"$push":{"a":{"$each":[9],"$position":-1}}}', '{"a":[1,9,2]}'],
    ['{"a":[3,1]}', '{"$push":{"a":{"$each":[2],"$sort":1}}}', '{"a":[1,2,3]}'],
    ['{"a":[{"s":3}]}', '{"$push":{"a":{"$each":[{"s":1}],"$sort":{"s":1}}}}', '{"a":[{"s":1},{"s":3}]}'],
    ['{"a":[1,2]}', '{"$push":{"a":{"$each":[3],"$slice":-2}}}', '{"a":[2,3]}'],
    ['{"a":[1,2]}', '{"$push":{"a":{"$each":[],"$slice":1}}}', '{"a":[1]}'],
    ['{"a":[1]}', '{"$addToSet":{"a":1}}', '{"a":[1]}'],
    ['{"a":[{"x":1,"y":2}]}', '{"$addToSet":{"a":{"y":2,"x":1}}}', '{"a":[{"x":1,"y":2},{"y":2,"x":1}]}'],
    ['{"a":[1]}', '{"$addToSet":{"a":{"$each":[1,2,2]}}}', '{"a":[1,2]}'],
    // $pull, $pullAll, $pop
    ['{"a":[1,2,1]}', '{"$pull":{"a":1}}', '{"a":[2]}'],
    ['{"a":[1,5,9]}', '{"$pull":{"a":{"$gte":5}}}', '{"a":[1]}'],
    ['{"a":[{"b":1,"c":1},{"b":2}]}', '{"$pull":{"a":{"b":1}}}', '{"a":[{"b":2}]}'],
    [
      '{"a":["ax","b"]}',
      '{"$pull":{"a":{"$regularExpression":{"pattern":"^a","options":""}}}}',
      '{"a":["b"]}',
    ],
    ['{"b":1}', '{"$pull":{"a":1}}', '{"b":1}'],
    ['{"a":[1,2,3]}', '{"$pullAll":{"a":[1,3]}}', '{"a":[2]}'],
    ['{"a":[1,2]}', '{"$pop":{"a":1}}', '{"a":[1]}'],
    ['{"a":[1,2]}', '{"$pop":{"a":-1}}', '{"a":[2]}'],
    ['{"a":[]}', '{"$pop":{"a":1}}', '{"a":[]}'],
    ['{}', '{"$pop":{"a":1}}', '{}'],
    // several at once
    ['{"a":1}', '{"$set":{"b":2},"$inc":{"a":1},"$unset":{"c":""}}', '{"a":2,"b":2}'],
    ['{"a":1}', '{"$set":{"ab":2},"$inc":{"a":1}}', '{"a":2,"ab":2}'],
  ])('%s under %s becomes %s', (before, change, after) => {
    expect(update(before, change)).toEqual(parseAfter(after));
  });
});

describe('what the positional operators stand for', () => {
  test.each([
    ['{"a":[1,5,9]}', '{"a":5}', '{"$set":{"a.$":0}}', '{"a":[1,0,9]}'],
    ['{"a":[1,5,9]}', '{"a":{"$gt":4}}', '{"$inc":{"a.$":1}}', '{"a":[1,6,9]}'],
    ['{"a":[{"k":1},{"k":2,"n":1}]}', '{"a.k":2}', '{"$inc":{"a.$.n":1}}', '{"a":[{"k":1},{"k":2,"n":2}]}'],
    [
      '{"a":[{"k":1,"l":2},{"k":2,"l":2}]}',
      '{"a":{"$elemMatch":{"k":2,"l":2}}}',
      '{"$set":{"a.$.n":1}}',
      '{"a":[{"k":1,"l":2},{"k":2,"l":2,"n":1}]}',
    ],
    ['{"a":[1,2]}', '{}', '{"$inc":{"a.$[]":1}}', '{"a":[2,3]}'],
    ['{"a":[{"b":[1]},{"b":[2,3]}]}', '{}', '{"$mul":{"a.$[].b.$[]":2}}', '{"a":[{"b":[2]},{"b":[4,6]}]}'],
  ])('%s found by %s under %s becomes %s', (before, filter, change, after) => {
    expect(update(before, change, filter)).toEqual(parseAfter(after));
  });
});

describe('what MongoDB refuses, in its words', () => {
  test.each([
    ['{"a":null}', '{"$set":{"a.b":1}}', "Cannot create field 'b' in element {a: null}"],
    ['{"a":"x"}', '{"$set":{"a.b":1}}', 'Cannot create field \'b\' in element {a: "x"}'],
    ['{"a":{"b":1}}', '{"$inc":{"a.b.c":1}}', "Cannot create field 'c' in element {b: 1}"],
    ['{"a":[1,2]}', '{"$set":{"a.x":1}}', "Cannot create field 'x' in element {a: [ 1, 2 ]}"],
    ['{"a":[]}', '{"$set":{"a.1500002":1}}', "can't backfill more than 1500000 elements"],
    [
      '{"n":"x"}',
      '{"$inc":{"n":1}}',
      "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 'n' of non-numeric type string",
    ],
    ['{"o":{"n":null}}', '{"$mul":{"o.n":1}}', "has the field 'n' of non-numeric type null"],
    ['{}', '{"$inc":{"n":"1"}}', 'Cannot increment with non-numeric argument: {n: "1"}'],
    ['{}', '{"$mul":{"n":null}}', 'Cannot multiply with non-numeric argument: {n: null}'],
    [
      '{"a":1}',
      '{"$push":{"a":1}}',
      "The field 'a' must be an array but is of type int in document {_id: 1}",
    ],
    [
      '{"a":null}',
      '{"$push":{"a":1}}',
      "The field 'a' must be an array but is of type null in document {_id: 1}",
    ],
    [
      '{}',
      '{"$push":{"a":{"$each":1}}}',
      'The argument to $each in $push must be an array but it was of type: int',
    ],
    ['{}', '{"$push":{"a":{"$each":[],"$foo":1}}}', 'Unrecognized clause in $push: $foo'],
    [
      '{}',
      '{"$push":{"a":{"$each":[],"$slice":"x"}}}',
      'The value for $slice must be an integer value but was given type: string',
    ],
    ['{}', '{"$push":{"a":{"$each":[],"$sort":2}}}', 'The $sort is invalid'],
    [
      '{"a":1}',
      '{"$addToSet":{"a":1}}',
      "Cannot apply $addToSet to non-array field. Field named 'a' has non-array type int",
    ],
    ['{"a":1}', '{"$pull":{"a":1}}', 'Cannot apply $pull to a non-array value'],
    ['{}', '{"$pullAll":{"a":1}}', '$pullAll requires an array argument but was given a int'],
    ['{"a":"x"}', '{"$pop":{"a":1}}', "Path 'a' contains an element of non-array type 'string'"],
    ['{"a":[1]}', '{"$pop":{"a":2}}', '$pop expects 1 or -1, found: 2'],
    ['{"n":1.5}', '{"$bit":{"n":{"and":1}}}', 'Cannot apply $bit to a value of non-integral type.'],
    ['{"n":1}', '{"$bit":{"n":{"nand":1}}}', "The $bit modifier only supports 'and', 'or', and 'xor'"],
    ['{"a":1}', '{"$rename":{"a":"a"}}', 'The source and target field for $rename must differ'],
    ['{"a":[{"b":1}]}', '{"$rename":{"a.0.b":"c"}}', 'The source field cannot be an array element'],
    ['{"a":1}', '{"$rename":{"a":5}}', "The 'to' field for $rename must be a string: a: 5"],
    ['{}', '{"$set":{"a":1},"$inc":{"a":1}}', "Updating the path 'a' would create a conflict at 'a'"],
    ['{}', '{"$set":{"a":1,"a.b":1}}', "Updating the path 'a.b' would create a conflict at 'a'"],
    [
      '{"a":1}',
      '{"$set":{"b":1},"$rename":{"a":"b"}}',
      "Updating the path 'b' would create a conflict at 'b'",
    ],
    [
      '{}',
      '{"$set":{"_id":2}}',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    ],
    [
      '{"a":2}',
      '{"$rename":{"a":"_id"}}',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    ],
    ['{}', '{"$bit":{"n":{}}}', 'You must pass in at least one bitwise operation'],
    ['{}', '{"$set":{"":1}}', 'An empty update path is not valid.'],
    [
      '{}',
      '{"$set":{"a..b":1}}',
      "The update path 'a..b' contains an empty field name, which is not allowed.",
    ],
    ['{}', '{"$set":{"a.$b":1}}', "The dollar ($) prefixed field '$b' in 'a.$b' is not valid for storage."],
    ['{}', '{"$foo":{"a":1}}', 'Unknown modifier: $foo'],
    ['{}', '{"$set":1}', 'Modifiers operate on fields but we found type int instead.'],
    ['{}', '{"$set":{}}', "'$set' is empty. You must specify a field like so: {$set: {<field>: ...}}"],
    ['{}', '{}', 'update document must have at least one element'],
    ['{}', '{"a":1}', "update document must contain key beginning with '$'"],
    [
      '{"a":[1]}',
      '{"$set":{"a.$":1}}',
      'The positional operator did not find the match needed from the query.',
    ],
    ['{"a":1}', '{"$set":{"a.$[]":1}}', 'Cannot apply array updates to non-array element a: 1'],
    [
      '{}',
      '{"$set":{"a.$[]":1}}',
      "The path 'a' must exist in the document in order to apply array updates.",
    ],
    ['{"a":[1]}', '{"$set":{"a.$[x]":1}}', "No array filter found for identifier 'x' in path 'a.$[x]'"],
  ])('%s under %s: %s', (before, change, text) => {
    expect(() => update(before, change)).toThrow(text);
    expect(() => update(before, change)).toThrow(
      /^\[FailedOperation\] multiple write errors: \[\{write errors: \[\{/,
    );
  });
});

test('a refused update leaves the document as it was, the parts of it that came first too', () => {
  const before = parseDocument('{"_id":1,"a":{"list":[1]},"n":"x"}', NOW);
  const kept = structuredClone(before);
  const change = parseDocument('{"$push":{"a.list":2},"$inc":{"n":1}}', NOW);
  expect(() => applyUpdate(before, change, { filter: compileFilter({}), now: NOW })).toThrow();
  expect(before).toEqual(kept);
});

test('a replacement keeps the _id and nothing else, and takes no operators', () => {
  expect(replaceDocument({ _id: 1, a: 1 }, { b: 2 })).toEqual({ _id: 1, b: 2 });
  expect(() => replaceDocument({ _id: 1 }, { _id: 2 })).toThrow("immutable field '_id'");
  expect(() => replaceDocument({ _id: 1 }, { $set: { a: 1 } })).toThrow(
    "cannot contain keys beginning with '$'",
  );
});

test('a document cannot grow beyond 16 MB', () => {
  const half = 'x'.repeat(9 * 1024 * 1024);
  expect(() => update(JSON.stringify({ a: half }), JSON.stringify({ $set: { b: half } }))).toThrow(
    'Resulting document after update is larger than 16777216',
  );
});

function parseAfter(text: string): object {
  return parseDocument(text, NOW);
}
