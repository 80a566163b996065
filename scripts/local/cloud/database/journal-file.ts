import { mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { readLines, replaceLines } from '../../lines.ts';
import { type Journal, type JournalEntry, writeEntry } from './journal.ts';
import { lockDirectory, type Unlock } from './journal-lock.ts';

const FILE = 'journal.ndjson';
/** Below this no one minds what is outdated in a journal. */
const COMPACTION_BYTES_MIN = 4 * 1024 * 1024;
/** A journal is looked through when it has grown this many times over, and rewritten if it is worth it. */
const COMPACTION_GROWTH = 3;
/** What it is worth it for: how many times longer it is than what it says. */
const COMPACTION_GAIN = 2;

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A journal in a directory: one line of JSON a commit. A line counts once it is on the disk (fdatasync); lines that
 * come while the disk works go together with the next. A second process in the same directory is refused.
 * @param options.compactionBytes from which size on the file is rewritten when most of it is outdated
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
  /** What was needed of the file when it was last looked through; 0 as long as nobody did. */
  #neededBytes = 0;
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
    const { lines, bytes } = readLines(this.#path);
    this.#bytes = bytes;
    return lines;
  }

  append(entry: JournalEntry): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const line = writeEntry(entry);
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
    const isLong = this.#bytes > Math.max(this.#compactionBytes, this.#neededBytes * COMPACTION_GROWTH);
    if (isLong) await this.#compact();
  }

  /**
   * Puts a new file, with what there is now, in the old one's place. What waits to be written is in it already;
   * writing it again after that changes nothing, since a line says what a document became, not how. A file that has
   * little outdated stays: it was long when it was opened, or grew by what is new.
   */
  async #compact(): Promise<void> {
    this.#neededBytes = 0;
    for (const line of this.#snapshot()) this.#neededBytes += Buffer.byteLength(line) + 1;
    if (this.#bytes < this.#neededBytes * COMPACTION_GAIN) return;
    this.#bytes = replaceLines(this.#path, this.#snapshot());
    await this.#file?.close();
    this.#file = undefined;
  }
}
