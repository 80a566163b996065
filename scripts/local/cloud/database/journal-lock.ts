import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Unlock = () => void;

const FILE = 'journal.lock';

/** The directories this process itself has open: its own id in a lock does not say which. */
const held = new Set<string>();

/**
 * Keeps a directory for this process. A lock whose process is gone (kill -9 leaves it) is taken over.
 * @throws Error when another process, or another part of this one, has it
 */
export function lockDirectory(directory: string): Unlock {
  const path = join(directory, FILE);
  if (held.has(path)) throw inUse(path, process.pid);
  const owner = ownerOf(path);
  if (owner !== undefined && owner !== process.pid && isRunning(owner)) throw inUse(path, owner);
  if (owner !== undefined) rmSync(path, { force: true });
  claim(path);
  held.add(path);
  return () => {
    if (held.delete(path)) rmSync(path, { force: true });
  };
}

/** Of two processes that come at once the file system lets one create the file. */
function claim(path: string): void {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
  } catch (error) {
    const owner = ownerOf(path);
    if (owner === undefined) throw error;
    throw inUse(path, owner);
  }
}

function ownerOf(path: string): number | undefined {
  try {
    const owner = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return Number.isNaN(owner) ? 0 : owner;
  } catch {
    return undefined;
  }
}

/** Signal 0 asks whether a process is there. One that is not ours to signal is there too. */
function isRunning(id: number): boolean {
  if (id <= 0) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function inUse(path: string, owner: number): Error {
  return new Error(
    `Process ${owner} is using this data directory. Stop it, or choose another with --data. ` +
      `If ${owner} is no local world of yours, remove ${path}.`,
  );
}
