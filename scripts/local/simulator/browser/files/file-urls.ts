import { MEDIA_TYPES } from '../../../media-types.ts';
import type { Entry, PhoneFiles } from './phone-files.ts';

/** Addresses under which the browser finds files of the phone, one for each content. */
export class FileUrls {
  readonly #files: PhoneFiles;
  readonly #known = new Map<string, { readonly entry: Entry; readonly url: string }>();

  constructor(files: PhoneFiles) {
    this.#files = files;
  }

  /** An address that leads nowhere where there is no such file, so that a picture's error is reported as on a phone. */
  of(path: string): string {
    if (!this.#files.has(path)) return 'blob:none';
    const entry = this.#files.entry(path);
    const known = this.#known.get(path);
    if (known?.entry === entry) return known.url;
    if (known) URL.revokeObjectURL(known.url);
    const extension = /\.[a-z0-9]+$/i.exec(path)?.[0].toLowerCase() ?? '';
    const blob = new Blob(entry.bytes ? [entry.bytes] : [], { type: MEDIA_TYPES[extension] ?? '' });
    const url = URL.createObjectURL(blob);
    this.#known.set(path, { entry, url });
    return url;
  }
}
