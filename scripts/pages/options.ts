import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';

export const USAGE = `Opens every page of a mini-program in the local world, and reports what goes wrong and what the simulator has not.

  npm run pages -- [options]

  --project DIR      another mini-program project than this one
  --collections A,B  collections that the other project uses
  --queries FILE     JSON, what pages are opened with: { "pages/goods/goods": "?id=1" }
  --pictures DIR     takes a picture of each page
  --help             this text`;

export interface PagesOptions {
  readonly help: boolean;
  /** Absolute. */
  readonly project: string;
  readonly collections: readonly string[];
  readonly queries: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly pictures?: string;
}

/** What was asked for cannot be; the message says why. */
export class PagesOptionError extends Error {}

const Queries = v.record(v.string(), v.pipe(v.string(), v.startsWith('?')));

/** @throws PagesOptionError when an option is unknown, or a file cannot be read */
export function readPagesOptions(args: string[]): PagesOptions {
  try {
    const { values } = parseArgs({
      args,
      options: {
        project: { type: 'string', default: '.' },
        collections: { type: 'string', default: '' },
        queries: { type: 'string' },
        pictures: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const { help, project, collections, queries, pictures } = values;
    return {
      help,
      project: path.resolve(project),
      collections: collections === '' ? [] : collections.split(',').map((name) => name.trim()),
      queries: queries === undefined ? {} : v.parse(Queries, JSON.parse(readFileSync(queries, 'utf8'))),
      ...(pictures !== undefined && { pictures: path.resolve(pictures) }),
    };
  } catch (error) {
    throw new PagesOptionError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}
