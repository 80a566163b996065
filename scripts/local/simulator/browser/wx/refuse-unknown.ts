import { reportError } from '../problems.ts';

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
 * found where it is called. `in` and `wx.canIUse` still answer correctly.
 */
export function refuseUnknown<Api extends object>(name: string, known: Api): Api {
  return new Proxy(known, {
    get(target, key) {
      if (key in target || typeof key === 'symbol' || HARMLESS.has(key)) return Reflect.get(target, key);
      return () => {
        const error = new Error(
          `${name}.${key} is not in the simulator (scripts/local/simulator/README.md has the list)`,
        );
        reportError(`${name}.${key}`, error);
        throw error;
      };
    },
  });
}
