import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CloudServer } from '../../../scripts/local/cloud/server.ts';
import { onTheWire, smallWorld, type TestWorld } from './world.ts';
import type { Database } from './wx-server-sdk.ts';

/** What the application sees of a refusal, through the unmodified SDK: it is the SDK that makes the numbers. */
let world: TestWorld;
let server: CloudServer;
let db: Database;

beforeAll(async () => {
  world = await smallWorld();
  ({ server, db } = await onTheWire(world.cloud));
});

beforeEach(async () => {
  world.cloud.faults.clear();
  await things()
    .where({ _id: db.command.exists(true) })
    .remove();
  await things().add({ data: { _id: 'a', nothing: null } });
});

afterAll(async () => {
  await server.dispose();
  await world.cloud.dispose();
});

const things = () => db.collection('things');

/** The error of a call that has to fail. */
async function failure(
  promise: Promise<unknown>,
): Promise<{ errCode?: unknown; errMsg?: string; code?: unknown }> {
  return promise.then(
    (answer) => Promise.reject(new Error(`should have failed, answered ${JSON.stringify(answer)}`)),
    (error: object) => error,
  );
}

test.each<[string, () => Promise<unknown>, number, RegExp]>([
  [
    'a taken _id',
    () => things().add({ data: { _id: 'a' } }),
    -502001,
    /E11000 duplicate key.*index: _id_ dup key: { _id: "a" }/,
  ],
  ['a missing collection', () => db.collection('nope').get(), -502005, /Db or Table not exist: nope\./],
  [
    'adding to a missing collection',
    () => db.collection('nope').add({ data: {} }),
    -502005,
    /Db or Table not exist/,
  ],
  [
    'a write under null',
    () =>
      things()
        .doc('a')
        .update({ data: { 'nothing.x': 1 } }),
    -502001,
    /Cannot create field 'x' in element {nothing: null}/,
  ],
  ['a document that is not there', () => things().doc('b').get(), -1, /document with _id b does not exist/],
  [
    'an update that lost its fields',
    () =>
      things()
        .doc('a')
        .update({ data: { gone: {} } }),
    -502001,
    /must have at least one element/,
  ],
  [
    'a geo type',
    () => things().add({ data: { at: db.Geo.Point(1, 2) } }),
    -501001,
    /does not provide the geo type Point/,
  ],
])('%s', async (_, run, errCode, errMsg) => {
  const error = await failure(run());
  expect(error).toMatchObject({ errCode, errMsg: expect.stringMatching(errMsg) });
  expect(error).not.toHaveProperty('code');
});

test('a collection that exists keeps its code; one that does not can be made', async () => {
  expect(await failure(db.createCollection('things'))).toMatchObject({
    code: 'DATABASE_COLLECTION_ALREADY_EXIST',
  });
  await db.createCollection('made');
  expect((await db.collection('made').count()).total).toBe(0);
});

test('a conflict at an operation loses its code on the way, so runTransaction does not try again', async () => {
  let runs = 0;
  const holder = await db.startTransaction();
  await holder
    .collection('things')
    .doc('a')
    .update({ data: { n: 1 } });
  const error = await failure(
    db.runTransaction(async (transaction) => {
      runs++;
      await transaction
        .collection('things')
        .doc('a')
        .update({ data: { n: 2 } });
    }),
  );
  await holder.rollback();
  expect(error).toMatchObject({ errCode: -501001, errMsg: expect.stringContaining('TransactionConflict') });
  expect([error.code, runs]).toEqual([undefined, 1]);
});

test('a conflict at the commit keeps its code, so runTransaction tries again', async () => {
  let runs = 0;
  world.cloud.faults.add({ kind: 'conflict', action: 'database.commitTransaction', times: 2 });
  await db.runTransaction(async (transaction) => {
    runs++;
    await transaction
      .collection('things')
      .doc('a')
      .update({ data: { n: runs } });
  });
  expect([runs, (await things().doc('a').get()).data.n]).toEqual([3, 3]);
});

