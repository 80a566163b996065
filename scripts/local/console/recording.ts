import { everyCollection } from './documents.ts';
import { shownEvent } from './feed.ts';
import { logsOf } from './logs.ts';
import { MASK } from './mask.ts';
import type { ConsoleParts } from './parts.ts';
import { stateOf } from './state.ts';
import type { Switches } from './switches.ts';
import type { Recording } from './wire.ts';

/** A file that is sent by mail or chat stays small; what does not fit is the oldest. */
const BYTES_MAX = { events: 5 * 2 ** 20, documents: 2 * 2 ** 20, logs: 2 ** 20 } as const;
const ORDERS_MAX = 500;
const LINES_MAX = 2000;

/**
 * Everything that the page shows of a world, as it is now, without secrets.
 * @param order the one that whoever saves it looks at alone
 */
export function recordingOf(
  parts: ConsoleParts,
  { switches, order }: { readonly switches: Switches; readonly order: string | undefined },
): Recording {
  const state = stateOf(parts, {
    ...{ switches, simulatorUrl: undefined, phonePath: undefined },
    ...{ find: '', ordersMax: ORDERS_MAX },
  });
  const events = parts.trace.since().map((event) => shownEvent(event, parts.secrets));
  const collections = everyCollection(parts);
  const share = BYTES_MAX.documents / Math.max(collections.length, 1);
  return {
    state,
    events: firstWithin(events.toReversed(), BYTES_MAX.events).toReversed(),
    documents: collections.map(({ documents, ...collection }) => ({
      ...collection,
      documents: firstWithin(documents, share),
    })),
    logs: firstWithin(logsOf(parts, '', LINES_MAX), BYTES_MAX.logs),
    order: state.orders.find(({ out_trade_no }) => out_trade_no === order)?.out_trade_no ?? null,
  };
}

/**
 * As JSON that stands inside of a script element: nothing in it can end that element.
 * @param secrets values that are masked wherever they are
 */
export function recordingText(recording: Recording, secrets: readonly string[]): string {
  const text = JSON.stringify(recording).replaceAll('<', '\\u003c');
  return secrets.reduce((shown, secret) => (secret ? shown.replaceAll(secret, MASK) : shown), text);
}

/** As many from the first on as have this size together, as JSON in UTF-8. */
function firstWithin<Item>(items: readonly Item[], most: number): readonly Item[] {
  let bytes = 0;
  const over = items.findIndex((item) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    return bytes > most;
  });
  return over < 0 ? items : items.slice(0, over);
}
