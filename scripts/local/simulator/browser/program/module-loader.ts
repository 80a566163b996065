import type { ModuleSource } from '../../wire.ts';

/** What a phone gives to every module. */
const PHONE_GLOBALS = [
  ...(['wx', 'App', 'Page', 'Component', 'Behavior', 'getApp', 'getCurrentPages'] as const),
  ...(['global', 'globalThis', 'Date'] as const),
] as const;

/**
 * What a browser has and a phone's logic layer has not. They are shadowed as undefined, so that code which would fail
 * on a phone fails here.
 */
const SHADOWED_GLOBALS = [
  ...['window', 'document', 'self', 'frames', 'parent', 'top', 'location', 'navigator', 'history', 'screen'],
  ...['localStorage', 'sessionStorage', 'indexedDB', 'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'],
  ...['Worker', 'Image', 'Audio', 'alert', 'confirm', 'prompt', 'crypto', 'performance', 'URL'],
  ...['URLSearchParams', 'TextEncoder', 'TextDecoder', 'Blob', 'File', 'FormData', 'Headers', 'Request'],
  ...['Response', 'AbortController', 'structuredClone', 'btoa', 'atob', 'requestAnimationFrame'],
  ...['cancelAnimationFrame', 'getComputedStyle', 'matchMedia', 'customElements', '__sim'],
] as const;

export type PhoneGlobals = Readonly<Record<(typeof PHONE_GLOBALS)[number], unknown>>;

type Wrapper = (
  require: (reference: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
) => void;

/** Loads modules as a phone does: once, when first required, and without the browser's own globals. */
export function createLoader(
  modules: Readonly<Record<string, ModuleSource>>,
  globals: PhoneGlobals,
): (file: string) => unknown {
  const loaded = new Map<string, { exports: unknown }>();
  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known) return known.exports;
    const source = modules[file];
    if (!source) throw new Error(`module '${file}' is not defined`);
    const module: { exports: unknown } = { exports: {} };
    loaded.set(file, module);
    const require = (reference: string) => {
      const target = source.requires[reference];
      if (!target) throw new Error(`module '${reference}' is not defined, require args is '${reference}'`);
      return load(target);
    };
    require.async = async (reference: string) => require(reference);
    compile(file, source.code, globals)(require, module, module.exports);
    return module.exports;
  };
  return load;
}

/**
 * The code begins on the first line and has the file's name, so that a stack trace points into the source. The
 * globals are parameters of an outer function: a module may declare an `Image` or a `history` of its own.
 */
function compile(file: string, code: string, globals: PhoneGlobals): Wrapper {
  const parameters = [...PHONE_GLOBALS, ...SHADOWED_GLOBALS].join(',');
  const inner = `return function(require,module,exports){${code}\n}`;
  const outer: unknown = globalEval(`(function(${parameters}){${inner}\n})\n//# sourceURL=${file}`);
  if (typeof outer !== 'function') throw new Error(`${file} did not compile to a module`);
  return outer(...PHONE_GLOBALS.map((name) => globals[name]));
}

/** Evaluates in the global scope, whatever surrounds the call. The code is the mini-program's own, just compiled. */
export function globalEval(code: string): unknown {
  // biome-ignore lint/security/noGlobalEval: running the project's source is what a simulator is for.
  return globalThis.eval(code);
}
