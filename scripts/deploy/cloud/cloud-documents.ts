import type CloudBase from '@cloudbase/manager-node';
import * as v from 'valibot';
import { ask, done, unexpected } from './answers.ts';
import type { CloudDocuments } from './cloud.ts';
import type { StoredDocument } from './state.ts';

/** Documents, by the commands that @cloudbase/manager-node passes on to the database. */
export function cloudDocuments({ database }: CloudBase): CloudDocuments {
  const run = (collection: string, CommandType: 'QUERY' | 'INSERT' | 'UPDATE', command: object) =>
    database.runCommands({
      MgoCommands: [{ TableName: collection, CommandType, Command: JSON.stringify(command) }],
    });

  /** What the filter does not find is left as it is. */
  const update = (collection: string, change: { q: { _id: string }; u: object }) =>
    ask(
      `change ${change.q._id} in ${collection}`,
      () => run(collection, 'UPDATE', { update: collection, updates: [change] }),
      done,
    );

  return {
    async readDocuments(collection, { filter, fields, limit }) {
      const doing = `read documents of ${collection}`;
      const projection = fields ? Object.fromEntries(fields.map((field) => [field, 1])) : {};
      const { Data } = await ask(
        doing,
        () => run(collection, 'QUERY', { find: collection, filter, projection, limit }),
        v.object({ Data: v.nullish(v.array(v.unknown()), []) }),
      );
      try {
        return documentsIn(Data);
      } catch (error) {
        throw unexpected(doing, 'Data', error);
      }
    },

    async insertDocuments(collection, documents) {
      await ask(
        `put first documents into ${collection}`,
        () => run(collection, 'INSERT', { insert: collection, documents, ordered: false }),
        done,
      );
    },

    async setMissing(collection, _id, values) {
      const missing = Object.fromEntries(Object.keys(values).map((name) => [name, null]));
      await update(collection, { q: { _id, ...missing }, u: { $set: values } });
    },

    async addToList(collection, _id, { list, entry, key }) {
      const same = Object.fromEntries(key.map((name) => [name, entry[name]]));
      const q = { _id, [list]: { $not: { $elemMatch: same } } };
      await update(collection, { q, u: { $push: { [list]: entry } } });
    },
  };
}

const DOCUMENT = v.looseObject({ _id: v.string() });
const NUMBER = /^\$number(Int|Long|Double|Decimal)$/;

/** Documents come as JSON text, one or a list in each entry, and sometimes as text within text. */
function documentsIn(value: unknown): readonly StoredDocument[] {
  if (Array.isArray(value)) return value.flatMap(documentsIn);
  if (typeof value === 'string') return documentsIn(JSON.parse(value, plainNumber));
  const parsed = v.safeParse(DOCUMENT, value);
  return parsed.success ? [parsed.output] : [];
}

/** MongoDB's JSON may spell a number as `{"$numberInt":"48"}`. */
function plainNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [[name, text] = [], ...more] = Object.entries(value);
  return name !== undefined && more.length === 0 && NUMBER.test(name) ? Number(text) : value;
}
