import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { readLines, replaceLines } from '../../lines.ts';
import type { FileKeep, KeptFile } from './file-keep.ts';

/** One line for each change: a file, or the path of one that was removed. */
export const FILE_LIST = 'files.ndjson';
/** A content is a file of its own, named by its SHA-256. */
export const CONTENT = /^[0-9a-f]{64}$/;

const Line = v.union([
  v.strictObject({
    path: v.string(),
    size: v.number(),
    sha256: v.pipe(v.string(), v.regex(CONTENT)),
    saved_at: v.number(),
    openid: v.exactOptional(v.string()),
  }),
  v.strictObject({ removed: v.string() }),
]);

/**
 * Files in a folder. A content that no file has any more stays until the folder is opened again, so that whoever copies
 * the list first and the contents after it has every content of the list, also while a world runs.
 */
export function folderFiles(directory: string): FileKeep {
  const list = join(directory, FILE_LIST);
  const append = (line: object) => appendFileSync(list, `${JSON.stringify(line)}\n`);
  let writes = 0;
  return {
    open() {
      mkdirSync(directory, { recursive: true });
      const files = new Map<string, KeptFile>();
      const { lines } = readLines(list);
      for (const [at, text] of lines.entries()) {
        const line = readLine(text, `${list}, line ${at + 1}`);
        if ('removed' in line) files.delete(line.removed);
        else files.set(line.path, line);
      }
      const kept = [...files.values()];
      if (lines.length > kept.length)
        replaceLines(
          list,
          kept.map((file) => JSON.stringify(file)),
        );
      sweep(directory, new Set(kept.map(({ sha256 }) => sha256)));
      return kept;
    },
    async put(file, content) {
      const place = join(directory, file.sha256);
      if (!existsSync(place)) {
        const fresh = `${place}.${++writes}.new`;
        const handle = await open(fresh, 'w');
        try {
          await handle.writeFile(content);
          await handle.datasync();
        } finally {
          await handle.close();
        }
        await rename(fresh, place);
      }
      append(file);
    },
    remove: (path) => append({ removed: path }),
    read: ({ sha256 }) => readFile(join(directory, sha256)),
  };
}

function readLine(text: string, place: string): v.InferOutput<typeof Line> {
  const parsed = v.safeParse(Line, JSON.parse(text));
  if (parsed.success) return parsed.output;
  throw new Error(`${place} is no file of the cloud storage. Remove the line, or the folder.`);
}

function sweep(directory: string, needed: ReadonlySet<string>): void {
  for (const name of readdirSync(directory)) {
    if (name !== FILE_LIST && !needed.has(name))
      rmSync(join(directory, name), { recursive: true, force: true });
  }
}
