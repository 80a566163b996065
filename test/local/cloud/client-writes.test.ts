import { beforeEach, describe, expect, test } from 'vitest';
import type { LocalCollection } from '../../../scripts/local/cloud/access.ts';
import type { Cloud } from '../../../scripts/local/cloud/cloud.ts';
import { smallWorld } from './world.ts';

const OWNER = 'doc._openid == auth.openid';
const NOBODY = { read: false, write: false };
const COLLECTIONS: readonly Omit<LocalCollection, 'indexes'>[] = [
  { name: 'PRIVATE', permission: 'PRIVATE', rule: NOBODY },
  { name: 'READONLY', permission: 'READONLY', rule: NOBODY },
  { name: 'ADMINWRITE', permission: 'ADMINWRITE', rule: NOBODY },
  { name: 'ADMINONLY', permission: 'ADMINONLY', rule: NOBODY },
  { name: 'owner', rule: { read: OWNER, write: OWNER } },
  { name: 'all', rule: { read: true, write: true } },
  { name: 'open', rule: { read: true, write: `${OWNER} && doc.open == true` } },
  { name: 'nobody', rule: NOBODY },
];
const DENIED = 'DATABASE_PERMISSION_DENIED';

let cloud: Cloud;

beforeEach(async () => {
  ({ cloud } = await smallWorld());
  await cloud.declare(COLLECTIONS.map((collection) => ({ indexes: [], ...collection })));
  for (const { name } of COLLECTIONS) {
    await cloud.insert(name, { _id: 'mine', _openid: 'me', n: 1 });
    await cloud.insert(name, { _id: 'theirs', _openid: 'other', n: 1 });
  }
});

const write = (collectionName: string, action: string, fields: object): Promise<object> =>
  cloud.clientWrite({ action: `database.${action}`, collectionName, ...fields }, 'me');

/** What an answer comes to: a code, or its numbers. */
function outcome(answer: object): unknown {
  if ('code' in answer) return answer.code;
  return 'data' in answer ? answer.data : undefined;
}

const byId = (_id: string) => ({ query: JSON.stringify({ _id }) });
const set2 = { data: '{"$set":{"n":2}}', merge: true };
const mineToo = { query: '{"_id":"mine","_openid":"{openid}"}' };

describe('reading', () => {
  test.each<[string, string, unknown]>([
    ['PRIVATE', '{}', ['mine']],
    ['PRIVATE', '{"_id":"theirs"}', []],
    ['PRIVATE', '{"_openid":"other"}', []],
    ['READONLY', '{}', ['mine', 'theirs']],
    ['ADMINWRITE', '{}', ['mine', 'theirs']],
    ['ADMINONLY', '{}', DENIED],
    ['owner', '{}', DENIED],
    ['owner', '{"_openid":"{openid}"}', ['mine']],
  ])('%s with %s', async (collectionName, query, found) => {
    const answer = await cloud.clientRead({ action: 'database.getDocument', collectionName, query }, 'me');
    if (typeof found === 'string') return expect(answer).toMatchObject({ code: found });
    const { data } = answer as { data: { list: string[] } };
    return expect(data.list.map((text) => JSON.parse(text)._id).toSorted()).toEqual(found);
  });
});

describe('creating', () => {
  test.each<[string, object, boolean]>([
    ['PRIVATE', {}, true],
    ['READONLY', {}, true],
    ['ADMINWRITE', {}, false],
    ['ADMINONLY', {}, false],
    ['owner', {}, true],
    ['all', {}, true],
    ['open', {}, false],
    ['open', { open: true }, true],
    ['nobody', {}, false],
  ])('in %s of %j: %s', async (name, document, isAllowed) => {
    const answer = await write(name, 'insertDocument', {
      data: [JSON.stringify({ _id: 'new', ...document })],
    });
    expect(outcome(answer)).toEqual(isAllowed ? { insertedIds: ['new'] } : DENIED);
    const created = cloud.documents(name).find(({ _id }) => _id === 'new');
    expect(created).toEqual(isAllowed ? { _id: 'new', _openid: 'me', ...document } : undefined);
  });

  test.each(['{"_openid":"other"}', '{"_openid":"me"}', '{"_openid":{"a":1}}'])(
    '_openid is nobody’s to set: %s',
    async (document) => {
      const answer = await write('PRIVATE', 'insertDocument', { data: [document] });
      expect(answer).toMatchObject({ code: 'INVALID_PARAM', message: 'Invalid Key Name: _openid' });
      expect(cloud.documents('PRIVATE')).toHaveLength(2);
    },
  );

  test('one document at a time, in a collection that is there', async () => {
    expect(outcome(await write('all', 'insertDocument', { data: ['{}', '{}'] }))).toBe('INVALID_PARAM');
    expect(outcome(await write('none', 'insertDocument', { data: ['{}'] }))).toBe(
      'DATABASE_COLLECTION_NOT_EXIST',
    );
  });
});

