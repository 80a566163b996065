import { watch } from 'node:fs';
import path from 'node:path';

/** An editor writes several times for one save. */
const SETTLING_MS = 100;

/**
 * Calls `changed` with the names of the folders in `directory` in which something was saved, soon after it was.
 * @returns what ends it
 */
export function watchFolders(directory: string, changed: (names: readonly string[]) => void): () => void {
  const names = new Set<string>();
  let settling: NodeJS.Timeout | undefined;
  const watcher = watch(directory, { recursive: true }, (_, file) => {
    const [name, next] = (file ?? '').split(path.sep);
    // Packages are installed by the thousand, and what is in them is read at the next cold start.
    if (name === undefined || next === undefined || next === 'node_modules') return;
    names.add(name);
    clearTimeout(settling);
    settling = setTimeout(() => {
      const all = [...names];
      names.clear();
      changed(all);
    }, SETTLING_MS);
  });
  return () => {
    clearTimeout(settling);
    watcher.close();
  };
}
