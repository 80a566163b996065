import { readdirSync } from 'node:fs';
import path from 'node:path';
import { MINIPROGRAM_ROOT } from './checker.ts';

/** The project's files with one of these endings, relative to the mini-program's root, sorted. */
export function miniprogramFiles(project: string, ...endings: readonly string[]): string[] {
  return readdirSync(path.join(project, MINIPROGRAM_ROOT), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .sort();
}
