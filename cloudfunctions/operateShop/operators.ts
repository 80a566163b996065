import {
  findOperator,
  OPERATORS,
  type Operator,
  setOperator,
} from '../_shared/cloud/database/stores/operators.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { auditEntry } from '../_shared/order/refunds/audit.ts';
import { type Refusal, refusal } from '../_shared/order/refusal.ts';

/** An administrator's act on the list of operators. */
interface Setting {
  readonly act: 'operators.add' | 'operators.remove';
  readonly by: string;
  readonly openid: string;
  readonly name?: string;
}

/**
 * Makes somebody an operator, or takes that back. Each time is written down, so each has a document of its own. Where there is no
 * such operator nothing is taken back: a letter less would leave the right, and be answered as if it were gone.
 */
export async function setOperators(
  runtime: Runtime,
  { act, by, openid, name }: Setting,
): Promise<{ operator: Operator } | Refusal<'OPERATOR_NOT_FOUND'>> {
  const database = await runtime.database();
  if (act === 'operators.remove' && (await database.get(OPERATORS, openid)) === undefined)
    return refusal('OPERATOR_NOT_FOUND', 'There is no operator of this openid, so nothing was taken back.');
  const created_at = runtime.clock.now();
  const known = await findOperator(database, openid);
  const operator: Operator = {
    _id: openid,
    name: name ?? known?.name ?? '',
    active: act === 'operators.add',
  };
  const entry = { act, by, subject: openid, details: operator.name, created_at };
  await setOperator(
    database,
    { ...operator, created_at },
    auditEntry(entry, `${openid}:${created_at.getTime()}`),
  );
  runtime.logger.info('operator.set', { act, by });
  return { operator };
}
