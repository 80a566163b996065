import * as v from 'valibot';
import type { Refunds } from '../../../order/ports.ts';
import { type Refund, RefundSchema } from '../../../order/refunds/refund.ts';
import { CloudError } from '../../errors.ts';
import type { Database } from '../database.ts';

export const REFUNDS = 'refunds';

/** Refunds in the cloud database. Their state changes in transactions only; here is what is noted of one on its way. */
export function refundsIn(database: Database): Refunds {
  const { command } = database;
  return {
    async find(out_refund_no) {
      const document = await database.get(REFUNDS, out_refund_no);
      return document === undefined ? undefined : readRefund(document);
    },

    async markSent(from, change) {
      const asRead = { _id: from._id, state: 'PROCESSING', sent_at: command.eq(from.sent_at) };
      return (await database.update(REFUNDS, asRead, change)) === 1;
    },

    async note(from, change) {
      const open = { _id: from._id, state: command.in(['PROCESSING', 'ABANDONING']) };
      await database.update(REFUNDS, open, change);
    },
  };
}

/** @throws CloudError DOCUMENT_UNREADABLE, naming the field */
export function readRefund(document: unknown): Refund {
  const result = v.safeParse(RefundSchema, document);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const message = `A refund cannot be read: ${v.getDotPath(issue)} ${issue.message}`;
  throw new CloudError('DOCUMENT_UNREADABLE', message);
}
