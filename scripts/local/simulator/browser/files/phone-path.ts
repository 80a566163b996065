import { FileProblem } from './file-problem.ts';

/** Where a mini-program may write. */
export const USER_DATA_PATH = 'wxfile://usr';
const SAVED = 'wxfile://store_';
const TEMPORARY = 'wxfile://tmp_';

/** The mini-program's own folder, what it saved, what it was given for now. */
export type Area = 'user' | 'saved' | 'temporary';

export function areaOf(path: string): Area | undefined {
  if (path === USER_DATA_PATH || path.startsWith(`${USER_DATA_PATH}/`)) return 'user';
  if (path.startsWith(SAVED)) return 'saved';
  return path.startsWith(TEMPORARY) ? 'temporary' : undefined;
}

/**
 * A path of the phone without `.`, `..`, and slashes that say nothing.
 * @throws FileProblem denied, when it is none of the phone's or leads out of its area
 */
export function tidyPath(path: string): string {
  const area = areaOf(path);
  if (!area) throw new FileProblem('denied');
  const rest = area === 'user' ? path.slice(USER_DATA_PATH.length) : path.slice('wxfile://'.length);
  const parts: string[] = [];
  for (const part of rest.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) throw new FileProblem('denied');
  }
  if (area === 'user') return [USER_DATA_PATH, ...parts].join('/');
  const name = `wxfile://${parts.join('/')}`;
  if (parts.length !== 1 || areaOf(name) !== area) throw new FileProblem('denied');
  return name;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

export function savedPath(number: number, extension: string): string {
  return `${SAVED}${String(number).padStart(12, '0')}${extension}`;
}

export function temporaryPath(number: number, extension: string): string {
  return `${TEMPORARY}${String(number).padStart(12, '0')}${extension}`;
}

/** With its dot; empty for a name without. */
export function extensionOf(path: string): string {
  return /\.[A-Za-z0-9]{1,10}$/.exec(path)?.[0].toLowerCase() ?? '';
}
