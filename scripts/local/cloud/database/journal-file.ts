import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Journal } from './journal.ts';
import { lockDirectory, type Unlock } from './journal-lock.ts';

const FILE = 'journal.ndjson';
/** Below this no one minds what is outdated in a journal. */
const COMPACTION_BYTES_MIN = 4 * 1024 * 1024;
/** A journal is written anew when it has grown this many times over. */
const COMPACTION_GROWTH = 3;

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A journal in a directory: one line of JSON a commit. A line counts once it is on the disk (fdatasync); lines that
 * come while the disk works go together with the next. A second process in the same directory is refused.
 * @param options.compactionBytes from which size on the file is written anew when most of it is outdated
 */
export function fileJournal(
  directory: string,
  { compactionBytes = COMPACTION_BYTES_MIN }: { compactionBytes?: number } = {},
): Journal {
  return new FileJournal(directory, compactionBytes);
}

class FileJournal implements Journal {
  readonly #directory: string;
  readonly #compactionBytes: number;
  readonly #waiting: Waiting[] = [];
  #unlock: Unlock = () => {};
  #file: FileHandle | undefined;
  #snapshot: () => Iterable<string> = () => [];
  #bytes = 0;
  #compactedBytes = 0;
  #writing: Promise<void> | undefined;
  #failure: unknown;

  constructor(directory: string, compactionBytes: number) {
    this.#directory = directory;
    this.#compactionBytes = compactionBytes;
  }

  open(snapshot: () => Iterable<string>): Iterable<string> {
    mkdirSync(this.#directory, { recursive: true });
    this.#unlock = lockDirectory(this.#directory);
    this.#snapshot = snapshot;
    if (!existsSync(this.#path)) return [];
    const { lines, bytes } = wholeLines(readFileSync(this.#path), this.#path);
    truncateSync(this.#path, bytes);
    this.#bytes = bytes;
    return lines;
  }

  append(line: string): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  async dispose(): Promise<void> {
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
    this.#unlock();
  }

  get #path(): string {
    return join(this.#directory, FILE);
  }

  /** Writes whatever waits, again and again until nothing does. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      try {
        await this.#save(batch.map(({ line }) => `${line}\n`).join(''));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        // After a failed write nobody knows what the file ends with, so nothing more is taken.
        this.#failure = error;
        for (const { reject } of [...batch, ...this.#waiting.splice(0)]) reject(error);
      }
    }
    this.#writing = undefined;
  }

  async #save(text: string): Promise<void> {
    this.#file ??= await open(this.#path, 'a');
    await this.#file.appendFile(text);
    await this.#file.datasync();
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes > Math.max(this.#compactionBytes, this.#compactedBytes * COMPACTION_GROWTH)) {
      await this.#compact();
    }
  }

  /**
   * Puts a new file, with what there is now, in the old one's place. What waits to be written is in it already;
   * writing it again after that changes nothing, since a line says what a document became, not how.
   */
  async #compact(): Promise<void> {
    const path = `${this.#path}.new`;
    const descriptor = openSync(path, 'w');
    let bytes = 0;
    for (const line of this.#snapshot()) bytes += writeSync(descriptor, `${line}\n`);
    fdatasyncSync(descriptor);
    closeSync(descriptor);
    renameSync(path, this.#path);
    syncDirectory(this.#directory);
    await this.#file?.close();
    this.#file = undefined;
    this.#bytes = bytes;
    this.#compactedBytes = bytes;
  }
}

/**
 * The lines that were written whole. A process that is killed can leave half a line at the end: nobody was told that
 * it is safe, so it is cut.
 * @throws Error when a line before the end cannot be read: then the file was damaged, and guessing would lose more
 */
function wholeLines(content: Buffer, path: string): { lines: string[]; bytes: number } {
  const end = content.lastIndexOf('\n') + 1;
  const lines = content.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  const broken = lines.findIndex((line) => !isJson(line));
  if (broken === -1) return { lines, bytes: end };
  if (broken < lines.length - 1) {
    throw new Error(
      `${path} is damaged at line ${broken + 1}. Mend or remove that line, or start with another --data directory.`,
    );
  }
  const kept = lines.slice(0, -1);
  return { lines: kept, bytes: kept.reduce((bytes, line) => bytes + Buffer.byteLength(line) + 1, 0) };
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Makes a rename last. */
function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
