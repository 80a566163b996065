import { beforeEach, expect, test } from 'vitest';
import { index, smallWorld, type TestWorld } from './world.ts';

/** In process: these are the server's rules. What the application sees of them is in errors.test.ts. */
let world: TestWorld;

beforeEach(async () => {
  world = await smallWorld({ indexes: [index('code', ['code'], true)] });
  await world.cloud.insert('things', { _id: 'a', n: 1, code: 'a' });
  await world.cloud.insert('things', { _id: 'b', n: 1, code: 'b' });
});

const CONFLICT = { code: 'DATABASE_TRANSACTION_CONFLICT' };
const GONE = { code: 'DATABASE_TRANSACTION_FAIL', message: expect.stringContaining('TransactionNotExist') };
const BUSY = { code: 'DATABASE_TRANSACTION_FAIL', message: expect.stringContaining('TransactionBusy') };

async function begin(): Promise<{ transactionId: unknown }> {
  const answer = await world.cloud.dispatch({ action: 'database.startTransaction' });
  return { transactionId: 'transactionId' in answer ? answer.transactionId : undefined };
}

function call(action: string, fields: object): Promise<object> {
  return world.cloud.dispatch({ action: `database.${action}`, collectionName: 'things', ...fields });
}

const byId = (id: string) => ({ query: JSON.stringify({ _id: id }) });
const get = (id: string, within: object = {}) => call('getDocument', { ...byId(id), ...within });
const set = (id: string, n: number, within: object = {}) =>
  call('modifyDocument', { ...byId(id), data: JSON.stringify({ $set: { n } }), merge: true, ...within });
const remove = (id: string, within: object = {}) => call('removeDocument', { ...byId(id), ...within });
const add = (document: object, within: object = {}) =>
  call('insertDocument', { data: [JSON.stringify(document)], ...within });
const commit = (within: object) => call('commitTransaction', within);
const abort = (within: object) => call('abortTransaction', within);
const n = (id: string) => world.cloud.documents('things').find(({ _id }) => _id === id)?.n;

