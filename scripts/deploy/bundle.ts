import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { DeployError } from './errors.ts';

/** A built function, ready to be sent. */
export interface Bundle {
  readonly name: string;
  readonly zip: Uint8Array;
  /** SHA-256 of index.js, in hex. */
  readonly code: string;
}

/** What goes up. config.json is for DevTools, which reads it from the folder. */
const UPLOADED = ['index.js', 'package.json'] as const;
/** What may lie in the folder: DevTools uploads whatever it finds there. */
const EXPECTED = /^(index\.js|package\.json|config\.json|[\w.-]+\.txt)$/;
/** Above this the platform wants the code by way of object storage. */
const ZIP_BYTES_MAX = 1.5 * 1024 * 1024;
/** Zip files cannot tell times before 1980, and one fixed time makes equal code give equal zips. */
const ZIP_TIME = new Date(1980, 0, 2);

/** Packs `folder/<name>/` for each name: index.js at the root, and nothing that was not expected there. */
export function readBundles(folder: string, names: readonly string[]): Promise<readonly Bundle[]> {
  return Promise.all(names.map((name) => readBundle(join(folder, name), name)));
}

async function readBundle(folder: string, name: string): Promise<Bundle> {
  const files = await readdir(folder).catch((cause: unknown) => {
    throw new DeployError('BUNDLE_MISSING', `${name} is not built: there is no ${folder}`, {
      wayOut: BUILD,
      cause,
    });
  });
  const stray = files.find((file) => !EXPECTED.test(file));
  if (stray) {
    throw new DeployError(
      'BUNDLE_UNEXPECTED_FILE',
      `${join(folder, stray)} does not belong in an uploaded folder`,
      {
        wayOut: `Remove it: DevTools would send it to the cloud. ${BUILD}`,
      },
    );
  }
  const missing = UPLOADED.find((file) => !files.includes(file));
  if (missing) {
    throw new DeployError('BUNDLE_MISSING', `${name} is not built: ${missing} is missing`, { wayOut: BUILD });
  }
  const contents = await Promise.all(
    UPLOADED.map(async (file) => [file, await readFile(join(folder, file))] as const),
  );
  const zip = zipSync(Object.fromEntries(contents), { mtime: ZIP_TIME });
  if (zip.length > ZIP_BYTES_MAX) {
    throw new DeployError(
      'BUNDLE_TOO_LARGE',
      `${name} is ${zip.length} bytes as a zip; ${ZIP_BYTES_MAX} can be sent`,
      {
        wayOut: 'See what the bundle carries: a large import that the functions do not need?',
      },
    );
  }
  return { name, zip, code: digest(contents[0]?.[1] ?? Buffer.alloc(0)) };
}

export const digest = (code: Uint8Array): string => createHash('sha256').update(code).digest('hex');

const BUILD = 'Run: npm run build';
