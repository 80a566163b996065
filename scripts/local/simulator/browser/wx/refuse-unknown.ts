import { reportError, reportMissing } from '../problems.ts';

/** What a promise, a console or a test asks any object for. */
const HARMLESS = new Set([
  'then',
  'toJSON',
  'constructor',
  'nodeType',
  'asymmetricMatch',
  '$$typeof',
  'length',
]);

/**
 * Lets an object be asked for anything: what it has not is a function that throws its name, so that a missing API is
 * found where it is called. `in` still answers correctly.
 */
export function refuseUnknown<Api extends object>(name: string, known: Api): Api {
  return watchUnknown(known, (key) => () => {
    reportMissing(`${name}.${key}`);
    const error = new Error(
      `${name}.${key} is not in the simulator (scripts/local/simulator/README.md has the list)`,
    );
    reportError(`${name}.${key}`, error);
    throw error;
  });
}

/**
 * An API of `wx` itself that is not here is undefined, as on a phone whose WeChat is too old for it: mini-programs ask for it
 * before they call it (`if (wx.createWorker)`). Its name is reported; a call throws “wx.createWorker is not a function”.
 */
export function reportUnknown<Api extends object>(name: string, known: Api): Api {
  return watchUnknown(known, (key) => void reportMissing(`${name}.${key}`));
}

function watchUnknown<Api extends object>(known: Api, unknown: (key: string) => unknown): Api {
  return new Proxy(known, {
    get(target, key) {
      if (key in target || typeof key === 'symbol' || HARMLESS.has(key)) return Reflect.get(target, key);
      return unknown(key);
    },
  });
}
