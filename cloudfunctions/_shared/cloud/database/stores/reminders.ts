import * as v from 'valibot';
import { expiryOf } from '../../../order/membership.ts';
import type { Reminders } from '../../../order/reminders/ports.ts';
import { type Reminder, ReminderSchema } from '../../../order/reminders/reminder.ts';
import type { Database } from '../database.ts';
import { readUser, USERS } from './users.ts';

export const REMINDERS = 'reminders';

const Named = v.object({ _id: v.string() });

/** Reminders in the cloud database. Each write is a compare and set: it happens only to the reminder as it was read. */
export function remindersIn(database: Database): Reminders {
  const { command } = database;

  return {
    async agree(reminder) {
      if ((await database.add(REMINDERS, reminder)) === 'added') return;
      const { _id, ...change } = reminder;
      await database.update(REMINDERS, { _id }, change);
    },

    async due(now, limit) {
      const order = { orderBy: 'due_at', limit } as const;
      const documents = await database.find(REMINDERS, { due_at: command.lte(now) }, order);
      const read = await Promise.all(documents.map(readOrDrop));
      return read.filter((reminder) => reminder !== undefined);
    },

    change: async (from, change) =>
      (await database.update(REMINDERS, { _id: from._id, due_at: command.eq(from.due_at) }, change)) === 1,

    async endOf(openid, membership) {
      const document = await database.get(USERS, openid);
      return document === undefined ? undefined : expiryOf(readUser(document), membership);
    },
  };

  /** What somebody edited into nonsense would be at the head of the queue for ever. */
  async function readOrDrop(document: unknown): Promise<Reminder | undefined> {
    const read = v.safeParse(ReminderSchema, document);
    if (read.success) return read.output;
    if (v.is(Named, document)) await database.update(REMINDERS, { _id: document._id }, { due_at: null });
    return undefined;
  }
}
