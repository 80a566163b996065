import { findOperator, type Operator, setOperator } from '../_shared/cloud/database/stores/operators.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { auditEntry } from '../_shared/order/refunds/audit.ts';

/** An administrator's act on the list of operators. */
interface Setting {
  readonly act: 'operators.add' | 'operators.remove';
  readonly by: string;
  readonly openid: string;
  readonly name?: string;
}

/** Makes somebody an operator, or takes that back. Each time is written down, so each has a document of its own. */
export async function setOperators(
  runtime: Runtime,
  { act, by, openid, name }: Setting,
): Promise<{ operator: Operator }> {
  const database = await runtime.database();
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
