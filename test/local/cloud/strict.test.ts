import { beforeEach, expect, test } from 'vitest';
import { index, smallWorld, type TestWorld } from './world.ts';

let world: TestWorld;
let received: string[];

beforeEach(async () => {
  received = [];
  world = await smallWorld({
    indexes: [index('due', ['state', 'next']), index('mine', ['owner', 'made'])],
    warn: (message) => received.push(message),
  });
});

function call(action: string, fields: object, caller: object = {}): Promise<object> {
  return world.cloud.dispatch({ action: `database.${action}`, collectionName: 'things', ...fields }, caller);
}

const rules = () => world.cloud.warnings.map(({ rule }) => rule);

test.each<[string, object, string[]]>([
  ['a whole collection, asked for as one', {}, []],
  ['a filter that lost its conditions', { query: '{}' }, ['lost-conditions']],
  ['an _id', { query: '{"_id":"a"}' }, []],
  ['the first field of an index', { query: '{"state":"NOTPAY"}' }, []],
  ['a range of it', { query: '{"state":{"$gt":"A"}}' }, []],
  ['the first field under $and', { query: '{"$and":[{"state":"NOTPAY"},{"x":1}]}' }, []],
  ['the second field of an index', { query: '{"next":5}' }, ['scan-without-index']],
  ['only what is not', { query: '{"state":{"$ne":"SUCCESS"}}' }, ['scan-without-index']],
  ['an order that the index has', { query: '{"state":"NOTPAY"}', order: '{"next":1}' }, []],
  ['the same backwards', { query: '{"state":"NOTPAY"}', order: '{"next":-1}' }, []],
  ['the same for several values', { query: '{"state":{"$in":["A","B"]}}', order: '{"next":1}' }, []],
  ['the index itself as an order', { order: '{"state":-1,"next":-1}' }, []],
  ['a mixed order', { order: '{"state":1,"next":-1}' }, ['sort-without-index']],
  ['an order by something else', { query: '{"state":"NOTPAY"}', order: '{"x":1}' }, ['sort-without-index']],
  ['an order of one document', { query: '{"_id":"a"}', order: '{"x":1}' }, []],
])('a query by %s', async (_, query, expected) => {
  expect(await call('getDocument', query)).toHaveProperty('data');
  expect(rules()).toEqual(expected);
});

test('removing or updating everything by a filter that lost its conditions is warned about', async () => {
  await call('removeDocument', { query: '{}', multi: true });
  await call('modifyDocument', { query: '{}', data: '{"$set":{"a":1}}', merge: true, multi: true });
  expect(rules()).toEqual(['lost-conditions', 'lost-conditions']);
  expect(received[0]).toMatch(/^database\.removeDocument things: the filter arrived without conditions/);
});

test.each(['{}', '{"$set":{}}'])(
  'an update that lost its fields is refused, and why is said: %s',
  async (data) => {
    expect(await call('modifyDocument', { query: '{"_id":"a"}', data, merge: true })).toHaveProperty('code');
    expect(await call('modifyAndReturnDoc', { query: '{"_id":"a"}', data })).toHaveProperty('code');
    expect(rules()).toEqual(['lost-fields', 'lost-fields']);
    expect(received[0]).toMatch(/^database\.modifyDocument things: the update arrived without fields/);
  },
);

test('a place is warned about once, however often it is passed; another function is another place', async () => {
  for (let time = 0; time < 3; time++)
    await call('getDocument', { query: `{"x":${time}}` }, { function: 'one' });
  await call('getDocument', { query: '{"x":1}' }, { function: 'two' });
  await call('getDocument', { query: '{"y":1}' }, { function: 'two' });
  expect(received.map((message) => message.slice(0, 26))).toEqual(
    ['one: database.getDocument t', 'two: database.getDocument t', 'two: database.getDocument t'].map(
      (start) => start.slice(0, 26),
    ),
  );
});

test('a plain write by an invocation that holds a transaction is warned about, others’ are not', async () => {
  await world.cloud.insert('things', { _id: 'a' });
  const write = { query: '{"_id":"a"}', data: '{"$set":{"n":1}}', merge: true };
  await world.cloud.dispatch({ action: 'database.startTransaction' }, { invocation: 'call-1' });
  await call('modifyDocument', write, { invocation: 'call-2' });
  await call('modifyDocument', write);
  await call('getDocument', { query: '{"_id":"a"}' }, { invocation: 'call-1' });
  expect(rules()).toEqual([]);
  await call('modifyDocument', write, { invocation: 'call-1' });
  expect(rules()).toEqual(['outside-transaction']);
});

test('an action we do not have is warned about here too, since some SDKs hide the refusal', async () => {
  for (let time = 0; time < 2; time++) await world.cloud.dispatch({ action: 'storage.batchCopyFile' });
  expect(received).toEqual([expect.stringContaining('no action storage.batchCopyFile')]);
});

test('it can be turned off', async () => {
  const { cloud } = await smallWorld({ warn: false });
  await cloud.dispatch({ action: 'database.getDocument', collectionName: 'things', query: '{"x":1}' });
  expect(cloud.warnings).toEqual([]);
});