describe('changing and removing', () => {
  const WRITES: readonly [string, object][] = [
    ['modifyDocument', set2],
    ['removeDocument', {}],
  ];
  test.each<[string, object, 0 | 1 | typeof DENIED]>([
    ['PRIVATE', byId('mine'), 1],
    ['PRIVATE', byId('theirs'), 0],
    ['PRIVATE', { query: '{"_openid":"other"}' }, 0],
    ['READONLY', byId('mine'), 1],
    ['READONLY', byId('theirs'), 0],
    ['ADMINWRITE', byId('mine'), DENIED],
    ['ADMINONLY', byId('mine'), DENIED],
    ['owner', byId('mine'), DENIED],
    ['owner', mineToo, 1],
    ['owner', { query: '{"$or":[{"_openid":"{openid}"},{"n":1}]}' }, DENIED],
    ['all', byId('theirs'), 1],
    ['open', mineToo, DENIED],
    ['nobody', mineToo, DENIED],
  ])('%s with %j: %s', async (name, where, expected) => {
    const before = cloud.documents(name);
    for (const [action, fields] of WRITES) {
      const done = outcome(await write(name, action, { ...where, ...fields, multi: true }));
      const numbers = action === 'modifyDocument' ? { updated: expected } : { deleted: expected };
      expect(done).toEqual(expected === DENIED ? DENIED : numbers);
      if (expected !== 1) expect(cloud.documents(name)).toEqual(before);
    }
  });

  test.each([
    '{"$set":{"_openid":"other"}}',
    '{"$set":{"_openid.a":1}}',
    '{"$unset":{"_openid":""}}',
    '{"$rename":{"n":"_openid"}}',
    '{"$rename":{"_openid":"n"}}',
  ])('_openid stays as it is: %s', async (data) => {
    const answer = await write('PRIVATE', 'modifyDocument', { ...byId('mine'), data, merge: true });
    expect(outcome(answer)).toBe('INVALID_PARAM');
    expect(cloud.documents('PRIVATE')[0]).toEqual({ _id: 'mine', _openid: 'me', n: 1 });
  });

  test('a document is replaced or created whole, and is the shopper’s', async () => {
    const set = (_id: string, data: string) =>
      write('PRIVATE', 'modifyDocument', { ...byId(_id), data, merge: false, upsert: true });
    expect(outcome(await set('mine', '{"m":2}'))).toEqual({ updated: 1 });
    expect(outcome(await set('new', '{"m":3}'))).toEqual({ updated: 0, upsert_id: 'new' });
    expect(outcome(await set('theirs', '{"m":4}'))).toBe('DATABASE_REQUEST_FAILED');
    expect(outcome(await set('mine', '{"_openid":"other"}'))).toBe('INVALID_PARAM');
    expect(cloud.documents('PRIVATE').toSorted((a, b) => String(a._id).localeCompare(String(b._id)))).toEqual(
      [
        { _id: 'mine', _openid: 'me', m: 2 },
        { _id: 'new', _openid: 'me', m: 3 },
        { _id: 'theirs', _openid: 'other', n: 1 },
      ],
    );
  });

  test.each(['database.getDocument', 'database.aggregateDocuments', 'database.addCollection', 'constructor'])(
    '%s is no write',
    async (action) => {
      expect(outcome(await cloud.clientWrite({ action, collectionName: 'all' }, 'me'))).toMatch(
        /PERMISSION_DENIED|INVALID_ACTION/,
      );
    },
  );

  test('no transaction of a function is joined', async () => {
    const begun = await cloud.dispatch({ action: 'database.startTransaction' });
    const transactionId = Object(begun).transactionId;
    await write('all', 'modifyDocument', { ...byId('mine'), ...set2, transactionId });
    expect(cloud.documents('all')[0]).toMatchObject({ n: 2 });
  });
});

describe('watching', () => {
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

  async function watch(collectionName: string, fields: object = {}) {
    const reports: unknown[][] = [];
    const answer = await cloud.clientWatch(
      { action: 'database.getDocument', collectionName, ...fields },
      'me',
      (documents) => reports.push(documents.map((text) => JSON.parse(text)._id)),
    );
    return { reports, answer };
  }

  test('reports what a query finds, and each change of it until it is stopped', async () => {
    const { reports, answer } = await watch('PRIVATE');
    await write('PRIVATE', 'insertDocument', { data: ['{"_id":"new"}'] });
    await settled();
    await write('READONLY', 'insertDocument', { data: ['{"_id":"elsewhere"}'] });
    await cloud.insert('PRIVATE', { _id: 'others', _openid: 'other' });
    await settled();
    await write('PRIVATE', 'removeDocument', { ...byId('mine'), multi: false });
    await settled();
    if ('stop' in answer) answer.stop();
    await write('PRIVATE', 'insertDocument', { data: ['{"_id":"late"}'] });
    await settled();
    expect(reports).toEqual([['mine'], ['new', 'mine'], ['new']]);
  });

  test('keeps to its order and its limit', async () => {
    const { reports } = await watch('READONLY', { order: '{"_id":1}', limit: 1 });
    await write('READONLY', 'insertDocument', { data: ['{"_id":"a"}'] });
    await settled();
    expect(reports).toEqual([['mine'], ['a']]);
  });

  test('what may not be read may not be watched', async () => {
    for (const [name, code] of [
      ['ADMINONLY', DENIED],
      ['owner', DENIED],
      ['none', 'DATABASE_COLLECTION_NOT_EXIST'],
    ] as const) {
      const { reports, answer } = await watch(name);
      expect([reports, answer]).toMatchObject([[], { code }]);
    }
  });
});
