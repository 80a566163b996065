import { isDeepStrictEqual } from 'node:util';
import { Query } from 'mingo';
import { update as updateObject } from 'mingo/updater';
import * as v from 'valibot';
import { type Action, action, EnvId, existingCollection, Refusal } from './stand-in-action.ts';

const table = {
  EnvId,
  MongoConnector: v.object({ DatabaseName: v.literal('tnt-standin'), InstanceId: v.literal('flexdb') }),
};

const query = v.strictObject({
  find: v.string(),
  filter: v.record(v.string(), v.unknown()),
  projection: v.record(v.string(), v.literal(1)),
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
});
const update = v.strictObject({
  update: v.string(),
  updates: v.array(
    v.strictObject({
      q: v.record(v.string(), v.unknown()),
      u: v.strictObject({
        $set: v.exactOptional(v.record(v.string(), v.unknown())),
        $push: v.exactOptional(v.record(v.string(), v.unknown())),
      }),
    }),
  ),
});
const insert = v.object({ insert: v.string(), documents: v.array(v.looseObject({ _id: v.string() })) });

const extended = (value: unknown): unknown =>
  typeof value === 'number' ? { $numberInt: String(value) } : value;

/** Collections, indexes and documents. */
export const DATABASE_ACTIONS: Readonly<Record<string, Action>> = {
  DescribeTable: action(v.object({ ...table, TableName: v.string() }), (account, { TableName }) => ({
    Indexes: [
      { Name: '_id_', Unique: true, Keys: [{ Name: '_id', Direction: '1' }] },
      ...existingCollection(account, TableName).indexes,
    ],
  })),
  CreateTable: action(v.object({ ...table, TableName: v.string() }), (account, { TableName }) => {
    if (account.collections.has(TableName))
      throw new Refusal('ResourceUnavailable.ResourceExist', 'Table exist.');
    const rule = { Permission: 'PRIVATE', SecurityRule: '' };
    account.collections.set(TableName, { indexes: [], documents: new Map(), rule, hidden: 2 });
    return {};
  }),
  UpdateTable: action(
    v.strictObject({
      ...table,
      TableName: v.string(),
      CreateIndexes: v.array(
        v.strictObject({
          IndexName: v.string(),
          MgoKeySchema: v.strictObject({
            MgoIsUnique: v.boolean(),
            MgoIndexKeys: v.array(v.strictObject({ Name: v.string(), Direction: v.picklist(['1', '-1']) })),
          }),
        }),
      ),
    }),
    (account, { TableName, CreateIndexes }) => {
      const { indexes } = existingCollection(account, TableName);
      if (account.indexesBusy-- > 0) throw new Refusal('ResourceInUse.IndexCreating', 'index is creating');
      for (const { IndexName, MgoKeySchema } of CreateIndexes) {
        // As MongoDB does, whatever the other one is called.
        if (indexes.some(({ Keys }) => isDeepStrictEqual(Keys, MgoKeySchema.MgoIndexKeys)))
          throw new Refusal('ResourceUnavailable.IndexOptionsConflict', 'Index already exists');
        indexes.push({ Name: IndexName, Unique: MgoKeySchema.MgoIsUnique, Keys: MgoKeySchema.MgoIndexKeys });
      }
      return {};
    },
  ),
  RunCommands: action(
    v.object({
      ...table,
      MgoCommands: v.tuple([
        v.object({ TableName: v.string(), CommandType: v.string(), Command: v.string() }),
      ]),
    }),
    (account, { MgoCommands: [{ TableName, CommandType, Command }] }) => {
      const { documents } = existingCollection(account, TableName);
      if (CommandType === 'QUERY') {
        const { filter, projection, limit } = v.parse(query, JSON.parse(Command));
        const found = new Query(filter)
          .find<object>([...documents.values()], projection)
          .limit(limit)
          .all();
        const spell = account.extendedJson ? (_: string, value: unknown) => extended(value) : undefined;
        return { Data: [JSON.stringify(found.map((document) => JSON.stringify(document, spell)))] };
      }
      if (CommandType === 'UPDATE') {
        for (const { q, u } of v.parse(update, JSON.parse(Command)).updates) {
          const [found] = new Query(q).find<Record<string, unknown>>([...documents.values()]).all();
          if (!found) continue;
          const changed = structuredClone(found);
          updateObject(changed, u);
          documents.set(String(changed._id), changed);
        }
        return { Data: [JSON.stringify({ n: 1, ok: 1 })] };
      }
      if (CommandType !== 'INSERT') throw new Refusal('InvalidParameter', CommandType);
      for (const document of v.parse(insert, JSON.parse(Command)).documents) {
        if (documents.has(document._id)) throw new Refusal('FailedOperation', 'E11000 duplicate key error');
        documents.set(document._id, document);
      }
      return { Data: [JSON.stringify({ n: 1, ok: 1 })] };
    },
  ),
};
