import type { Database } from '../../cloudfunctions/_shared/cloud/database/database.ts';
import type { Sdk } from '../../cloudfunctions/_shared/cloud/database/sdk.ts';
import type { Fault } from '../../scripts/local/cloud/faults.ts';

/** Something that the functions do with the SDK. */
export interface Operation {
  readonly name: string;
  /** What goes wrong at the cloud meanwhile. */
  readonly fault?: Omit<Fault, 'times'> & { readonly times?: number };
  /** What it ends with, where it does not give a result. */
  readonly fails?: object;
  readonly run: (database: Database, sdk: Sdk) => Promise<unknown>;
}

const AT = new Date(Date.UTC(2027, 0, 15, 2, 30));
const DOCUMENT = {
  _id: 'a',
  n: 1,
  text: '<商品> & "引号" 😀',
  at: AT,
  none: null,
  yes: true,
  price: 0.1 + 0.2,
  big: Number.MAX_SAFE_INTEGER,
  deep: { list: [{ at: AT }, [], {}], 'a-b': 'x' },
};
const FAILED = { code: 'DATABASE_FAILED' };
/** One field of a document, counted up. */
const increment = (database: Database) =>
  database.transaction(async (transaction) => {
    const found = (await transaction.get('things', 'a')) as { n?: number } | undefined;
    await transaction.update('things', 'a', { n: (found?.n ?? 0) + 1 });
    return found?.n;
  });

/** In this order, on one database that is empty at first. */
export const OPERATIONS: readonly Operation[] = [
  { name: 'a document is added', run: (database) => database.add('things', DOCUMENT) },
  { name: 'it is added again', run: (database) => database.add('things', DOCUMENT) },
  { name: 'it is read', run: (database) => database.get('things', 'a') },
  { name: 'one that is not there is read', run: (database) => database.get('things', 'none') },
  {
    name: 'a collection that is not there is read',
    fails: FAILED,
    run: (database) => database.get('nowhere', 'a'),
  },
  {
    name: 'a collection that is not there is added to',
    fails: FAILED,
    run: (database) => database.add('nowhere', { _id: 'a' }),
  },
  ...['b', 'c', 'd'].map((_id, n) => ({
    name: `another is added: ${_id}`,
    run: (database: Database) => database.add('things', { _id, n: n + 2, at: new Date(AT.getTime() + n) }),
  })),
  {
    name: 'what equals something is found, the latest first',
    run: (database) =>
      database.find(
        'things',
        { yes: true, n: database.command.eq(1) },
        { orderBy: 'at', direction: 'desc', limit: 5 },
      ),
  },
  {
    name: 'what lies between two moments is found, the earliest first, so many',
    run: ({ find, command }) =>
      find(
        'things',
        {
          at: command.and(command.gte(AT), command.lte(new Date(AT.getTime() + 5))),
          n: command.and(command.gt(1), command.lt(100)),
          _id: command.in(['a', 'b', 'c', 'd']),
        },
        { orderBy: 'at', limit: 2 },
      ),
  },
  {
    name: 'only named fields are found',
    run: ({ find }) => find('things', { yes: true }, { orderBy: 'at', limit: 1, fields: ['n'] }),
  },
  {
    name: 'nothing is found',
    run: (database) => database.find('things', { n: 99 }, { orderBy: 'n', limit: 1 }),
  },
  {
    name: 'an object is replaced as a whole',
    run: ({ update, command }) =>
      update('things', { _id: 'a', n: 1 }, { deep: command.set({ other: AT }), none: 'now' }),
  },
  {
    name: 'nothing fits what is to be changed',
    run: ({ update }) => update('things', { _id: 'a', n: 99 }, { n: 1 }),
  },
  { name: 'a transaction reads and writes', run: increment },
  {
    name: 'a transaction writes what was not there',
    run: (database) =>
      database.transaction(async (transaction) => {
        const before = await transaction.get('things', 'new');
        await transaction.set('things', 'new', { text: '新', at: AT });
        return before;
      }),
  },
  {
    name: 'a transaction is given up in the middle',
    fails: { message: 'given up' },
    run: (database) =>
      database.transaction(async (transaction) => {
        await transaction.update('things', 'a', { n: -1 });
        throw new Error('given up');
      }),
  },
  { name: 'what it was to write is not there', run: (database) => database.get('things', 'a') },
  ...(['conflict', 'busy', 'expired', 'cut-before', 'cut-after'] as const).map((kind) => ({
    name: `a transaction meets ${kind} at its write`,
    fault: { kind, action: 'database.modifyDocument' } as const,
    run: increment,
  })),
  ...(['conflict', 'cut-before', 'cut-after'] as const).map((kind) => ({
    name: `a transaction meets ${kind} at its commit`,
    fault: { kind, action: 'database.commitTransaction' } as const,
    run: increment,
  })),
  {
    name: 'a transaction meets a conflict each time',
    fails: { code: 'TRANSACTION_GAVE_UP' },
    fault: { kind: 'conflict', times: 100 },
    run: increment,
  },
  {
    name: 'a connection breaks at a read, and it is made again',
    fault: { kind: 'cut-before', action: 'database.getDocument' },
    run: (database) => database.get('things', 'a'),
  },
  {
    name: 'a connection breaks at each read',
    fails: FAILED,
    fault: { kind: 'cut-before', action: 'database.getDocument', times: 2 },
    run: (database) => database.get('things', 'a'),
  },
  {
    name: 'a connection breaks after a document was added',
    fault: { kind: 'cut-after', action: 'database.insertDocument' },
    run: (database) => database.add('things', { _id: 'e' }),
  },
  { name: 'who calls is read', run: async (_, sdk) => sdk.getWXContext() },
];
