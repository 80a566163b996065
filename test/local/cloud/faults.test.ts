import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Fault } from '../../../scripts/local/cloud/faults.ts';
import type { CloudServer } from '../../../scripts/local/cloud/server.ts';
import { onTheWire, smallWorld, type TestWorld } from './world.ts';
import type { Database } from './wx-server-sdk.ts';

let world: TestWorld;
let server: CloudServer;
let db: Database;

beforeAll(async () => {
  world = await smallWorld();
  ({ server, db } = await onTheWire(world.cloud));
});

beforeEach(async () => {
  world.cloud.faults.clear();
  const all = { action: 'database.removeDocument', collectionName: 'things', multi: true };
  await world.cloud.dispatch(all);
  await world.cloud.insert('things', { _id: 'a', n: 1 });
});

afterAll(async () => {
  await server.dispose();
  await world.cloud.dispose();
});

const get = (caller = {}) =>
  world.cloud.dispatch(
    { action: 'database.getDocument', collectionName: 'things', query: '{"_id":"a"}' },
    caller,
  );
const increment = (within: object = {}, caller = {}, cloud = world.cloud) =>
  cloud.dispatch(
    {
      action: 'database.modifyDocument',
      collectionName: 'things',
      query: '{"_id":"a"}',
      data: '{"$inc":{"n":1}}',
      merge: true,
      ...within,
    },
    caller,
  );
const n = () => world.cloud.documents('things')[0]?.n;

async function begin(): Promise<object> {
  const answer = await world.cloud.dispatch({ action: 'database.startTransaction' });
  return { transactionId: 'transactionId' in answer ? answer.transactionId : undefined };
}

test.each<[Fault['kind'], object]>([
  ['conflict', { code: 'DATABASE_TRANSACTION_CONFLICT' }],
  ['expired', { message: expect.stringContaining('TransactionNotExist') }],
])('%s befalls an operation of a transaction and ends it', async (kind, refusal) => {
  world.cloud.faults.add({ kind });
  expect(await increment()).toMatchObject({ data: { updated: 1 } });
  const one = await begin();
  expect(await increment(one)).toMatchObject(refusal);
  expect(await increment(one)).toMatchObject({ message: expect.stringContaining('TransactionNotExist') });
  expect(n()).toBe(2);
});

test('busy befalls one operation and the transaction lives on', async () => {
  world.cloud.faults.add({ kind: 'busy' });
  const one = await begin();
  expect(await increment(one)).toMatchObject({ message: expect.stringContaining('TransactionBusy') });
  expect(await increment(one)).toMatchObject({ data: { updated: 1 } });
  await world.cloud.dispatch({ action: 'database.abortTransaction', ...one });
});

test('a connection cut before the work leaves no trace of it; cut after, the work is done', async () => {
  for (const [kind, expected] of [
    ['cut-before', 1],
    ['cut-after', 2],
    ['silence', 3],
  ] as const) {
    world.cloud.faults.add({ kind });
    await expect(increment()).rejects.toMatchObject({
      code: kind === 'silence' ? 'ETIMEDOUT' : 'ECONNRESET',
    });
    expect(n()).toBe(expected);
  }
  expect(world.trace.since().filter(({ kind }) => kind === 'lost')).toHaveLength(3);
});

test('only a connection that was used before is reset', async () => {
  world.cloud.faults.add({ kind: 'reset' });
  expect(await get({ isReused: false })).toHaveProperty('data');
  await expect(get({ isReused: true })).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test.each([
  ['kill-before', 2],
  ['kill-after', 3],
] as const)('%s kills the function that calls; who is no function is let through', async (kind, expected) => {
  const killed: string[] = [];
  const { cloud } = await smallWorld({ killInvocation: (invocation) => killed.push(invocation) });
  await cloud.insert('things', { _id: 'a', n: 1 });
  cloud.faults.add({ kind });
  expect(await increment({}, {}, cloud)).toHaveProperty('data');
  await expect(increment({}, { invocation: 'call-1' }, cloud)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(killed).toEqual(['call-1']);
  expect(cloud.documents('things')).toEqual([{ _id: 'a', n: expected }]);
});

test('a slow answer takes its time on the world’s clock', async () => {
  world.cloud.faults.add({ kind: 'slow', ms: 5000 });
  let isAnswered = false;
  const answer = get().then(() => {
    isAnswered = true;
  });
  await world.clock.advance(4999);
  expect(isAnswered).toBe(false);
  await world.clock.advance(1);
  await answer;
});

test.each<[string, Partial<Fault>, boolean]>([
  ['its action', { action: 'database.getDocument' }, true],
  ['another action', { action: 'database.insertDocument' }, false],
  ['its collection', { collection: 'things' }, true],
  ['another collection', { collection: 'orders' }, false],
  ['its invocation', { invocation: 'call-1' }, true],
  ['another invocation', { invocation: 'call-2' }, false],
  ['its function', { function: 'createOrder' }, true],
  ['another function', { function: 'payNotify' }, false],
])('a fault for %s', async (_, where, isHit) => {
  world.cloud.faults.add({ kind: 'cut-before', ...where });
  const call = get({ invocation: 'call-1', function: 'createOrder' });
  if (isHit) await expect(call).rejects.toThrow();
  else expect(await call).toHaveProperty('data');
});

test('a fault hits as often as was asked, and can be taken back', async () => {
  const takeBack = world.cloud.faults.add({ kind: 'cut-before', times: 2 });
  await expect(get()).rejects.toThrow();
  expect(world.cloud.faults.waiting()).toEqual([{ kind: 'cut-before', times: 1 }]);
  takeBack();
  expect(await get()).toHaveProperty('data');
});

test('on the wire a cut connection is ECONNRESET to the application, and the next call works', async () => {
  world.cloud.faults.add({ kind: 'cut-after', action: 'database.insertDocument' });
  const add = db.collection('things').add({ data: { _id: 'b' } });
  await expect(add).rejects.toMatchObject({ errMsg: expect.stringMatching(/ECONNRESET|socket hang up/) });
  expect((await db.collection('things').doc('b').get()).data).toEqual({ _id: 'b' });
});
