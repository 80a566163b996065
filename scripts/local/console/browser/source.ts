import type { CollectionDocuments, ConsoleEvent, ConsoleState, LogLine, Outcome } from '../wire.ts';

/** Where the page reads from. */
export interface Source {
  /** @param find only orders that this is a part of */
  readState(find: string): Promise<ConsoleState>;
  /** @param find only lines that this is a part of */
  readLogs(find: string): Promise<readonly LogLine[]>;
  /** The documents that fit a filter in JSON, or why it is none. */
  readDocuments(name: string, where: string): Promise<CollectionDocuments | Outcome>;
  /** Hands over what happened, oldest first, and what comes. */
  follow(listener: {
    readonly onEvents: (events: readonly ConsoleEvent[]) => void;
    readonly onLive: (isLive: boolean) => void;
  }): void;
}
