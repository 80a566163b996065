import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Wait } from './cloud/poll.ts';
import type { Print } from './print.ts';

/** What a deployment needs from the machine it runs on. */
export interface Machine {
  /** The project's folder, with `.env` and `dist/cloudfunctions/`. */
  readonly root: string;
  readonly processEnvironment: Readonly<Record<string, string | undefined>>;
  readonly print: Print;
  /** Asks the person at the terminal; undefined when there is none. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  readonly wait: Wait;
  readonly now: () => Date;
  readonly fetch: typeof globalThis.fetch;
}

/** A file of the project, or undefined where it is not there or cannot be read. */
export async function readText(root: string, path: string): Promise<string | undefined> {
  return readFile(join(root, path), 'utf8').catch(() => undefined);
}
