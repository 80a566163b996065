import { Query } from 'mingo';
import { WorldClock } from '../../../scripts/local/clock.ts';
import type { LocalCollection } from '../../../scripts/local/cloud/access.ts';
import { type Cloud, createCloud } from '../../../scripts/local/cloud/cloud.ts';
import { databaseOf } from '../../../scripts/local/phone-database.ts';
import { filesOf } from '../../../scripts/local/phone-files.ts';
import type { SimulatorBackend } from '../../../scripts/local/simulator/backend.ts';
import type { Shopper } from '../../../scripts/local/simulator/wire.ts';
import { Trace } from '../../../scripts/local/trace.ts';

type Document = Readonly<Record<string, unknown>>;

export interface MemoryBackend extends SimulatorBackend {
  /** Behind the files, and behind the collections that are written. */
  readonly cloud: Cloud;
  readonly shoppers: readonly [Shopper, Shopper, Shopper];
  readonly collections: Map<string, readonly Document[]>;
  /** What the phone asked for, in order: `createOrder o-lin`, `pay o-lin`. */
  readonly asked: string[];
  /** Functions by name; one that throws lets its answer be lost. */
  readonly functions: Map<string, (data: unknown, shopper: Shopper) => unknown>;
}

/** What is behind the phone in the simulator's own tests: documents in memory, a cashier that always agrees. */
export function createMemoryBackend(): MemoryBackend {
  const collections = new Map<string, readonly Document[]>();
  const functions: MemoryBackend['functions'] = new Map();
  const asked: string[] = [];
  const cloud = createSmallCloud();
  const ruled = cloud
    .declare(Object.entries(RULED).map(([name, access]) => ({ name, indexes: [], ...access })))
    .then(() => databaseOf(cloud));
  return {
    cloud,
    ...{ collections, functions, asked },
    shoppers: [
      { openid: 'o-lin', name: '林' },
      { openid: 'o-chen', name: '陈' },
      { openid: 'o-zhao', name: '赵' },
    ],
    async callFunction(name, data, shopper) {
      asked.push(`${name} ${shopper.openid}`);
      const run = functions.get(name);
      if (!run) return refusal('FUNCTION_NOT_FOUND', -501000, 'FunctionName parameter could not be found');
      return { result: run(data, shopper) };
    },
    async database(request, shopper) {
      if (request.collection in RULED) return (await ruled).database(request, shopper);
      if (request.kind !== 'get' && request.kind !== 'count')
        return refusal('DATABASE_PERMISSION_DENIED', -502003, 'Permission denied');
      const documents = collections.get(request.collection);
      if (!documents) {
        return refusal(
          'DATABASE_COLLECTION_NOT_EXIST',
          -502005,
          `Db or Table not exist: ${request.collection}`,
        );
      }
      if (request.collection === 'secrets')
        return refusal('DATABASE_PERMISSION_DENIED', -502003, 'Permission denied');
      const query = new Query(request.where);
      if (request.kind === 'count') return { data: { total: query.find(documents).all().length } };
      const found = query.find<Document>(documents);
      for (const { field, direction } of request.order) found.sort({ [field]: direction === 'asc' ? 1 : -1 });
      return {
        data: {
          documents: found
            .skip(request.skip)
            .limit(request.limit ?? 20)
            .all(),
        },
      };
    },
    watch: async (query, shopper, report) => (await ruled).watch(query, shopper, report),
    files: filesOf(cloud),
    cashier: {
      async open({ package: prepay }, { openid }) {
        asked.push(`open ${openid}`);
        if (prepay !== 'prepay_id=wx1') return { kind: 'refused', reason: '支付验证签名失败' };
        return {
          kind: 'open',
          id: 'payment-1',
          payee: '青屿',
          body: '城市版 3 个月',
          total_fee: 4800,
          balance: 26840,
        };
      },
      async pay(id) {
        asked.push(`pay ${id}`);
        return { kind: 'paid' };
      },
      async fail(id, reason) {
        asked.push(`fail ${id} ${reason}`);
      },
      async cancel(id) {
        asked.push(`cancel ${id}`);
      },
    },
    async login({ openid }) {
      asked.push(`login ${openid}`);
      return { code: `code-of-${openid}` };
    },
    subscribe: {
      titles: (tmplIds) => tmplIds.flatMap((id) => (id.startsWith('template-') ? [`消息 ${id}`] : [])),
      answer(tmplIds, consent, { openid }) {
        asked.push(`${consent} ${tmplIds.join()} ${openid}`);
      },
    },
    virtualCashier: createVirtualCashier(asked),
  };
}

const OWNER = 'doc._openid == auth.openid';
const NOBODY = { read: false, write: false };
/** Collections of a real cloud, beside those in memory: one for each kind of access. */
const RULED: Readonly<Record<string, Omit<LocalCollection, 'name' | 'indexes'>>> = {
  notes: { permission: 'PRIVATE', rule: NOBODY },
  posts: { permission: 'READONLY', rule: NOBODY },
  prices: { permission: 'ADMINWRITE', rule: NOBODY },
  keys: { permission: 'ADMINONLY', rule: NOBODY },
  ruled: { rule: { read: OWNER, write: OWNER } },
};

/** A real cloud, for files and for what is written. */
function createSmallCloud() {
  const clock = new WorldClock();
  const trace = new Trace(() => clock.now());
  const cloud = createCloud({ clock, trace, random: Math.random, envId: 'local', warn: false });
  cloud.storage.origin = 'http://127.0.0.1:7602';
  return cloud;
}

/** A cash desk that takes `good` for a signature, and whose third payment is never heard of. */
function createVirtualCashier(asked: string[]): SimulatorBackend['virtualCashier'] {
  const refused = (errCode: number, words: string) => ({
    ...{ kind: 'refused' as const, errCode, errMsg: `requestVirtualPayment:fail ${words}` },
  });
  return {
    async open({ signature, signData }, { platform, version }, { openid }) {
      asked.push(`open ${openid} ${platform} ${version}`);
      if (signature !== 'good') return refused(-15005, 'SIGNATURE_INVALID');
      return { kind: 'open', id: String(signData), payee: '青屿', body: '会员 1 个月', total_fee: 1800 };
    },
    async pay(id) {
      asked.push(`pay ${id}`);
      if (id === 'closed') return refused(-15012, 'CLOSED');
      return id === 'lost' ? { kind: 'lost' } : { kind: 'paid' };
    },
    async fail(id) {
      asked.push(`fail ${id}`);
      return refused(-1, 'payment failed');
    },
    async cancel(id) {
      asked.push(`cancel ${id}`);
      return refused(-2, 'cancel');
    },
  };
}

function refusal(code: string, errCode: number, message: string) {
  return { error: { code, errCode, message } };
}

/** The documents and the function that the fixture's shop asks for. */
export function fillShop(backend: MemoryBackend): void {
  const since = new Date('2020-03-01T00:00:00Z');
  backend.collections.set('products', [
    { _id: 'market', name: '市场版', total_fee: 10205, on_sale: true, since },
    { _id: 'city', name: '城市版', total_fee: 1800, on_sale: true, since },
    { _id: 'gift', name: '赠品', total_fee: 0, on_sale: true, since },
    { _id: 'gone', name: '下架', total_fee: 100, on_sale: false, since },
  ]);
  backend.collections.set('secrets', [{ _id: 'a' }]);
  backend.functions.set('createOrder', () => ({
    payment: {
      timeStamp: '1',
      nonceStr: 'n',
      package: 'prepay_id=wx1',
      signType: 'HMAC-SHA256',
      paySign: 'S',
    },
  }));
}
