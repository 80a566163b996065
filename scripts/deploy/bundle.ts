import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CODE_FILES, FOLDER_FILES, UPLOADED_FILES } from '../built-files.ts';
import { DeployError } from './errors.ts';
import { packZip } from './pack.ts';

/** A built function, ready to be sent. */
export interface Bundle {
  readonly name: string;
  readonly zip: Uint8Array;
  /** What `digest` gives of its code. */
  readonly code: string;
}

/** What may lie in the folder besides what the build puts there: DevTools uploads whatever it finds. */
const HARMLESS = /^[\w.-]+\.txt$/;
/** Above this the platform wants the code by way of object storage. */
export const ZIP_BYTES_MAX = 1.5 * 1024 * 1024;

/** Packs `folder/<name>/` for each name: the code at the root, and nothing that was not expected there. */
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
  const stray = files.find((file) => !FOLDER_FILES.includes(file) && !HARMLESS.test(file));
  if (stray) {
    throw new DeployError(
      'BUNDLE_UNEXPECTED_FILE',
      `${join(folder, stray)} does not belong in an uploaded folder`,
      {
        wayOut: `Remove it: DevTools would send it to the cloud. ${BUILD}`,
      },
    );
  }
  const missing = UPLOADED_FILES.find((file) => !files.includes(file));
  if (missing) {
    throw new DeployError('BUNDLE_MISSING', `${name} is not built: ${missing} is missing`, { wayOut: BUILD });
  }
  const read = UPLOADED_FILES.map(async (file) => [file, await readFile(join(folder, file))] as const);
  const contents = Object.fromEntries(await Promise.all(read));
  const zip = packZip(contents);
  if (zip.length > ZIP_BYTES_MAX) {
    throw new DeployError(
      'BUNDLE_TOO_LARGE',
      `${name} is ${zip.length} bytes as a zip; ${ZIP_BYTES_MAX} can be sent`,
      {
        wayOut: 'See what the bundle carries: a large import that the functions do not need?',
      },
    );
  }
  return { name, zip, code: digest(contents) };
}

/** SHA-256 over the code files, each with its name and length before it, in hex. Other files do not count. */
export function digest(files: Readonly<Record<string, Uint8Array>>): string {
  const hash = createHash('sha256');
  for (const name of CODE_FILES) {
    const contents = files[name] ?? new Uint8Array();
    hash.update(`${name}:${contents.length}:`).update(contents);
  }
  return hash.digest('hex');
}

const BUILD = 'Run: npm run build';
