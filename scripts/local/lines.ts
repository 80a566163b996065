import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Text that is gathered for one write. */
const CHUNK_CHARACTERS = 64 * 1024;

export interface Lines {
  readonly lines: readonly string[];
  readonly bytes: number;
}

/**
 * The lines of JSON that were written whole. A process that is killed can leave half a line at the end: no caller
 * was answered that it is saved, so it is cut off. No file has no lines.
 * @throws Error when a line before the end cannot be read: then the file was damaged, and guessing would lose more
 */
export function readLines(path: string): Lines {
  if (!existsSync(path)) return { lines: [], bytes: 0 };
  const content = readFileSync(path);
  const whole = wholeLines(content, path);
  if (whole.bytes < content.length) truncateSync(path, whole.bytes);
  return whole;
}

/**
 * Puts a new file in the old one's place, at once: whoever is killed meanwhile leaves the old one whole.
 * @returns its bytes
 */
export function replaceLines(path: string, lines: Iterable<string>): number {
  const descriptor = openSync(`${path}.new`, 'w');
  let bytes = 0;
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    bytes += writeSync(descriptor, chunk);
    chunk = '';
  }
  bytes += writeSync(descriptor, chunk);
  fdatasyncSync(descriptor);
  closeSync(descriptor);
  renameSync(`${path}.new`, path);
  syncDirectory(dirname(path));
  return bytes;
}

function wholeLines(content: Buffer, path: string): Lines {
  const end = content.lastIndexOf('\n') + 1;
  const lines = content.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  const broken = lines.findIndex((line) => !isJson(line));
  if (broken === -1) return { lines, bytes: end };
  if (broken < lines.length - 1) {
    throw new Error(
      `${path} is damaged at line ${broken + 1}. Fix or remove that line, or start with another --data directory.`,
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
