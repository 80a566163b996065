import { deflateRawSync } from 'node:zlib';
import { Zip, ZipPassThrough } from 'fflate';

/** Zip files cannot store times before 1980, and one fixed time makes equal files give equal zips. */
const ZIP_TIME = new Date(1980, 0, 2);
const DEFLATE = 8;

/**
 * Packs files by their names. Node's zlib makes of our code 3 % less than fflate's own packer does. Another Node may bring another
 * zlib and so other bytes: what is compared is what the files hold, never the zip.
 */
export function packZip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [];
  const zip = new Zip((error, part) => {
    if (error) throw error;
    parts.push(part);
  });
  for (const [name, contents] of Object.entries(files)) {
    const file = new Deflated(name);
    zip.add(file);
    file.push(contents, true);
  }
  zip.end();
  return Buffer.concat(parts);
}

/** A file that is given in one piece. */
class Deflated extends ZipPassThrough {
  override compression = DEFLATE;
  override mtime = ZIP_TIME;

  protected override process(contents: Uint8Array, isFinal: boolean): void {
    this.ondata(null, new Uint8Array(deflateRawSync(contents, { level: 9 })), isFinal);
  }
}
