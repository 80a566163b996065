import type { ConsoleEvent } from '../../wire.ts';
import type { Arrow, Busy } from './row.ts';
import { endingOf, type Transaction } from './transaction.ts';

/** A transaction is one row: dashed where it began while it is open, and where it ended once it has. */
export function transactionRow(
  transaction: Transaction,
  event: ConsoleEvent,
  { busy, productNames }: { busy: Busy; productNames: Readonly<Record<string, string>> },
): Arrow | undefined {
  const { start, end, events } = transaction;
  if (event !== (end ?? start)) return undefined;
  const row = (
    line: Arrow['line'],
    label: string,
    more: { topic?: string; beside?: readonly string[] } = {},
  ): Arrow => ({
    kind: 'arrow',
    key: `${start.seq}`,
    at: event.at,
    from: 'function',
    to: 'database',
    line,
    label,
    events,
    busy,
    topic: 'transaction',
    ...more,
  });
  if (!end) return row('open', '事务还没有结束');
  const ending = endingOf(transaction, productNames);
  switch (ending.kind) {
    case 'settled':
      return row('settle', 'settle', { topic: 'settle', beside: ending.changes });
    case 'committed':
      return ending.collections.length > 0
        ? row('call', `事务：${ending.collections.join('、')}`)
        : row('call', '事务：什么都没改', { topic: 'unchanged' });
    case 'undone':
      return row('call', `事务撤回：${ending.why}`);
  }
}