/** Lets everything that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('a transaction sees its snapshot and its own writes, others see neither', async () => {
  const one = await begin();
  await get('b', one);
  await set('a', 2);
  await set('b', 5, one);
  expect(await get('a', one)).toMatchObject({ data: { list: [expect.stringContaining('"n":1')] } });
  expect(await get('b', one)).toMatchObject({ data: { list: [expect.stringContaining('"n":5')] } });
  expect(n('b')).toBe(1);
  await commit(one);
  expect([n('a'), n('b')]).toEqual([2, 5]);
});

test('a snapshot stays as it was, whatever is written and removed while other transactions come and go', async () => {
  const one = await begin();
  await get('a', one);
  for (let count = 2; count < 20; count++) {
    const other = await begin();
    await get('b', other);
    await set('a', count);
    await abort(other);
  }
  await remove('b');
  expect(await get('a', one)).toMatchObject({ data: { list: [expect.stringContaining('"n":1,')] } });
  expect(await get('b', one)).toMatchObject({ data: { list: [expect.stringContaining('"b"')] } });
  await commit(one);
  expect([n('a'), n('b')]).toEqual([19, undefined]);
});

test('the snapshot is taken at the first operation, not at the start', async () => {
  const one = await begin();
  await set('a', 2);
  expect(await get('a', one)).toMatchObject({ data: { list: [expect.stringContaining('"n":2')] } });
});

test('a query in a transaction runs on the snapshot, with own inserts and without own removals', async () => {
  const one = await begin();
  const query = { query: '{"n":1}', ...one };
  await add({ _id: 'c', n: 1, code: 'c' }, one);
  await remove('a', one);
  await add({ _id: 'd', n: 1, code: 'd' });
  const answer = await call('getDocument', query);
  expect(answer).toMatchObject({
    data: { list: [expect.stringContaining('"b"'), expect.stringContaining('"c"')] },
  });
});

test('who comes second to a locked document is refused at once and has lost its transaction', async () => {
  const [one, two] = [await begin(), await begin()];
  await set('a', 2, one);
  expect(await set('a', 3, two)).toMatchObject(CONFLICT);
  expect(await get('b', two)).toMatchObject(GONE);
  expect(await abort(two)).toMatchObject(GONE);
  expect(await commit(one)).not.toHaveProperty('code');
  expect(n('a')).toBe(2);
});

test('writing what someone committed after the snapshot is a conflict', async () => {
  const one = await begin();
  await get('a', one);
  await set('a', 2);
  expect(await set('a', 3, one)).toMatchObject(CONFLICT);
  expect(n('a')).toBe(2);
});

test('so is removing it, and inserting what someone removed', async () => {
  const [one, two] = [await begin(), await begin()];
  await get('a', one);
  await get('a', two);
  await remove('a');
  expect(await remove('a', one)).toMatchObject(CONFLICT);
  expect(await add({ _id: 'a' }, two)).toMatchObject(CONFLICT);
});

test('write skew is permitted, as in MongoDB', async () => {
  const [one, two] = [await begin(), await begin()];
  await get('a', one);
  await get('b', two);
  await set('b', 0, one);
  await set('a', 0, two);
  expect(await commit(one)).not.toHaveProperty('code');
  expect(await commit(two)).not.toHaveProperty('code');
});

test('a plain write to a locked document waits for the lock, then meets what it finds', async () => {
  const one = await begin();
  await set('a', 2, one);
  const compareAndSet = call('modifyDocument', {
    query: '{"_id":"a","n":1}',
    data: '{"$set":{"n":9}}',
    merge: true,
  });
  const plain = set('a', 7);
  await settle();
  expect(n('a')).toBe(1);
  await commit(one);
  expect(await compareAndSet).toMatchObject({ data: { updated: 0 } });
  expect(await plain).toMatchObject({ data: { updated: 1 } });
  expect(n('a')).toBe(7);
});

test('a rollback undoes everything and lets go of the locks', async () => {
  const one = await begin();
  await set('a', 2, one);
  await add({ _id: 'c', code: 'c' }, one);
  const plain = set('a', 7);
  await abort(one);
  await plain;
  expect([n('a'), world.cloud.documents('things').length]).toEqual([7, 2]);
  expect(await add({ _id: 'c', code: 'c' })).not.toHaveProperty('code');
});

test('a duplicate key, of _id or of a unique index, ends the transaction', async () => {
  for (const document of [{ _id: 'a' }, { _id: 'c', code: 'b' }]) {
    const one = await begin();
    expect(await add(document, one)).toMatchObject({ message: expect.stringContaining('E11000') });
    expect(await get('a', one)).toMatchObject(GONE);
  }
});

test('so does an update that MongoDB refuses', async () => {
  const one = await begin();
  const refused = call('modifyDocument', { ...byId('a'), data: '{"$push":{"n":1}}', merge: true, ...one });
  expect(await refused).toMatchObject({ code: 'DATABASE_REQUEST_FAILED' });
  expect(await commit(one)).toMatchObject(GONE);
});

test('two transactions cannot both take a unique key; one may free a key and take it again', async () => {
  const [one, two] = [await begin(), await begin()];
  await add({ _id: 'c', code: 'new' }, one);
  expect(await add({ _id: 'd', code: 'new' }, two)).toMatchObject(CONFLICT);
  await remove('a', one);
  expect(await add({ _id: 'e', code: 'a' }, one)).not.toHaveProperty('code');
  expect(await commit(one)).not.toHaveProperty('code');
});

test('a transaction lives 30 seconds', async () => {
  const one = await begin();
  await set('a', 2, one);
  const plain = set('a', 7);
  await world.clock.advance(29_999);
  expect(await get('a', one)).not.toHaveProperty('code');
  await world.clock.advance(1);
  expect(await commit(one)).toMatchObject(GONE);
  await plain;
  expect(n('a')).toBe(7);
});

test('a second operation while one is under way is refused, and the transaction lives on', async () => {
  const one = await begin();
  const [first, second] = await Promise.all([set('a', 2, one), set('b', 2, one)]);
  expect([first, second]).toMatchObject([{ data: { updated: 1 } }, BUSY]);
  expect(await commit(one)).not.toHaveProperty('code');
  expect([n('a'), n('b')]).toEqual([2, 1]);
});

test('an ended or unknown transaction is gone', async () => {
  const one = await begin();
  await commit(one);
  for (const within of [one, { transactionId: 'never' }]) {
    expect(await get('a', within)).toMatchObject(GONE);
    expect(await commit(within)).toMatchObject(GONE);
    expect(await abort(within)).toMatchObject(GONE);
  }
});

test('an unfinished transaction holds no more operations than the platform allows', async () => {
  const one = await begin();
  for (let operation = 0; operation < 100; operation++)
    expect(await get('a', one)).not.toHaveProperty('code');
  expect(await get('a', one)).toMatchObject(GONE);
});

test('fifty increments by read and write, tried again on conflict, are fifty', async () => {
  const increment = async (): Promise<void> => {
    const one = await begin();
    const read = await get('a', one);
    await settle();
    const value = Number(JSON.stringify(read).match(/\\"n\\":(\d+)/)?.[1]);
    const wrote = await set('a', value + 1, one);
    if ('code' in wrote || 'code' in (await commit(one))) return increment();
  };
  await Promise.all(Array.from({ length: 50 }, increment));
  expect(n('a')).toBe(51);
});
