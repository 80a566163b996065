import type CloudBase from '@cloudbase/manager-node';
import pMap from 'p-map';
import * as v from 'valibot';
import type { IndexManifest } from '../../manifest.ts';
import { DeployError } from '../errors.ts';
import { canonical } from '../json.ts';
import { ask, CALLS_AT_ONCE, done, unlessMissing } from './answers.ts';
import type { CloudDatabase, CloudDocuments } from './cloud.ts';
import { until, type Wait } from './poll.ts';
import type { StoredDocument } from './state.ts';

const NO_COLLECTION = /^ResourceNotFound(\.Table)?$/;
/** What passes by itself: a collection or another index in the making. */
const NOT_READY = /^ResourceNotFound|IndexCreating|^ResourceUnavailable\.(?!IndexOptions)/;

/** Collections, indexes and rules, by @cloudbase/manager-node; the CLI has no commands for them. */
export function cloudDatabase(
  { database, permission }: CloudBase,
  { readDocuments }: CloudDocuments,
  wait: Wait,
): CloudDatabase {
  const describe = (name: string) =>
    ask(`read collection ${name}`, () => database.describeCollection(name), DESCRIBED_COLLECTION);

  /** What is not there is no error here; everything else (a wrong key looks the same to the library) is. */
  const find = (name: string) => unlessMissing(describe(name), NO_COLLECTION);

  const readSeeded = async (name: string, seed: readonly StoredDocument[]): Promise<readonly string[]> => {
    if (seed.length === 0) return [];
    const filter = { _id: { $in: seed.map(({ _id }) => _id) } };
    const found = await readDocuments(name, { filter, fields: ['_id'], limit: seed.length });
    return found.map(({ _id }) => _id);
  };

  return {
    async readCollections(wanted) {
      const found = await pMap(wanted, async ({ name, seed }) => ({ name, seed, table: await find(name) }), {
        concurrency: CALLS_AT_ONCE,
      });
      const there = found.flatMap(({ name, seed, table }) => (table ? [{ name, seed, table }] : []));
      const rules = await readRules(there.map(({ name }) => name));
      return pMap(
        there,
        async ({ name, seed, table }) => ({
          name,
          indexes: table.Indexes.map(({ Name, Unique, Keys }) => ({
            name: Name,
            keys: Keys.map(({ Name: field, Direction }) => [field, Number(Direction) < 0 ? -1 : 1] as const),
            ...(Unique ? { unique: true } : {}),
          })),
          rule: rules.get(name),
          seeded: await readSeeded(name, seed),
        }),
        { concurrency: CALLS_AT_ONCE },
      );
    },

    /** CreateTable answers before the collection is there. */
    async createCollection(name) {
      await ask(`create collection ${name}`, () => database.createCollection(name), done);
      await until(
        () => find(name),
        (table) => table !== undefined,
        { wait },
      );
    },

    async createIndex(collection, index) {
      await onceReady(`create index ${index.name} of ${collection}`, () =>
        database.updateCollection(collection, { CreateIndexes: [indexRequest(index)] }),
      );
      await until(
        () => describe(collection),
        ({ Indexes }) => Indexes.some(({ Name }) => Name === index.name),
        { wait },
      );
    },

    async setRule(collection, rule) {
      await onceReady(`set the rule of ${collection}`, () =>
        permission.modifyResourcePermission({
          resourceType: 'collection',
          resource: collection,
          permission: 'CUSTOM',
          securityRule: rule,
        }),
      );
    },
  };

  /** A collection or another index may still be in the making, so this is repeated for a while. */
  async function onceReady(doing: string, change: () => Promise<unknown>): Promise<void> {
    const failure = await until(
      () =>
        ask(doing, change, done).then(
          () => undefined,
          (error: unknown) => error,
        ),
      (error) => !(error instanceof DeployError && NOT_READY.test(error.code)),
      { wait },
    );
    if (failure) throw failure;
  }

  async function readRules(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (names.length === 0) return new Map();
    const { Data } = await ask(
      'read the rules of the collections',
      () => permission.describeResourcePermission({ resourceType: 'collection', resources: [...names] }),
      PERMISSIONS,
    );
    return new Map(
      Data.PermissionList.map(({ Resource, Permission, SecurityRule }) => [
        Resource,
        Permission === 'CUSTOM' ? canonical(SecurityRule) : Permission,
      ]),
    );
  }
}

function indexRequest({ name, keys, unique = false }: IndexManifest) {
  return {
    IndexName: name,
    MgoKeySchema: {
      MgoIsUnique: unique,
      MgoIndexKeys: keys.map(([field, direction]) => ({ Name: field, Direction: String(direction) })),
    },
  };
}

const DESCRIBED_COLLECTION = v.object({
  Indexes: v.nullish(
    v.array(
      v.object({
        Name: v.string(),
        Unique: v.nullish(v.boolean(), false),
        Keys: v.array(v.object({ Name: v.string(), Direction: v.union([v.string(), v.number()]) })),
      }),
    ),
    [],
  ),
});

const PERMISSIONS = v.object({
  Data: v.object({
    PermissionList: v.array(
      v.object({ Resource: v.string(), Permission: v.string(), SecurityRule: v.nullish(v.string(), '') }),
    ),
  }),
});
