import { FileProblem } from './file-problem.ts';
import {
  areaOf,
  extensionOf,
  parentOf,
  savedPath,
  temporaryPath,
  tidyPath,
  USER_DATA_PATH,
} from './phone-path.ts';

/** A file, or a folder, which has no bytes. */
export interface Entry {
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** In milliseconds, by the world's clock. */
  readonly modified: number;
}

/** Receives every change of what outlives the mini-program. */
export interface FileSaver {
  save(path: string, entry: Entry): void;
  remove(path: string): void;
}

/** https://developers.weixin.qq.com/miniprogram/dev/framework/ability/file-system.html: 200 MB of what is kept. */
export const KEPT_BYTES_MAX = 200 * 1024 * 1024;
/** Our own: the oldest temporary file makes room. */
const TEMPORARY_BYTES_MAX = 200 * 1024 * 1024;

/**
 * The files of one mini-program on one phone: its own folder, what it saved, and temporary ones, which are only read and
 * are gone when it starts again.
 */
export class PhoneFiles {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  readonly #saver: FileSaver;
  readonly #maxima: { readonly kept: number; readonly temporary: number };
  #temporaries = 0;

  constructor({
    now,
    saver,
    entries = [],
    maxima = { kept: KEPT_BYTES_MAX, temporary: TEMPORARY_BYTES_MAX },
  }: {
    now: () => number;
    saver: FileSaver;
    entries?: Iterable<readonly [string, Entry]>;
    maxima?: { readonly kept: number; readonly temporary: number };
  }) {
    this.#now = now;
    this.#saver = saver;
    this.#maxima = maxima;
    for (const [path, entry] of entries) this.#entries.set(path, entry);
    if (!this.#entries.has(USER_DATA_PATH)) this.#entries.set(USER_DATA_PATH, { modified: now() });
  }

  /** @throws FileProblem missing */
  entry(path: string): Entry {
    const entry = this.#entries.get(tidyPath(path));
    if (!entry) throw new FileProblem('missing');
    return entry;
  }

  /** @throws FileProblem missing, or directory */
  read(path: string): Uint8Array<ArrayBuffer> {
    const { bytes } = this.entry(path);
    if (!bytes) throw new FileProblem('directory');
    return bytes;
  }

  has(path: string): boolean {
    return areaOf(path) !== undefined && this.#entries.has(tidyPath(path));
  }

  /** @throws FileProblem denied outside the mini-program's folder; missing without the folder it is to be in */
  write(path: string, bytes: Uint8Array<ArrayBuffer>): void {
    const place = this.#writable(path);
    if (place === USER_DATA_PATH || (this.#entries.has(place) && !this.#entries.get(place)?.bytes))
      throw new FileProblem('directory');
    this.#checkParent(place);
    this.#put(place, bytes);
  }

  /** A file to be read until the mini-program starts again. */
  addTemporary(bytes: Uint8Array<ArrayBuffer>, extension: string): string {
    const path = temporaryPath(++this.#temporaries, extension);
    this.#entries.set(path, { bytes, modified: this.#now() });
    const all = this.#paths('temporary');
    let sum = this.#bytesIn(['temporary']);
    for (const oldest of all.slice(0, -1)) {
      if (sum <= this.#maxima.temporary) break;
      sum -= this.#entries.get(oldest)?.bytes?.length ?? 0;
      this.#entries.delete(oldest);
    }
    return path;
  }

  /** Moves a temporary file to where it stays: under a name of the phone's own, or one in the mini-program's folder. */
  save(temporary: string, path?: string): string {
    const bytes = this.read(temporary);
    const place = path ?? savedPath(this.#nextSaved(), extensionOf(temporary));
    if (path === undefined) this.#put(place, bytes);
    else this.write(path, bytes);
    if (areaOf(temporary) === 'temporary') this.#entries.delete(tidyPath(temporary));
    return place;
  }

  /** What `save` kept under names of the phone's own. */
  saved(): readonly (readonly [path: string, entry: Entry])[] {
    return this.#paths('saved').map((path) => [path, this.entry(path)]);
  }

  makeFolder(path: string, isRecursive: boolean): void {
    const place = this.#writable(path);
    if (this.#entries.has(place)) {
      if (isRecursive && !this.#entries.get(place)?.bytes) return;
      throw new FileProblem('exists');
    }
    if (isRecursive && !this.#entries.has(parentOf(place))) this.makeFolder(parentOf(place), true);
    this.#checkParent(place);
    this.#set(place, { modified: this.#now() });
  }

  /** Names of what lies directly in a folder. */
  list(path: string): string[] {
    if (this.entry(path).bytes) throw new FileProblem('not a directory');
    return this.below(path).filter((name) => !name.includes('/'));
  }

  /** Paths, from a folder on, of all that lies in it. */
  below(path: string): string[] {
    const prefix = `${tidyPath(path)}/`;
    return [...this.#entries.keys()]
      .filter((each) => each.startsWith(prefix))
      .map((each) => each.slice(prefix.length))
      .toSorted();
  }

  removeFile(path: string): void {
    if (!this.entry(path).bytes) throw new FileProblem('directory');
    const place = areaOf(path) === 'user' ? this.#writable(path) : tidyPath(path);
    this.#delete(place);
  }

  removeFolder(path: string, isRecursive: boolean): void {
    const place = this.#writable(path);
    if (this.entry(place).bytes) throw new FileProblem('not a directory');
    if (place === USER_DATA_PATH) throw new FileProblem('denied');
    const below = this.below(place);
    if (below.length > 0 && !isRecursive) throw new FileProblem('not empty');
    for (const name of below) this.#delete(`${place}/${name}`);
    this.#delete(place);
  }

  rename(from: string, to: string): void {
    const [old, fresh] = [this.#writable(from), this.#writable(to)];
    const entry = this.entry(old);
    if (old === USER_DATA_PATH || fresh === USER_DATA_PATH || fresh.startsWith(`${old}/`))
      throw new FileProblem('denied');
    this.#checkParent(fresh);
    if (old === fresh) return;
    const moved = this.below(old).map((name) => [`${old}/${name}`, `${fresh}/${name}`] as const);
    if (this.#entries.has(fresh)) {
      if (entry.bytes) this.removeFile(fresh);
      else this.removeFolder(fresh, false);
    }
    for (const [source, target] of [[old, fresh] as const, ...moved]) {
      this.#set(target, this.entry(source));
      this.#delete(source);
    }
  }

  #writable(path: string): string {
    if (areaOf(path) !== 'user') throw new FileProblem('denied');
    return tidyPath(path);
  }

  #checkParent(place: string): void {
    const parent = this.#entries.get(parentOf(place));
    if (!parent) throw new FileProblem('missing');
    if (parent.bytes) throw new FileProblem('not a directory');
  }

  #put(path: string, bytes: Uint8Array<ArrayBuffer>): void {
    const replaced = this.#entries.get(path)?.bytes?.length ?? 0;
    const kept = this.#bytesIn(['user', 'saved']);
    if (kept - replaced + bytes.length > this.#maxima.kept) throw new FileProblem('full');
    this.#set(path, { bytes, modified: this.#now() });
  }

  #set(path: string, entry: Entry): void {
    this.#entries.set(path, entry);
    this.#saver.save(path, entry);
  }

  #delete(path: string): void {
    this.#entries.delete(path);
    if (areaOf(path) !== 'temporary') this.#saver.remove(path);
  }

  #paths(area: 'saved' | 'temporary'): string[] {
    return [...this.#entries.keys()].filter((path) => areaOf(path) === area);
  }

  #bytesIn(areas: readonly string[]): number {
    let sum = 0;
    for (const [path, { bytes }] of this.#entries)
      if (areas.includes(areaOf(path) ?? '')) sum += bytes?.length ?? 0;
    return sum;
  }

  #nextSaved(): number {
    const numbers = this.#paths('saved').map((path) => Number(/_(\d+)/.exec(path)?.[1] ?? 0));
    return Math.max(0, ...numbers) + 1;
  }
}
