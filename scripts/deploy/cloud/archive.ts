import { unzipSync } from 'fflate';

/** What an archive holds of the files asked for, or why it is not read. Either way nothing is written to disk. */
export type Archive =
  | { readonly kind: 'files'; readonly files: Readonly<Record<string, Uint8Array>> }
  | { readonly kind: 'refused'; readonly reason: string };

/** All the files asked for together, unpacked. Ours take about a megabyte. */
export const UNPACKED_BYTES_MAX = 20 * 1024 * 1024;
const ENTRIES_MAX = 1_000;
/** As much of a name as says which entry is meant. */
const NAME_CHARACTERS_MAX = 60;

/**
 * Reads the named files of a zip, in memory. Whoever may upload a function may upload any archive, so its names are never
 * used as paths, a link is only its text, and neither claims nor contents take more room than the limits say.
 * The reason of a refusal is safe to print.
 */
export function readArchive(zip: Uint8Array, names: readonly string[]): Archive {
  const seen: string[] = [];
  let unpacked = 0;
  const isWanted = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    seen.push(name);
    if (seen.length > ENTRIES_MAX) throw new Refusal(`more than ${ENTRIES_MAX} entries`);
    if (leadsOutside(name)) throw new Refusal(`holds ${show(name)}`);
    if (!names.includes(name)) return false;
    if (seen.indexOf(name) < seen.length - 1) throw new Refusal(`${name} twice`);
    unpacked += originalSize;
    if (unpacked > UNPACKED_BYTES_MAX) throw new Refusal(`${name} of ${originalSize} bytes`);
    return true;
  };
  try {
    const files = unzipSync(zip, { filter: isWanted });
    const missing = names.find((name) => !Object.hasOwn(files, name));
    return missing ? { kind: 'refused', reason: `no ${missing}` } : { kind: 'files', files };
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Refusal ? error.message : 'not a zip' };
  }
}

class Refusal extends Error {}

/** No file of a function is named so; an archive that has such a name was made to write elsewhere. */
const leadsOutside = (name: string): boolean =>
  /^\/|^[A-Za-z]:|\\/.test(name) || name.split('/').includes('..');

/** JSON spells out what a terminal would obey, except for the C1 controls. */
const show = (name: string): string =>
  JSON.stringify(name.slice(0, NAME_CHARACTERS_MAX)).replaceAll(/[\u007f-\u009f]/g, '?');
