import * as v from 'valibot';
import { type User, UserSchema } from '../../order/membership.ts';
import type { Users } from '../../order/ports.ts';
import type { Database } from '../database.ts';
import { CloudError } from '../errors.ts';

export const USERS = 'users';

export function usersIn(database: Database): Users {
  return {
    async find(openid) {
      const document = await database.get(USERS, openid);
      return document === undefined ? undefined : readUser(document);
    },
    async add(user) {
      await database.add(USERS, user);
    },
  };
}

/** @throws CloudError DOCUMENT_UNREADABLE, naming the field */
export function readUser(document: unknown): User {
  const result = v.safeParse(UserSchema, document);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new CloudError(
    'DOCUMENT_UNREADABLE',
    `A user cannot be read: ${v.getDotPath(issue)} ${issue.message}`,
  );
}
