import { CODE_FILES } from '../../built-files.ts';
import { digest, ZIP_BYTES_MAX } from '../bundle.ts';
import { readArchive } from './archive.ts';

/** The cloud may pack again what it was sent. What takes more than this was not sent by us. */
export const DOWNLOAD_BYTES_MAX = 2 * ZIP_BYTES_MAX;

/**
 * The digest of the code in a downloaded archive, as `digest` gives it of what was built; or, where it cannot be ours,
 * what it is instead.
 * @param zip undefined where it was longer than DOWNLOAD_BYTES_MAX
 */
export function deployedCode(zip: Uint8Array | undefined): string {
  if (!zip) return `over ${DOWNLOAD_BYTES_MAX} bytes`;
  const archive = readArchive(zip, CODE_FILES);
  return archive.kind === 'refused' ? archive.reason : digest(archive.files);
}
