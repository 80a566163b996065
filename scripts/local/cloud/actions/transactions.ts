import * as v from 'valibot';
import { type Action, readParameters } from '../call.ts';
import type { Database } from '../database/database.ts';

const named = v.object({ transactionId: v.string() });
const addition = v.object({ collectionName: v.pipe(v.string(), v.nonEmpty()) });

/** The actions on transactions and collections, by their names on the wire. */
export function transactionActions(database: Database): Record<string, Action> {
  return {
    'database.startTransaction': ({ caller }) => ({ transactionId: database.begin(caller.invocation).id }),
    'database.commitTransaction': async (call) => {
      await database.commit(database.transaction(readParameters(named, call).transactionId));
      return {};
    },
    'database.abortTransaction': (call) => {
      database.abort(database.transaction(readParameters(named, call).transactionId));
      return {};
    },
    'database.addCollection': async (call) => {
      await database.createCollection(readParameters(addition, call).collectionName);
      return {};
    },
  };
}
