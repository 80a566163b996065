import { expect } from 'vitest';
import { collections } from '../../../scripts/manifest.ts';
import type { Attack, Door } from '../attack.ts';
import { openShopUnderAttack, type ShopUnderAttack } from '../shop-under-attack.ts';

type Row = Attack<ShopUnderAttack>;

/** The attacker's own call of the wire on which `wx.cloud.database()` speaks, as it answers: codes, or ids. */
async function ask({ shop, attacker }: ShopUnderAttack, call: object): Promise<unknown> {
  const answer = await shop.cloud.clientRead({ action: 'database.getDocument', ...call }, attacker.openid);
  if ('code' in answer) return answer.code;
  const { data } = answer as { data: { list?: string[]; total?: number } };
  return data.list?.map((text) => JSON.parse(text)._openid) ?? data.total;
}

const DENIED = 'DATABASE_PERMISSION_DENIED';
const refused = expect.toSatisfy(
  (answer) => [DENIED, 'INVALID_PARAM', 'DATABASE_REQUEST_FAILED'].includes(String(answer)),
  'a refusal',
);

/** A query by which another shopper's orders might be read. `them` is the other's openid. */
const reading = (what: string, query: (them: string) => string, answered: unknown = DENIED): Row => ({
  name: `reads orders ${what}`,
  answered,
  send: (place) => ask(place, { collectionName: 'orders', query: query(place.unpaid.shopper.openid) }),
});

const OTHERS: readonly Row[] = [
  reading('without a condition', () => '{}'),
  reading('without a query', () => ''),
  reading('of another openid', (them) => `{"_openid":"${them}"}`),
  reading('of another openid named last', (them) => `{"_openid":"{openid}","_openid":"${them}"}`),
  reading('of both', (them) => `{"_openid":{"$in":["{openid}","${them}"]}}`),
  reading('of any', () => '{"_openid":{"$exists":true}}'),
  reading('of all but nobody', () => '{"_openid":{"$ne":"nobody"}}'),
  reading('of all that are not listed', () => '{"_openid":{"$nin":[]}}'),
  reading('of whatever is greater than nothing', () => '{"_openid":{"$gt":""}}'),
  reading('by a pattern', () => '{"_openid":{"$regex":""}}'),
  reading(
    'by a pattern in Extended JSON',
    () => '{"_openid":{"$regularExpression":{"pattern":".","options":""}}}',
  ),
  reading('of its own or any', () => '{"$or":[{"_openid":"{openid}"},{"_id":{"$exists":true}}]}'),
  reading('of any within $and', () => '{"$and":[{"$or":[{"_openid":"{openid}"},{}]}]}'),
  reading('by an empty $and', () => '{"$and":[]}'),
  reading('by $nor', () => '{"$nor":[{"_openid":"{openid}"}]}'),
  reading('by $not', () => '{"_openid":{"$not":{"$eq":"{openid}"}}}'),
  reading('by an operator behind a value', (them) => `{"_openid":{"x":1,"$eq":"${them}"}}`),
  reading('by code', () => '{"$where":"true"}'),
  reading('by an expression', () => '{"$expr":{"$eq":[1,1]}}'),
  reading('by a path', () => '{"_openid.x":{"$exists":false}}'),
  reading('by a prototype', () => '{"__proto__":{"_openid":"{openid}"}}'),
  reading('by the number of an order', () => '{"_id":{"$exists":true}}'),
  reading('by a list of itself', () => '{"_openid":["{openid}"]}'),
  reading('of null', () => '{"_openid":null}'),
  reading('by text that is no query', () => '_openid', refused),
  reading('by a list in place of a query', () => '[{"_openid":"{openid}"}]', refused),
  {
    name: 'reads its own orders, and gets its own only',
    answered: expect.toSatisfy((list: string[]) => new Set(list).size === 1, 'one openid'),
    send: async (place) => {
      const query = '{"_openid":"{openid}"}';
      const list = await ask(place, { collectionName: 'orders', query, limit: 1000, offset: 0 });
      expect(list).toContain(place.attacker.openid);
      return list;
    },
  },
  ...[-1, 1.5, '1000', null].map((limit) => ({
    name: `reads its own orders with a limit of ${JSON.stringify(limit)}`,
    answered: refused,
    send: (place: ShopUnderAttack) =>
      ask(place, { collectionName: 'orders', query: '{"_openid":"{openid}"}', limit }),
  })),
  {
    name: 'counts all orders',
    answered: DENIED,
    send: (place) =>
      ask(place, { action: 'database.calculateDocument', collectionName: 'orders', query: '{}' }),
  },
];

/** What no shopper may read, not even what is about themselves. */
const CLOSED = collections.filter(({ rule }) => rule.read === false).map(({ name }) => name);

