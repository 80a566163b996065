import * as v from 'valibot';
import type { User } from '../../../order/membership.ts';
import type { Users } from '../../../order/ports.ts';
import { CloudError } from '../../errors.ts';
import type { Database } from '../database.ts';

export const USERS = 'users';

const UserSchema = v.object({
  _id: v.string(),
  memberships: v.optional(v.unknown()),
});

export function usersIn(database: Database): Users {
  return {
    async isRegistered(openid) {
      return (await database.get(USERS, openid)) !== undefined;
    },
    async add(user) {
      await database.add(USERS, user);
    },
  };
}

/** @throws CloudError DOCUMENT_UNREADABLE */
export function readUser(document: unknown): User {
  const result = v.safeParse(UserSchema, document);
  if (result.success) return result.output;
  throw new CloudError('DOCUMENT_UNREADABLE', 'A document of users has no _id.');
}
