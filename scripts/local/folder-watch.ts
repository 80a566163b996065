import path from 'node:path';
import { type Look, lookAt } from './folder-look.ts';

const LOOK_EVERY_MS = 400;

/**
 * Calls `changed` with the names of the folders in `directory` in which something was saved, soon after it was.
 * @returns what ends it
 */
export function watchFolders(directory: string, changed: (names: readonly string[]) => void): () => void {
  let before: Look | undefined;
  let isEnded = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    const now = await lookAt(directory);
    if (isEnded) return;
    const names = before ? changedFolders(before, now) : [];
    before = now;
    if (names.length > 0) changed(names);
    timer = setTimeout(() => void look(), LOOK_EVERY_MS).unref();
  };
  void look();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}

/** A file that lies in no folder is of none. */
function changedFolders(before: Look, now: Look): string[] {
  const files = [...new Set([...before.keys(), ...now.keys()])];
  const changed = files.filter((file) => before.get(file) !== now.get(file));
  const names = changed.map((file) => file.split(path.sep)).filter((steps) => steps.length > 1);
  return [...new Set(names.flatMap(([name]) => name ?? []))];
}
