import * as v from 'valibot';
import type { BilledRefunds } from '../../../order/bills/ports.ts';
import { RefundSchema } from '../../../order/refunds/refund.ts';
import type { Database, Fields } from '../database.ts';
import { documentsByMoment } from './moments.ts';
import { REFUNDS } from './refunds.ts';

const EndedRefundSchema = v.pick(RefundSchema, [
  '_id',
  'out_trade_no',
  'channel',
  'refund_fee',
  'state',
  'requested_by',
  'created_at',
  'billed_on',
]);

const FIELDS = [...Object.keys(EndedRefundSchema.entries), 'ended_at'];

/** Refunds in the cloud database, as bills are compared with them. */
export function billedRefundsIn(database: Database): BilledRefunds {
  const { command } = database;
  return {
    async note(out_refund_nos, bill_date) {
      await database.update(REFUNDS, { _id: command.in(out_refund_nos) }, { billed_on: bill_date });
    },

    async ended({ from, before, limit }) {
      const { documents, next } = await documentsByMoment({
        ...{ command, limit, from, field: 'ended_at', until: command.lt(before) },
        read: (filter: Fields, orderBy) => database.find(REFUNDS, filter, { orderBy, limit, fields: FIELDS }),
      });
      // One that somebody edited into nonsense is looked at by nobody here, and its order's alarm says so elsewhere.
      const read = documents.map((document) => v.safeParse(EndedRefundSchema, document));
      return { refunds: read.flatMap(({ success, output }) => (success ? [output] : [])), next };
    },
  };
}
