import type { AssociatedBackend, CodeSpace } from 'glass-easel-miniprogram-adapter';
import type { Program } from '../../wire.ts';
import { reportError, reportWarning } from '../problems.ts';
import { onScreen } from '../screen.ts';
import { builtinBehaviors } from './builtin-behaviors.ts';
import { carriedData } from './carried-data.ts';
import { registerStyles, registerTemplates, staticConfig } from './program-parts.ts';
import { withoutEcho } from './property-observers.ts';

/**
 * What a page, component or behavior hands to Page(), Component() or Behavior(). The adapter's types describe one that
 * is written in place; what comes from a mini-program is only known when it runs, hence `as never` below.
 */
interface Definition {
  behaviors?: unknown[];
  data?: unknown;
  options?: { styleIsolation?: string; addGlobalClass?: boolean };
  [field: string]: unknown;
}

export interface Registry {
  /** Runs the script of a page or component, and of everything it uses, once. */
  ensure(path: string): void;
  /** What the script of a page or component threw while it was run; undefined where it ran. */
  failureOf(path: string): unknown;
  readonly Page: (definition: Definition) => void;
  readonly Component: (definition?: Definition) => unknown;
  readonly Behavior: (definition?: Definition) => unknown;
}

/** Gives the framework every compiled page and component, and the phone its Page(), Component() and Behavior(). */
export function createRegistry({
  program,
  codeSpace,
  backend,
  load,
}: {
  program: Program;
  codeSpace: CodeSpace;
  backend: AssociatedBackend;
  load: (file: string) => unknown;
}): Registry {
  const builtin = builtinBehaviors(codeSpace);
  const ensured = new Set<string>();
  const registered = new Set<string>();
  const failures = new Map<string, unknown>();
  /** Whose script runs now. A package may call Component() from a shared module, so only the moment of the call shows it. */
  let current = '';

  registerTemplates(program, codeSpace);
  registerStyles(program, codeSpace, backend);

  const prepare = (definition: Definition): Definition => {
    applyIsolation(definition);
    const behaviors = definition.behaviors?.map((behavior) =>
      typeof behavior === 'string' ? builtin(behavior, current) : behavior,
    );
    const { data } = definition;
    const isChecked = typeof data === 'object' && data !== null && !isPackage(current);
    return {
      ...definition,
      ...(behaviors && { behaviors }),
      ...('properties' in definition && { properties: withoutEcho(definition.properties) }),
      ...(isChecked && { data: carriedData({ ...data }, `${current} data`, reportWarning) }),
    };
  };

  /** The adapter reads a component's style isolation from its JSON only; it may be in the definition's options. */
  const applyIsolation = ({ options }: Definition) => {
    const wanted = options?.styleIsolation ?? (options?.addGlobalClass ? 'apply-shared' : undefined);
    const config = program.components[current];
    if (!wanted || !config || config.json.styleIsolation !== undefined) return;
    codeSpace.addComponentStaticConfig(current, staticConfig(config, wanted));
    const css = program.styles[current];
    if (wanted === 'shared' && css)
      backend.registerStyleSheetContent(current, onScreen(css.replaceAll(`.${config.scope}--`, '.')));
  };

  const ensure = (path: string) => {
    const config = program.components[path];
    if (!config || ensured.has(path)) return;
    ensured.add(path);
    for (const used of [...Object.values(config.usingComponents), ...Object.values(config.genericDefaults)])
      ensure(used);
    const before = current;
    current = path;
    try {
      load(config.script);
      if (!registered.has(path)) throw new Error(`"${path}" has not been registered yet.`);
    } catch (error) {
      failures.set(path, error);
      reportError(config.script, error);
      if (!registered.has(path)) standIn(config.isPage);
    } finally {
      current = before;
    }
  };

  const inCurrent = <Result>(call: (env: ComponentEnv) => Result): Result =>
    codeSpace.componentEnv(current, (env) => call(env));
  const register = (call: (env: ComponentEnv) => unknown) => {
    const result = inCurrent(call);
    registered.add(current);
    return result;
  };
  /** One without data and methods: the framework wants every component that a template names. */
  const standIn = (isPage: boolean) =>
    inCurrent((env) => (isPage ? env.Page({} as never) : env.Component({} as never)));
  const Behavior = (definition?: Definition) =>
    inCurrent((env) => (definition ? env.Behavior(prepare(definition) as never) : env.Behavior()));
  Behavior.trait = (...args: []) => inCurrent((env) => env.Behavior.trait(...args));

  return {
    ensure,
    failureOf: (path) => failures.get(path),
    Page: (definition) => void register((env) => env.Page(prepare(definition) as never)),
    Component: (definition) =>
      register((env) => (definition ? env.Component(prepare(definition) as never) : env.Component())),
    Behavior,
  };
}

type ComponentEnv = Parameters<Parameters<CodeSpace['componentEnv']>[1]>[0];
function isPackage(path: string): boolean {
  return path.includes('miniprogram_npm/');
}
