import * as v from 'valibot';
import type { AuditEntry } from '../../../order/refunds/audit.ts';
import type { Database } from '../database.ts';

export const OPERATORS = 'operators';
export const AUDIT = 'audit';

/** A document of `operators`: who of the merchant's people may act on orders in the mini-program. */
const OperatorSchema = v.object({
  /** The openid. */
  _id: v.string(),
  /** The cloud writes it into what a shopper's phone makes, and nobody may make themselves an operator. */
  _openid: v.optional(v.never()),
  name: v.string(),
  /** False keeps the document, and takes the right away. */
  active: v.boolean(),
});

export type Operator = v.InferOutput<typeof OperatorSchema>;

/** An operator as the document says; undefined for everybody else, and for one whose document cannot be read. */
export async function findOperator(database: Database, openid: string): Promise<Operator | undefined> {
  const read = v.safeParse(OperatorSchema, await database.get(OPERATORS, openid));
  return read.success && read.output.active ? read.output : undefined;
}

/** Makes somebody an operator, or takes that back; who did it is written down in the same transaction. */
export async function setOperator(
  database: Database,
  { _id, ...operator }: Operator & { readonly created_at: Date },
  { _id: auditId, ...entry }: AuditEntry,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.set(OPERATORS, _id, operator);
    await transaction.set(AUDIT, auditId, entry);
  });
}
