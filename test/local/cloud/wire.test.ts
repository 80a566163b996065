import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../../scripts/local/cloud/call.ts';
import { CloudError } from '../../../scripts/local/cloud/errors.ts';
import type { CloudServer } from '../../../scripts/local/cloud/server.ts';
import { onTheWire, smallWorld, type TestWorld } from './world.ts';
import type { Database, Sdk } from './wx-server-sdk.ts';

let world: TestWorld;
let server: CloudServer;
let sdk: Sdk;
let db: Database;
const invoked: { name: string; data: unknown; caller: Caller }[] = [];

beforeAll(async () => {
  world = await smallWorld({
    invokeFunction: async (name, data, caller) => {
      if (name !== 'greet') throw new CloudError('FUNCTIONS_EXECUTE_FAIL', `Function not found: ${name}`);
      invoked.push({ name, data, caller });
      return { greeted: data };
    },
  });
  ({ server, sdk, db } = await onTheWire(world.cloud));
});

afterAll(async () => {
  delete process.env.TCB_SEQID;
  delete process.env.TCB_CONTEXT_KEYS;
  await server.dispose();
  await world.cloud.dispose();
});

test('a function calls another and gets its result', async () => {
  expect(await sdk.callFunction({ name: 'greet', data: { name: 'Li' } })).toMatchObject({
    result: { greeted: { name: 'Li' } },
  });
  await expect(sdk.callFunction({ name: 'nope' })).rejects.toMatchObject({
    errMsg: expect.stringContaining('Function not found: nope'),
  });
});

test('a call is attributed to the invocation that TCB_SEQID names', async () => {
  Object.assign(process.env, { TCB_CONTEXT_KEYS: 'TCB_SEQID', TCB_SEQID: 'call-7f' });
  await db.collection('things').add({ data: { _id: 'traced' } });
  await sdk.callFunction({ name: 'greet' });
  delete process.env.TCB_SEQID;
  await db.collection('things').doc('traced').get();
  const calls = world.trace.since().filter(({ kind, label }) => kind === 'call' && label.endsWith('things'));
  expect(calls).toMatchObject([
    { from: 'function', to: 'database', label: 'database.insertDocument things', invocation: 'call-7f' },
    { label: 'database.getDocument things' },
  ]);
  expect(calls[1]).not.toHaveProperty('invocation');
  expect(calls[0]?.payload).toEqual({ collectionName: 'things', data: ['{"_id":"traced"}'] });
  expect(invoked.at(-1)?.caller.invocation).toBe('call-7f');
});

test('cloudPay and openapi reach whoever registered, in both directions', async () => {
  world.cloud.openapi.on('cloudPay.unifiedOrder', (request) => ({
    return_code: 'SUCCESS',
    prepay_id: 'p',
    request,
  }));
  world.cloud.openapi.on('subscribeMessage.send', () => ({ errcode: 0, errmsg: 'ok', msg_id: 5 }));
  const paid = await sdk.cloudPay.unifiedOrder?.({ outTradeNo: 'n1', totalFee: 1 });
  expect(paid).toMatchObject({
    returnCode: 'SUCCESS',
    prepayId: 'p',
    request: { outTradeNo: 'n1', totalFee: 1 },
  });
  const sent = await sdk.openapi.subscribeMessage.send({
    touser: 'o1',
    templateId: 't',
    data: { a: { value: '你好' } },
  });
  expect(sent).toMatchObject({ errCode: 0, msgId: 5 });
  expect(world.cloud.openapi.calls).toMatchObject([
    { api: 'cloudPay.unifiedOrder', request: { out_trade_no: 'n1' } },
    {
      api: 'subscribeMessage.send',
      request: { touser: 'o1', template_id: 't', data: { a: { value: '你好' } } },
    },
  ]);
});

test('an API that nobody answers fails and says what to do', async () => {
  world.cloud.openapi.on('subscribeMessage.send', () => ({
    errcode: 43101,
    errmsg: 'user refuse to accept the msg',
  }));
  await expect(sdk.openapi.subscribeMessage.send({})).rejects.toMatchObject({ errCode: 43101 });
  const closed = await sdk.cloudPay.closeOrder?.({ outTradeNo: 'n1' });
  expect(closed).toMatchObject({
    returnCode: 'FAIL',
    returnMsg: expect.stringContaining("openapi.on('cloudPay.closeOrder'"),
  });
});

