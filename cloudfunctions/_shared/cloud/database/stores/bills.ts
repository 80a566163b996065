import * as v from 'valibot';
import { type BillDay, BillDaySchema, billDayId } from '../../../order/bills/day.ts';
import type { Bills } from '../../../order/bills/ports.ts';
import { CloudError } from '../../errors.ts';
import type { Database } from '../database.ts';

export const BILLS = 'bills';

/** Days of bills in the cloud database. A day is written only as it was read: of two runs at once one goes on. */
export function billsIn(database: Database): Bills {
  const { command } = database;
  return {
    async among(channel, bill_dates) {
      const ids = bill_dates.map((bill_date) => billDayId(channel, bill_date));
      const order = { orderBy: '_id', limit: ids.length } as const;
      const documents = await database.find(BILLS, { _id: command.in(ids) }, order);
      return documents.map(readBillDay);
    },

    async add(day) {
      return (await database.add(BILLS, day)) === 'added';
    },

    async save(from, change) {
      const asRead = { _id: from._id, revision: from.revision };
      const { payments, refunds, differences, details, awaited, beside, cursor } = change;
      const { unknown_refunds, refunds_judged } = change;
      const written = await database.update(BILLS, asRead, {
        state: change.state,
        fees: change.fees,
        finished_at: change.finished_at,
        revision: from.revision + 1,
        // As a whole: the database would write into each field by field.
        payments: command.set(payments),
        refunds: command.set(refunds),
        differences: command.set(differences),
        details: command.set(details),
        awaited: command.set(awaited),
        beside: command.set(beside),
        cursor: command.set(cursor),
        ...(unknown_refunds && { unknown_refunds: command.set(unknown_refunds) }),
        ...(refunds_judged !== undefined && { refunds_judged }),
      });
      return written === 1;
    },
  };
}

/** @throws CloudError DOCUMENT_UNREADABLE, naming the field */
export function readBillDay(document: unknown): BillDay {
  const result = v.safeParse(BillDaySchema, document);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new CloudError(
    'DOCUMENT_UNREADABLE',
    `A day of bills cannot be read: ${v.getDotPath(issue)} ${issue.message}`,
  );
}
