import * as v from 'valibot';
import type { Progress, TellableAlarm, Telling } from '../../../order/telling/ports.ts';
import { CloudError } from '../../errors.ts';
import type { Database, Fields } from '../database.ts';
import { ALARMS } from './alarms.ts';
import { documentsByMoment } from './moments.ts';

export const PROGRESS = 'progress';
/** The document of `progress` that is about telling. */
const ID = 'robot';

const ALL_TIME = new Date(0);

const ProgressSchema = v.object({
  next_at: v.date(),
  failures: v.number(),
  alarms_from: v.date(),
  alarms_after_id: v.exactOptional(v.nullable(v.string())),
  day: v.string(),
  day_text: v.string(),
  day_at: v.date(),
  day_told: v.boolean(),
});

/** Alarms of an earlier release lack the last two; whoever edits one by hand can leave out anything. */
const AlarmSchema = v.object({
  _id: v.string(),
  code: v.fallback(v.string(), ''),
  subject: v.fallback(v.string(), ''),
  created_at: v.date(),
  told_at: v.optional(v.unknown()),
  done_at: v.optional(v.unknown()),
});

/** What is to be told, and how far it is, on the cloud database. */
export function tellingIn(database: Database): Telling {
  const { command } = database;
  return {
    async progress(initial) {
      const stored = await database.get(PROGRESS, ID);
      if (stored !== undefined) return readProgress(stored);
      const added = await database.add(PROGRESS, { _id: ID, ...initial });
      return added === 'added' ? initial : readProgress(await database.get(PROGRESS, ID));
    },

    claim: async (from, next_at) =>
      (await database.update(PROGRESS, { _id: ID, next_at: command.eq(from.next_at) }, { next_at })) === 1,

    async write(change) {
      await database.update(PROGRESS, { _id: ID }, change);
    },

    async announce(from, change) {
      await database.update(PROGRESS, { _id: ID, day: from.day }, change);
    },

    async alarms(from, limit) {
      const { documents, next } = await documentsByMoment({
        ...{ command, limit, from, field: 'created_at', until: command.gt(ALL_TIME) },
        read: (filter: Fields, orderBy) => database.find(ALARMS, filter, { orderBy, limit }),
      });
      return { alarms: documents.flatMap(readAlarm), next };
    },

    async openAlarms(from, limit) {
      const order = { orderBy: 'created_at', direction: 'desc', limit } as const;
      const documents = await database.find(ALARMS, { created_at: command.gte(from) }, order);
      const open = documents.flatMap(readAlarm).filter(({ isDone }) => !isDone);
      return { count: open.length, isMore: documents.length >= limit };
    },

    async markDayTold(day) {
      await database.update(PROGRESS, { _id: ID, day }, { day_told: true });
    },

    async markTold(alarms, told_at) {
      const ids = alarms.map(({ _id }) => _id);
      await database.update(ALARMS, { _id: command.in(ids) }, { told_at });
    },
  };
}

/** @throws CloudError DOCUMENT_UNREADABLE */
function readProgress(document: unknown): Progress {
  const read = v.safeParse(ProgressSchema, document);
  if (read.success) return read.output;
  const message = `The document ${ID} of ${PROGRESS} cannot be read: delete it, and telling begins anew.`;
  throw new CloudError('DOCUMENT_UNREADABLE', message);
}

function readAlarm(document: unknown): (TellableAlarm & { readonly isDone: boolean })[] {
  const read = v.safeParse(AlarmSchema, document);
  if (!read.success) return [];
  const { told_at, done_at, ...alarm } = read.output;
  const isDone = done_at !== undefined && done_at !== null;
  return [{ ...alarm, isDone, isOver: isDone || (told_at !== undefined && told_at !== null) }];
}
