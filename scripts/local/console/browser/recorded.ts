import { isLineFound, isOrderFound, LINES_SHOWN_MAX, ORDERS_SHOWN_MAX } from '../finding.ts';
import type { Recording } from '../wire.ts';
import type { Source } from './source.ts';
import { field, parsed } from './story/fields.ts';

/** What this file was saved with; undefined where the page is of a world that runs. */
export const recording: Recording | undefined = readRecording();

/** A world that somebody saved: as much of it as was put into the file. */
export function recordedWorld({ state, events, documents, logs, order }: Recording): Source {
  return {
    async readState(find) {
      const orders = state.orders.filter((each) => isOrderFound(each, find));
      const isShown = (place: number, out_trade_no: string) =>
        place < ORDERS_SHOWN_MAX || out_trade_no === order;
      return { ...state, orders: orders.filter((each, place) => isShown(place, each.out_trade_no)) };
    },
    async readLogs(find) {
      return logs.filter((line) => isLineFound(line, find)).slice(0, LINES_SHOWN_MAX);
    },
    async readDocuments(name, where) {
      const kept = documents.find((collection) => collection.name === name)?.documents ?? [];
      const found = kept.filter((document) => hasFields(document, parsed(where)));
      const count = state.collections.find((collection) => collection.name === name)?.count ?? 0;
      return { name, count: where === '' ? count : found.length, documents: found };
    },
    follow({ onEvents, onLive }) {
      onLive(true);
      onEvents(events);
    },
  };
}

/** The only filter that this page itself asks for names fields as they are. */
function hasFields(document: Readonly<Record<string, unknown>>, filter: unknown): boolean {
  const wanted = typeof filter === 'object' && filter !== null ? Object.entries(filter) : [];
  return wanted.every(([name, value]) => JSON.stringify(field(document, name)) === JSON.stringify(value));
}

/** It was written by this page's own server, of the same build. */
function readRecording(): Recording | undefined {
  const text = document.getElementById('recording')?.textContent;
  if (!text) return undefined;
  const saved: Recording = JSON.parse(text);
  return saved;
}
