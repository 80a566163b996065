import { refuseUnknown } from '../refuse-unknown.ts';
import { command, DatabaseRegExp, ServerDate } from './command.ts';
import { createCollection, type DatabaseParts } from './documents.ts';

/** `wx.cloud.database()`. */
export function createDatabase(parts: DatabaseParts): object {
  return refuseUnknown('wx.cloud.database()', {
    command: refuseUnknown('db.command', command),
    serverDate: ({ offset = 0 }: { offset?: number } = {}) => new ServerDate(offset),
    RegExp: ({ regexp, options = '' }: { regexp: string; options?: string }) =>
      new DatabaseRegExp(regexp, options),
    collection: (name: string) => createCollection(name, parts),
  });
}
