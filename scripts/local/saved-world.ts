import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorldClock } from './clock.ts';
import type { Trace } from './trace.ts';
import type { OrderSnapshot } from './wechatpay/wechatpay.ts';

const FILE = 'world.json';

/** What a world remembers besides its database: how far its clock is ahead, and WeChat's orders. */
export interface SavedWorld {
  readonly offset: number;
  readonly orders: readonly OrderSnapshot[];
}

/**
 * Reads what an earlier world kept in a directory; an empty memory when there is none.
 * @throws Error naming the file when it cannot be read, since going on without WeChat's orders would mislead
 */
export function readSavedWorld(directory: string): SavedWorld {
  const file = path.join(directory, FILE);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { offset: 0, orders: [] };
    throw new Error(`${file} cannot be read. Remove it, and the folder beside it, to begin anew.`, {
      cause: error,
    });
  }
}

/** Writes the memory down whenever WeChat Pay or the clock had something to do with what just happened. */
export function saveWorld(
  directory: string,
  { clock, trace, orders }: { clock: WorldClock; trace: Trace; orders: () => readonly OrderSnapshot[] },
): void {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, FILE);
  const write = () => {
    const kept: SavedWorld = { offset: clock.offset, orders: orders() };
    // Renaming replaces the file at once: whoever is killed in between leaves the old one whole.
    writeFileSync(`${file}.new`, JSON.stringify(kept));
    renameSync(`${file}.new`, file);
  };
  trace.subscribe(({ from, to }) => {
    if ([from, to].includes('wechatpay') || from === 'timer') write();
  });
}
