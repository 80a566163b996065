import { reportError } from '../problems.ts';
import { NoAnswer } from '../server.ts';
import { ApiFailure, fail, type Options } from './failure.ts';

/**
 * An asynchronous API as WeChat has them all: with success, fail and complete, or without them as a promise; the
 * answer says `<name>:ok` or `<name>:fail …`.
 */
export function api(name: string, run: (options: Options) => unknown): (options?: Options) => unknown {
  return (options = {}) => {
    const settled = settle(name, async () => run(options));
    const hasCallbacks = ['success', 'fail', 'complete'].some(
      (callback) => typeof options[callback] === 'function',
    );
    if (!hasCallbacks) {
      return settled.then(({ ok, answer }) => {
        if (!ok) throw answer;
        return answer;
      });
    }
    void settled.then(({ ok, answer }) => {
      callBack(name, options[ok ? 'success' : 'fail'], answer);
      callBack(name, options.complete, answer);
    });
    return undefined;
  };
}

async function settle(name: string, run: () => Promise<unknown>): Promise<{ ok: boolean; answer: unknown }> {
  try {
    const result = await run();
    return { ok: true, answer: { errMsg: `${name}:ok`, ...(typeof result === 'object' ? result : {}) } };
  } catch (error) {
    if (error instanceof ApiFailure)
      return { ok: false, answer: { errMsg: `${name}:fail ${error.message}`, ...error.fields } };
    reportError(`wx.${name}`, error);
    return {
      ok: false,
      answer: { errMsg: `${name}:fail ${error instanceof Error ? error.message : error}` },
    };
  }
}

function callBack(name: string, callback: unknown, answer: unknown): void {
  if (typeof callback !== 'function') return;
  try {
    callback(answer);
  } catch (error) {
    reportError(`wx.${name} callback`, error);
  }
}

/** Asks the server; an answer that did not come is a network error to the mini-program. */
export async function answered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NoAnswer) return fail('network error');
    throw error;
  }
}