test('documents travel whole: order, skip, limit, fields, aggregates, lookups', async () => {
  const things = db.collection('things');
  const made = await things.add({
    data: [1, 2, 3, 4].map((n) => ({ _id: `s${n}`, kind: n % 2 ? 'odd' : 'even', n })),
  });
  expect(made._ids).toEqual(['s1', 's2', 's3', 's4']);
  const odd = things.where({ n: db.command.gte(1).and(db.command.lte(10)) }).orderBy('n', 'desc');
  expect((await odd.skip(1).limit(2).field({ n: true, _id: false }).get()).data).toEqual([
    { n: 3 },
    { n: 2 },
  ]);
  const grouped = await things
    .aggregate()
    .match({ n: db.command.gt(0) })
    .group({ _id: '$kind', sum: { $sum: '$n' } })
    .sort({ _id: 1 })
    .end();
  expect(grouped.list).toEqual([
    { _id: 'even', sum: 6 },
    { _id: 'odd', sum: 4 },
  ]);
  const joined = await things
    .aggregate()
    .match({ _id: 's1' })
    .lookup({ from: 'things', localField: 'kind', foreignField: 'kind', as: 'same' })
    .project({ same: '$same._id' })
    .end();
  expect(joined.list).toEqual([{ _id: 's1', same: ['s1', 's3'] }]);
});

test('a batch stops at the first document that is refused, and keeps those before it', async () => {
  await db.createCollection('batch');
  const batch = db.collection('batch');
  const add = batch.add({ data: [{ _id: 'a' }, { _id: 'b' }, { _id: 'a' }, { _id: 'c' }] });
  await expect(add).rejects.toMatchObject({ errMsg: expect.stringContaining('E11000') });
  expect((await batch.get()).data).toEqual([{ _id: 'a' }, { _id: 'b' }]);
});

test('a query gives 100 documents when it does not say, and 1000 at most', async () => {
  await db.createCollection('many');
  const many = db.collection('many');
  await many.add({ data: Array.from({ length: 1100 }, (_, n) => ({ n })) });
  expect((await many.get()).data).toHaveLength(100);
  expect((await many.limit(5000).get()).data).toHaveLength(1000);
  expect((await many.count()).total).toBe(1100);
  const unclamped = { action: 'database.getDocument', collectionName: 'many', limit: 5000 };
  expect(await world.cloud.dispatch(unclamped)).toHaveProperty('data.list.length', 1000);
});

test('an aggregate gives 20 documents when no stage says how many', async () => {
  await db.createCollection('grouped');
  const grouped = db.collection('grouped');
  await grouped.add({ data: Array.from({ length: 30 }, (_, n) => ({ n })) });
  const all = grouped.aggregate().match({ n: db.command.gte(0) });
  expect((await all.end()).list).toHaveLength(20);
  expect((await grouped.aggregate().sort({ n: -1 }).limit(25).end()).list).toHaveLength(25);
});

test('an answer above 6 MB is refused', async () => {
  await db.createCollection('large');
  const large = db.collection('large');
  for (const _id of ['a', 'b']) await large.add({ data: { _id, text: 'x'.repeat(4_000_000) } });
  expect((await large.doc('a').get()).data).toHaveProperty('text');
  await expect(large.get()).rejects.toMatchObject({
    errCode: -502001,
    errMsg: expect.stringContaining('ask for fewer'),
  });
});

test('only POST /admin is served, and only on the loopback interface', async () => {
  const { hostname, origin } = new URL(server.url);
  expect(hostname).toBe('127.0.0.1');
  expect((await fetch(`${origin}/`)).status).toBe(404);
  expect((await fetch(server.url)).status).toBe(404);
  const headers = { 'content-type': 'application/json' };
  const nonsense = await fetch(server.url, { method: 'POST', headers, body: 'nonsense' });
  expect(await nonsense.json()).toMatchObject({ code: 'INVALID_PARAM' });
});
