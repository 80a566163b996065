import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Packages are installed by the thousand, and nobody edits them while a page is open. */
const NEVER = ['node_modules', 'miniprogram_npm', '.git'];
const FILES_MAX = 5000;

/** Each file below a folder, by its path from there, with the time at which it was last changed. */
export type Look = ReadonlyMap<string, number>;

/**
 * Looks at what is in a folder now; a folder that is not there is empty. Looking is all that is needed to learn what changed: editors
 * replace files, watchers of replaced files fall silent on some systems, and a watcher cannot leave packages out.
 *
 * @param leftOut names of folders that are not looked into, beside those of packages
 */
export async function lookAt(folder: string, leftOut: readonly string[] = []): Promise<Look> {
  const skipped = new Set([...NEVER, ...leftOut]);
  const look = new Map<string, number>();
  const waiting = [''];
  for (let inside = waiting.shift(); inside !== undefined; inside = waiting.shift()) {
    const entries = await readdir(path.join(folder, inside), { withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => path.join(inside, name));
    const folders = entries.filter((entry) => entry.isDirectory() && !skipped.has(entry.name));
    waiting.push(...folders.map(({ name }) => path.join(inside, name)));
    const times = await Promise.all(files.map((file) => changedAt(path.join(folder, file))));
    for (const [index, file] of files.entries()) look.set(file, times[index] ?? 0);
    if (look.size > FILES_MAX) break;
  }
  return look;
}

async function changedAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