test('operations of one transaction that are not awaited one after the other meet busy', async () => {
  const transaction = await db.startTransaction();
  const a = transaction.collection('things').doc('a');
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => a.get()));
  await transaction.rollback();
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(refused).toContainEqual(
    expect.objectContaining({ errCode: -501001, errMsg: expect.stringContaining('TransactionBusy') }),
  );
});

test('rollback rejects runTransaction with what it was given', async () => {
  const reason = { reason: 'no stock' };
  await expect(
    db.runTransaction(async (transaction) => {
      await transaction
        .collection('things')
        .doc('a')
        .update({ data: { n: 9 } });
      await transaction.rollback(reason);
    }),
  ).rejects.toBe(reason);
  expect((await things().doc('a').get()).data).not.toHaveProperty('n');
});

test('where().update() in a transaction is none of its business: the rollback keeps it', async () => {
  const transaction = await db.startTransaction();
  await transaction
    .collection('things')
    .where({ _id: 'a' })
    .update({ data: { escaped: true } });
  await transaction.rollback();
  expect((await things().doc('a').get()).data).toMatchObject({ escaped: true });
});

test.each(['storage.getFileAuthority', 'storage.batchCopyFile', 'database.watch'])(
  'an action we do not have is refused by name, with those we have: %s',
  async (action) => {
    const answer = await world.cloud.dispatch({ action });
    expect(answer).toMatchObject({ code: 'INVALID_ACTION' });
    expect(answer).toHaveProperty(
      'message',
      expect.stringContaining(`no action ${action}. It has: database.`),
    );
  },
);

test('a set that makes a document larger than 16 MB is refused, whether the document is there or not', async () => {
  const data = { text: 'x'.repeat(2 ** 24) };
  for (const id of ['a', 'new']) {
    const error = await failure(things().doc(id).set({ data }));
    expect(error).toMatchObject({ errCode: -502001, errMsg: expect.stringMatching(/large/) });
  }
  expect((await things().count()).total).toBe(1);
});

test.each([
  [undefined],
  [null],
  ['text'],
  [[]],
  [{}],
  [{ action: 5 }],
  [{ action: '__proto__' }],
  [{ action: 'database.getDocument' }],
  [{ action: 'database.getDocument', collectionName: 5 }],
  [{ action: 'database.getDocument', collectionName: 'things', query: '{' }],
  [{ action: 'database.getDocument', collectionName: 'things', query: '[]' }],
  [{ action: 'database.getDocument', collectionName: 'things', query: '{"a":{"$date":"never"}}' }],
  [{ action: 'database.getDocument', collectionName: 'things', limit: -1 }],
  [
    {
      action: 'database.getDocument',
      collectionName: 'things',
      query: `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
    },
  ],
  [{ action: 'database.insertDocument', collectionName: 'things', data: ['5'] }],
  [{ action: 'database.insertDocument', collectionName: 'things', data: ['{"_id":[1]}'] }],
  [{ action: 'database.modifyDocument', collectionName: 'things', data: '[]', merge: true }],
  [
    {
      action: 'database.aggregateDocuments',
      collectionName: 'things',
      stages: [{ stageKey: '$hat', stageValue: '{}' }],
    },
  ],
  [
    {
      action: 'database.aggregateDocuments',
      collectionName: 'things',
      stages: [{ stageKey: '$out', stageValue: '"x"' }],
    },
  ],
  [{ action: 'database.commitTransaction' }],
])('what is no call is refused, never fallen over: %j', async (body) => {
  const answer = await world.cloud.dispatch(body);
  expect(answer).toMatchObject({
    code: expect.any(String),
    message: expect.any(String),
    requestId: expect.any(String),
  });
  expect(answer).not.toMatchObject({ code: 'SYS_ERR' });
});
