import type { ConsoleEvent } from '../../wire.ts';
import { say } from '../words/language.ts';
import { ROWS } from '../words/story.ts';
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
  const words = say(ROWS);
  if (!end) return row('open', words.openTransaction);
  const ending = endingOf(transaction, productNames);
  switch (ending.kind) {
    case 'settled':
      return row('settle', 'settle', { topic: 'settle', beside: ending.changes });
    case 'committed':
      return ending.collections.length > 0
        ? row('call', words.transaction(ending.collections.join(words.fields)))
        : row('call', words.nothingChanged, { topic: 'unchanged' });
    case 'undone':
      return row('call', words.undone(ending.why));
  }
}
