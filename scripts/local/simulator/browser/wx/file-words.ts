import { FileProblem, type FileReason } from '../files/file-problem.ts';
import { fail } from './failure.ts';

/** https://developers.weixin.qq.com/miniprogram/dev/framework/usability/PublicErrno.html */
const ERRNO: Readonly<Record<FileReason, number>> = {
  missing: 1300002,
  denied: 1300013,
  'not a directory': 1300020,
  'not empty': 1300066,
  full: 1300202,
  directory: 1301003,
  exists: 1301005,
};

type Words = Partial<Record<FileReason, string>>;
/**
 * Runs what may meet a FileProblem, and ends the API in the phone's words for it.
 * @param words where they are others than usual
 */
export function worded<Answer>(words: Words, path: string, run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return fail(words[error.reason] ?? usualWords(path)[error.reason], { errno: ERRNO[error.reason] });
  }
}

function usualWords(path: string): Readonly<Record<FileReason, string>> {
  return {
    missing: `no such file or directory, open ${path}`,
    denied: `permission denied, open ${path}`,
    exists: `file already exists ${path}`,
    directory: `illegal operation on a directory, open ${path}`,
    'not a directory': `not a directory ${path}`,
    'not empty': 'directory not empty',
    full: 'the maximum size of the file storage limit is exceeded',
  };
}

/** Of what goes from one path to another. */
export function onBoth(both: string): Words {
  return { missing: `no such file or directory, ${both}`, denied: `permission denied, ${both}` };
}
