import { MODULE_PARAMETERS, type ModuleSource, SHADOWED_GLOBALS } from '../wire.ts';

/** The names a module of the mini-program sees, apart from its own require, module and exports. */
export type PhoneGlobals = Readonly<Record<Exclude<(typeof MODULE_PARAMETERS)[number], OwnName>, unknown>>;
type OwnName = 'require' | 'module' | 'exports';

type Wrapper = (...values: unknown[]) => void;

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
    const own: Record<string, unknown> = { ...globals, require, module, exports: module.exports };
    compile(file, source.code)(...MODULE_PARAMETERS.map((name) => own[name]));
    return module.exports;
  };
  return load;
}

/** The code begins on the first line and has the file's name, so that a stack trace points into the source. */
function compile(file: string, code: string): Wrapper {
  const parameters = [...MODULE_PARAMETERS, ...SHADOWED_GLOBALS].join(',');
  const wrapper: unknown = globalEval(`(function(${parameters}){${code}\n})\n//# sourceURL=${file}`);
  if (typeof wrapper !== 'function') throw new Error(`${file} did not compile to a module`);
  return (...values) => wrapper(...values);
}

/** Evaluates in the global scope, whatever surrounds the call. The code is the mini-program's own, just compiled. */
export function globalEval(code: string): unknown {
  // biome-ignore lint/security/noGlobalEval: running the project's source is what a simulator is for.
  return globalThis.eval(code);
}
