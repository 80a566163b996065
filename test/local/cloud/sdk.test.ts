import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CloudServer } from '../../../scripts/local/cloud/server.ts';
import { index, onTheWire, smallWorld, type TestWorld } from './world.ts';
import type { Database } from './wx-server-sdk.ts';

let world: TestWorld;
let server: CloudServer;
let db: Database;

beforeAll(async () => {
  world = await smallWorld({ indexes: [index('code', ['code'], true)] });
  ({ server, db } = await onTheWire(world.cloud));
});

beforeEach(async () => {
  await things()
    .where({ _id: db.command.exists(true) })
    .remove();
});

afterAll(async () => {
  await server.dispose();
  await world.cloud.dispose();
});

function things() {
  return db.collection('things');
}

test('a document comes back as it was added, dates and server dates included', async () => {
  const when = new Date(1_700_000_000_123);
  await things().add({
    data: { _id: 'a', when, list: [1, 'two', null], big: 12_345_678_901, at: db.serverDate() },
  });
  const { data } = await things().doc('a').get();
  expect(data).toEqual({
    _id: 'a',
    when,
    list: [1, 'two', null],
    big: 12_345_678_901,
    at: world.clock.now(),
  });
});

test('an _id is made where none is given', async () => {
  expect(await things().add({ data: { code: 1 } })).toMatchObject({
    _id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

test('a taken _id, and a taken key of a unique index, are E11000', async () => {
  await things().add({ data: { _id: 'a', code: 7 } });
  const again = things().add({ data: { _id: 'a' } });
  await expect(again).rejects.toMatchObject({ errCode: -502001, errMsg: expect.stringContaining('E11000') });
  const other = things().add({ data: { _id: 'b', code: 7 } });
  await expect(other).rejects.toMatchObject({
    errCode: -502001,
    errMsg: expect.stringContaining('index: code dup key: { code: 7 }'),
  });
});

test('of twenty compare-and-sets at once one wins', async () => {
  await things().add({ data: { _id: 'a', state: 'NOTPAY' } });
  const settle = () =>
    things()
      .where({ _id: 'a', state: 'NOTPAY' })
      .update({ data: { state: 'SUCCESS' } });
  const answers = await Promise.all(Array.from({ length: 20 }, settle));
  expect(answers.reduce((sum, answer) => sum + answer.stats.updated, 0)).toBe(1);
});

test('a transaction over two documents shows itself at once, and to others when it commits', async () => {
  await things().add({ data: { _id: 'a', n: 1, code: 'a' } });
  await db.runTransaction(async (transaction) => {
    const a = transaction.collection('things').doc('a');
    await a.update({ data: { n: db.command.inc(1) } });
    await transaction.collection('things').add({ data: { _id: 'b', code: 'b' } });
    expect((await a.get()).data).toMatchObject({ n: 2 });
    expect((await things().doc('a').get()).data).toMatchObject({ n: 1 });
    expect((await things().count()).total).toBe(1);
  });
  expect((await things().doc('a').get()).data).toMatchObject({ n: 2 });
  expect((await things().count()).total).toBe(2);
});
