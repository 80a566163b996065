import { beforeEach, describe, expect, test } from 'vitest';
import type { Cloud } from '../../../scripts/local/cloud/cloud.ts';
import { fillOpenid, readRule } from '../../../scripts/local/cloud/rules.ts';
import { collections, type Rule } from '../../../scripts/manifest.ts';
import { smallWorld } from './world.ts';

const OWNER = 'doc._openid == auth.openid';

describe('which queries a rule lets through', () => {
  test.each<[Rule, string, boolean]>([
    [true, '{}', true],
    [false, '{"_openid":"{openid}"}', false],
    ['true', '{}', true],
    ['false', '{}', false],
    [OWNER, '{"_openid":"{openid}"}', true],
    [OWNER, '{"_openid":"me"}', true],
    [OWNER, '{"_openid":{"$eq":"{openid}"}}', true],
    [OWNER, '{"$and":[{"_openid":"{openid}"},{"n":1}]}', true],
    ['auth.openid == doc._openid', '{"_openid":"{openid}","n":1}', true],
    [OWNER, '{}', false],
    [OWNER, '{"_id":"a"}', false],
    [OWNER, '{"_openid":"other"}', false],
    [OWNER, '{"_openid":{"$in":["{openid}","other"]}}', false],
    [OWNER, '{"_openid":{"$ne":"other"}}', false],
    [OWNER, '{"$or":[{"_openid":"{openid}"},{"n":1}]}', false],
    [OWNER, '{"_openid":{"$regex":"me"}}', false],
    ['doc.public == true', '{"public":true}', true],
    ['doc.public == true', '{"public":1}', false],
    [`doc.public == true || ${OWNER}`, '{"_openid":"{openid}"}', true],
    [`doc.public == true || ${OWNER}`, '{"n":1}', false],
    [`doc.public == true && ${OWNER}`, '{"_openid":"{openid}"}', false],
    [`doc.public == true && ${OWNER}`, '{"_openid":"{openid}","public":true}', true],
    ["auth.openid == 'me'", '{}', true],
    ["auth.openid == 'other'", '{}', false],
  ])('%s lets %s through: %s', (rule, query, isLet) => {
    const filter = fillOpenid(JSON.parse(query), 'me');
    expect(readRule(rule)({ openid: 'me', filter })).toBe(isLet);
  });
});

test.each(['doc.n > 5', 'get("x")', 'doc.a == doc.b', 'auth.uid == doc._openid', '', 'doc._openid == '])(
  'a rule that is not understood is refused when it is declared: %s',
  (rule) => {
    expect(() => readRule(rule)).toThrow(/cannot read the rule/);
  },
);

describe('a mini-program', () => {
  let cloud: Cloud;

  beforeEach(async () => {
    ({ cloud } = await smallWorld());
    await cloud.declare([{ name: 'orders', indexes: [], rule: { read: OWNER, write: false } }]);
    for (let n = 0; n < 30; n++) await cloud.insert('orders', { _id: `mine-${n}`, _openid: 'me', n });
    await cloud.insert('orders', { _id: 'theirs', _openid: 'other', n: 5 });
  });

  const read = (fields: object, action = 'database.getDocument') =>
    cloud.clientRead({ action, collectionName: 'orders', ...fields }, 'me');
  const mine = '{"_openid":"{openid}"}';

  test('reads its own, twenty at most however many it asks for', async () => {
    for (const limit of [{}, { limit: 1000 }]) {
      expect(await read({ query: mine, ...limit })).toMatchObject({ data: { list: { length: 20 } } });
    }
    expect(await read({ query: mine, limit: 2 })).toMatchObject({ data: { list: { length: 2 } } });
    expect(await read({ query: mine }, 'database.calculateDocument')).toMatchObject({ data: { total: 30 } });
  });

  test.each<[string, object, string]>([
    ['everything', {}, 'database.getDocument'],
    ['by _id alone', { query: '{"_id":"mine-1"}' }, 'database.getDocument'],
    ['another’s', { query: '{"_openid":"other"}' }, 'database.getDocument'],
    ['to count everything', {}, 'database.calculateDocument'],
    ['to write', { data: ['{"_openid":"me"}'] }, 'database.insertDocument'],
    ['to update', { query: mine, data: '{"$set":{"n":1}}', merge: true }, 'database.modifyDocument'],
    [
      'a collection that is read by nobody',
      { collectionName: 'things', query: mine },
      'database.getDocument',
    ],
  ])('is refused %s', async (_, fields, action) => {
    expect(await read(fields, action)).toMatchObject({ code: 'DATABASE_PERMISSION_DENIED' });
  });

  test('is reported when there is no such collection', async () => {
    expect(await read({ collectionName: 'nope' })).toMatchObject({ code: 'DATABASE_COLLECTION_NOT_EXIST' });
  });
});

