import { api } from './api.ts';
import { fail, type Options } from './failure.ts';
import { listeners } from './listeners.ts';

export interface Progress {
  readonly progress: number;
  readonly sent: number;
  readonly expected: number;
}

/**
 * An API that answers a task, which without callbacks is a promise too: uploads and downloads, which can be given up.
 *
 * @param words what the two numbers of a progress are called
 */
export function taskApi(
  name: string,
  words: { readonly sent: string; readonly expected: string },
  run: (options: Options, report: (progress: Progress) => void) => Promise<object>,
): (options?: Options) => unknown {
  return (options = {}) => {
    const progress = listeners<object>(`${name} progress`);
    const headers = listeners<object>(`${name} headers`);
    let abort: () => void = () => {};
    const aborted = new Promise<'aborted'>((resolve) => {
      abort = () => resolve('aborted');
    });
    const report = ({ progress: percent, sent, expected }: Progress) =>
      progress.emit({ progress: percent, [words.sent]: sent, [words.expected]: expected });
    const answer = api(name, async (given) => {
      const outcome = await Promise.race([run(given, report), aborted]);
      return outcome === 'aborted' ? fail('abort') : outcome;
    })(options);
    const task = {
      abort,
      onProgressUpdate: progress.add,
      offProgressUpdate: progress.remove,
      onHeadersReceived: headers.add,
      offHeadersReceived: headers.remove,
    };
    return answer instanceof Promise ? Object.assign(answer, task) : task;
  };
}
