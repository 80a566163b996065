import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { lockDirectory } from './cloud/database/journal-lock.ts';
import { CONTENT, FILE_LIST } from './cloud/storage/file-folder.ts';
import { SavedWorld } from './saved-world.ts';

/** What a data directory consists of, from its root; a world that was never saved to has none of them. */
const FILES = ['world.ndjson', 'trace.ndjson', path.join('database', 'journal.ndjson')] as const;
/** The cloud storage: its list, and the contents that the list names. */
const FILE_FOLDER = 'files';
const LABEL = 'snapshot.json';
const FOLDER = 'snapshots';
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u;

const Label = v.object({ saved_at: v.pipe(v.string(), v.isoTimestamp()) });

export interface Snapshot {
  readonly name: string;
  /** By the machine's clock. */
  readonly saved_at: Date;
}

/** What could not be done, and how it can. */
export class SnapshotError extends Error {}

/**
 * Copies a world's data directory to a snapshot in it, also while the world runs: its files are only added to, and half a
 * last line is cut off when they are read.
 * @throws SnapshotError when the name is not one, is taken, or there is no world
 */
export function saveSnapshot(
  data: string,
  name: string,
  how: { readonly now: Date; readonly replace: boolean },
): void {
  const place = placeOf(data, name);
  if (!isWorld(data))
    throw new SnapshotError(`There is no world in ${data}. Start one: npm start -- --data ${data}`);
  if (existsSync(place) && !how.replace)
    throw new SnapshotError(
      `There is a snapshot ${name} already. Choose another name, or --force to replace it.`,
    );
  const fresh = `${place}.new`;
  rmSync(fresh, { recursive: true, force: true });
  copyWorld(data, fresh);
  writeFileSync(path.join(fresh, LABEL), `${JSON.stringify({ saved_at: how.now.toISOString() })}\n`);
  rmSync(place, { recursive: true, force: true });
  renameSync(fresh, place);
}

/**
 * Puts a snapshot in the place of the world that is there; its clock goes on from the moment of saving, so that an order
 * which had ten minutes left has them again.
 * @throws SnapshotError when there is no such snapshot, or another world would be lost
 * @throws Error when a world is running on the directory
 */
export function loadSnapshot(
  data: string,
  name: string,
  how: { readonly now: Date; readonly replace: boolean },
): void {
  const place = placeOf(data, name);
  const label = readLabel(place);
  if (label === undefined)
    throw new SnapshotError(
      `There is no snapshot ${name} in ${data}. npm run world -- list shows what is there.`,
    );
  if (isWorld(data) && !how.replace)
    throw new SnapshotError(`The world in ${data} would be lost. Save it first, or --force to replace it.`);
  mkdirSync(path.join(data, 'database'), { recursive: true });
  const unlock = lockDirectory(path.join(data, 'database'));
  try {
    for (const file of [...FILES, FILE_FOLDER])
      rmSync(path.join(data, file), { recursive: true, force: true });
    copyWorld(place, data);
    const saved = new SavedWorld(data);
    saved.saveOffset(saved.offset + label.saved_at.getTime() - how.now.getTime());
    saved.close();
  } finally {
    unlock();
  }
}

/** The oldest first. */
export function listSnapshots(data: string): readonly Snapshot[] {
  const folder = path.join(data, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => {
      const label = NAME.test(name) ? readLabel(path.join(folder, name)) : undefined;
      return label === undefined ? [] : [{ name, ...label }];
    })
    .sort((one, other) => one.saved_at.getTime() - other.saved_at.getTime());
}

/** @throws SnapshotError when there is no such snapshot */
export function removeSnapshot(data: string, name: string): void {
  const place = placeOf(data, name);
  if (!existsSync(place)) throw new SnapshotError(`There is no snapshot ${name} in ${data}.`);
  rmSync(place, { recursive: true });
}

function placeOf(data: string, name: string): string {
  if (!NAME.test(name))
    throw new SnapshotError('A snapshot is named by letters, digits, _ and -, at most 64 of them.');
  return path.join(data, FOLDER, name);
}

function isWorld(directory: string): boolean {
  return FILES.some((file) => existsSync(path.join(directory, file)));
}

function copyWorld(from: string, to: string): void {
  for (const file of FILES) {
    const source = path.join(from, file);
    if (!existsSync(source)) continue;
    const target = path.join(to, file);
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(source, target);
  }
  copyFiles(path.join(from, FILE_FOLDER), path.join(to, FILE_FOLDER));
}

/** The list first: what is saved meanwhile is not in it, and no content of it goes away while the world runs. */
function copyFiles(from: string, to: string): void {
  if (!existsSync(path.join(from, FILE_LIST))) return;
  mkdirSync(to, { recursive: true });
  copyFileSync(path.join(from, FILE_LIST), path.join(to, FILE_LIST));
  for (const name of readdirSync(from).filter((each) => CONTENT.test(each)))
    copyFileSync(path.join(from, name), path.join(to, name));
}

/** Undefined where no snapshot is. */
function readLabel(place: string): { readonly saved_at: Date } | undefined {
  const file = path.join(place, LABEL);
  if (!existsSync(file)) return undefined;
  const { saved_at } = v.parse(Label, JSON.parse(readFileSync(file, 'utf8')));
  return { saved_at: new Date(saved_at) };
}