describe('under the rules of the manifest a shopper', () => {
  let cloud: Cloud;

  beforeEach(async () => {
    ({ cloud } = await smallWorld());
    await cloud.declare(collections);
    await cloud.insert('products', { _id: 'city', on_sale: true });
    await cloud.insert('products', { _id: 'coming', on_sale: false });
    for (const _openid of ['me', 'other']) {
      await cloud.insert('users', { _id: _openid, _openid });
      await cloud.insert('orders', { _id: `of-${_openid}`, _openid });
    }
    await cloud.insert('alarms', { _id: 'alarm', _openid: 'me', on_sale: true });
  });

  const ask = async (collectionName: string, query: string, action = 'database.getDocument') => {
    const answer = await cloud.clientRead({ action, collectionName, query }, 'me');
    if ('code' in answer) return answer.code;
    return (answer as { data: { list: string[] } }).data.list.map((text) => JSON.parse(text)._id);
  };

  test.each([
    ['products', '{"on_sale":true}', ['city']],
    ['products', '{"on_sale":true,"_id":"coming"}', []],
    ['users', '{"_openid":"{openid}"}', ['me']],
    ['orders', '{"_openid":"{openid}"}', ['of-me']],
  ])('reads %s by %s', async (collection, query, ids) => {
    expect(await ask(collection, query)).toEqual(ids);
  });

  test.each([
    ['products', '{}'],
    ['products', '{"_id":"coming"}'],
    ['products', '{"on_sale":false}'],
    ['products', '{"on_sale":{"$in":[true,false]}}'],
    ['products', '{"on_sale":{"$ne":null}}'],
    ['products', '{"$or":[{"on_sale":true},{"on_sale":false}]}'],
    ['users', '{}'],
    ['users', '{"_openid":"other"}'],
    ['orders', '{"_id":"of-other"}'],
    ['orders', '{"_openid":{"$exists":true}}'],
    ['alarms', '{}'],
    ['alarms', '{"_openid":"{openid}"}'],
    ['alarms', '{"on_sale":true}'],
  ])('is refused %s by %s', async (collection, query) => {
    expect(await ask(collection, query)).toBe('DATABASE_PERMISSION_DENIED');
    const counted = await ask(collection, query, 'database.calculateDocument');
    expect(counted).toBe('DATABASE_PERMISSION_DENIED');
  });

  test('may still ask as pages of an earlier release do, where an upgrade left the rule of that release', async () => {
    const [query, ids] = ['{"on_sale":{"$in":[true,false]}}', ['city', 'coming']];
    const upgraded = collections.map((each) => ({ ...each, rule: each.earlierRule ?? each.rule }));
    await cloud.declare(upgraded);
    expect(await ask('products', query)).toEqual(ids);
    expect(await ask('products', '{"on_sale":true}')).toEqual(['city']);
    expect(await ask('orders', '{}')).toBe('DATABASE_PERMISSION_DENIED');
  });
});