const COLLECTIONS: readonly Row[] = [
  ...CLOSED.flatMap((name) => [
    [name, '{}'],
    [name, '{"_openid":"{openid}"}'],
  ]),
  ['users', '{}'],
  ['users', '{"_id":{"$exists":true}}'],
  ['products', '{}'],
  ['products', '{"on_sale":false}'],
].map(([collectionName, query]) => ({
  name: `reads ${collectionName} by ${query}`,
  answered: DENIED,
  send: (place: ShopUnderAttack) => ask(place, { collectionName, query }),
}));

const NO_COLLECTIONS: readonly Row[] = [
  ...['ORDERS', 'orders ', 'orders\u0000', '../orders', 'system.users', '__proto__', 'constructor'],
].map((collectionName) => ({
  name: `reads a collection named ${JSON.stringify(collectionName)}`,
  answered: 'DATABASE_COLLECTION_NOT_EXIST',
  send: (place) => ask(place, { collectionName, query: '{"_openid":"{openid}"}' }),
}));

/** What a mini-program's own API would not send, and whoever speaks the wire can. */
const doing = (what: string, call: (place: ShopUnderAttack) => object): Row => ({
  name: what,
  answered: expect.toSatisfy((answer) => [DENIED, 'INVALID_ACTION'].includes(String(answer)), 'a refusal'),
  send: (place) => ask(place, { collectionName: 'orders', ...call(place) }),
});

const OWN = '{"_openid":"{openid}"}';
const WRITES: readonly Row[] = [
  doing('pays its own order by an update', () => ({
    ...{ action: 'database.modifyDocument', query: OWN, merge: true, multi: true },
    data: '{"$set":{"trade_state":"SUCCESS"}}',
  })),
  doing('makes its own order cheap', ({ own }) => ({
    ...{ action: 'database.updateDocument', query: `{"_id":"${own.out_trade_no}"}`, merge: true },
    data: '{"$set":{"total_fee":1}}',
  })),
  doing('gives itself a membership', ({ attacker }) => ({
    ...{ action: 'database.modifyDocument', collectionName: 'users', merge: true, upsert: true },
    ...{
      query: `{"_id":"${attacker.openid}"}`,
      data: '{"$set":{"memberships.city.expires_at":4102444800000}}',
    },
  })),
  doing('adds an order that is paid', () => ({
    action: 'database.insertDocument',
    data: ['{"_id":"mine","_openid":"{openid}","trade_state":"SUCCESS"}'],
  })),
  doing('adds an alarm', () => ({
    ...{ action: 'database.insertDocument', collectionName: 'alarms', data: ['{"code":"FALSE"}'] },
  })),
  doing('makes itself an operator', ({ attacker }) => ({
    ...{ action: 'database.insertDocument', collectionName: 'operators' },
    data: [`{"_id":"${attacker.openid}","name":"x","active":true}`],
  })),
  doing('says that everybody was told', () => ({
    ...{ action: 'database.modifyDocument', collectionName: 'progress', query: '{}', merge: true },
    data: '{"$set":{"next_at":{"$date":4102444800000}}}',
  })),
  doing('changes a price', () => ({
    ...{
      action: 'database.modifyDocument',
      collectionName: 'products',
      query: '{"on_sale":true}',
      merge: true,
    },
    data: '{"$set":{"options.0.total_fee":1}}',
  })),
  doing('removes its own order', () => ({ action: 'database.removeDocument', query: OWN, multi: true })),
  doing('removes all orders', () => ({ action: 'database.removeDocument', query: '{}', multi: true })),
  doing('finds and changes', () => ({
    ...{ action: 'database.modifyAndReturnDoc', query: OWN, data: '{"$set":{"total_fee":1}}' },
  })),
  doing('begins a transaction', () => ({ action: 'database.startTransaction' })),
  doing('writes in a transaction', () => ({
    ...{
      action: 'database.updateDocInTransaction',
      transactionId: '1',
      query: OWN,
      data: '{"$set":{"months":120}}',
    },
  })),
  doing('joins collections', () => ({
    action: 'database.aggregateDocuments',
    stages: [{ stageKey: '$lookup', stageValue: '{"from":"users","as":"u","pipeline":[]}' }],
  })),
  doing('watches a collection', () => ({ action: 'database.watchDocument', query: OWN })),
  doing('adds a collection', () => ({ action: 'database.addCollection', collectionName: 'mine' })),
  doing('calls a closed function', () => ({
    action: 'functions.invokeFunction',
    function_name: 'queryOrders',
  })),
  doing('asks for an access token', () => ({ action: 'wx.openApi', apiName: 'auth.getAccessToken' })),
  doing('calls what every object has', () => ({ action: 'hasOwnProperty' })),
  doing('calls a prototype', () => ({ action: '__proto__' })),
];

/** Whoever has the mini-program can ask the database anything; the security rules of the manifest decide. */
export const database: Door<ShopUnderAttack> = {
  name: 'wx.cloud.database',
  open: openShopUnderAttack,
  attacks: [...OTHERS, ...COLLECTIONS, ...NO_COLLECTIONS, ...WRITES],
};
