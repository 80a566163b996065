import { extname } from 'node:path';
import { MEDIA_TYPES } from '../../media-types.ts';

/** What a browser shows. Everything else is bytes to it: no file that somebody uploaded runs as a page or a script. */
const TYPES: Readonly<Record<string, string>> = {
  ...MEDIA_TYPES,
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

export function contentTypeOf(path: string): string {
  return TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
}
