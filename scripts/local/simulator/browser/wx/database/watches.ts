import type { Query, WatchLine } from '../../../wire.ts';
import type { Network } from '../../network.ts';
import { reportError } from '../../problems.ts';
import { firstSnapshot, nextSnapshot, type Snapshot } from './doc-changes.ts';

/** How long a phone waits before it asks again for what it watched when the line broke. */
const AGAIN_MS = 1000;

/** Asks for lines about all that is watched, until `signal` says otherwise or the line breaks. */
export type Listen = (
  watches: readonly { readonly id: number; readonly query: Query }[],
  report: (line: WatchLine) => void,
  signal: AbortSignal,
) => Promise<void>;

interface Watch {
  readonly query: Query;
  readonly onChange: (snapshot: Snapshot) => void;
  readonly onError: (error: unknown) => void;
  snapshot: Snapshot | undefined;
}

export interface Watches {
  /** Answers the watcher that WeChat answers: `close()` is its one method. */
  add(query: Query, options: unknown): { close(): Promise<void> };
}

/**
 * All that this phone watches, over one connection: another watch asks anew for all of them. Each result comes whole and is
 * compared with the last one, so nothing is missed while the phone has no network.
 */
export function createWatches({
  listen,
  network,
  describe,
}: {
  listen: Listen;
  network: Network;
  /** A refusal as an API of the database words it. */
  describe: (error: { readonly errCode: number; readonly message: string }) => unknown;
}): Watches {
  const watches = new Map<number, Watch>();
  let count = 0;
  let current = new AbortController();
  let isAsking = false;

  const receive = (line: WatchLine) => {
    const watch = watches.get(line.id);
    if (!watch) return;
    if ('error' in line) {
      watches.delete(line.id);
      call(() => watch.onError(describe(line.error)));
      return;
    }
    const docs = line.documents.filter((document) => typeof document === 'object' && document !== null);
    const snapshot = watch.snapshot
      ? nextSnapshot(
          watch.snapshot,
          docs.map((document) => ({ ...document })),
        )
      : firstSnapshot(docs.map((document) => ({ ...document })));
    if (!snapshot) return;
    watch.snapshot = snapshot;
    call(() => watch.onChange(snapshot));
  };

  const ask = () => {
    current.abort();
    current = new AbortController();
    const { signal } = current;
    if (watches.size === 0 || !network.isConnected()) return;
    const all = [...watches].map(([id, { query }]) => ({ id, query }));
    void listen(all, receive, signal)
      .catch(() => {})
      .then(() => {
        if (!signal.aborted) setTimeout(() => signal.aborted || ask(), AGAIN_MS);
      });
  };
  /** Once for all that begins or ends in one turn. */
  const askSoon = () => {
    if (isAsking) return;
    isAsking = true;
    queueMicrotask(() => {
      isAsking = false;
      ask();
    });
  };
  network.subscribe(askSoon);

  return {
    add(query, options) {
      const { onChange, onError } = Object(options);
      if (typeof onChange !== 'function' || typeof onError !== 'function')
        throw new TypeError('watch() takes onChange and onError, both of them');
      const id = ++count;
      watches.set(id, { query, onChange, onError, snapshot: undefined });
      askSoon();
      return {
        async close() {
          if (watches.delete(id)) askSoon();
        },
      };
    },
  };
}

function call(run: () => void): void {
  try {
    run();
  } catch (error) {
    reportError('watch', error);
  }
}
