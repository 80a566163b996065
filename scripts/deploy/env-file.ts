import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, problem, warning } from './check/finding.ts';

export interface EnvFile {
  /** Its text; undefined where there is none, empty where it cannot be read. */
  readonly text: string | undefined;
  readonly findings: readonly Finding[];
}

const NAME = '.env';
const SAVE_AS = 'Save it as UTF-8 (in Notepad: Save As, Encoding UTF-8)';

/** Reads `.env` in whatever encoding an editor saved it, or says what it cannot be read for. */
export async function readEnvFile(root: string): Promise<EnvFile> {
  try {
    return decode(await readFile(join(root, NAME)));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    if (code === 'ENOENT') return { text: undefined, findings: [] };
    return unreadable(`cannot be read (${code}). It must be a file that you may read`);
  }
}

function decode(bytes: Uint8Array): EnvFile {
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  if (text.includes('\0')) return unreadable(`is not a text. ${SAVE_AS}`);
  if (encoding === 'utf-8') return { text, findings: [] };
  const problem = `is in ${encoding.toUpperCase()}, which the CloudBase CLI cannot read. ${SAVE_AS}`;
  return { text, findings: [warning(NAME, problem)] };
}

/** By its byte order mark; where UTF-16 has none, by the zero in its first character, which is an ASCII one. */
function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if ((first === 0xff && second === 0xfe) || second === 0) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || first === 0) return 'utf-16be';
  return 'utf-8';
}

const unreadable = (message: string): EnvFile => ({ text: '', findings: [problem(NAME, message)] });
