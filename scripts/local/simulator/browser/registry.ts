import type { AssociatedBackend, CodeSpace } from 'glass-easel-miniprogram-adapter';
import type { ComponentConfig, Program } from '../wire.ts';
import { builtinBehaviors } from './builtin-behaviors.ts';
import { WorldDate } from './clock.ts';
import { globalEval } from './module-loader.ts';
import { reportError } from './problems.ts';
import { assertCarriable } from './set-data-check.ts';

/** What a page, component or behavior hands to Page(), Component() or Behavior(). */
interface Definition {
  behaviors?: unknown[];
  data?: unknown;
  options?: { styleIsolation?: string; addGlobalClass?: boolean };
  [field: string]: unknown;
}

export interface Registry {
  /** Runs the script of a page or component, and of everything it uses, once. */
  ensure(path: string): void;
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
  /** Whose script runs now. A package may call Component() from a shared module, so only the moment of the call tells. */
  let current = '';

  registerTemplates(program, codeSpace);
  registerStyles(program, codeSpace, backend);

  const prepare = (definition: Definition): Definition => {
    if (definition.data !== undefined && typeof definition.data !== 'function' && !isPackage(current)) {
      assertCarriable(definition.data, `${current} data`);
    }
    applyIsolation(definition);
    const behaviors = definition.behaviors?.map((behavior) =>
      typeof behavior === 'string' ? builtin(behavior, current) : behavior,
    );
    return behaviors ? { ...definition, behaviors } : definition;
  };

  /** The adapter reads a component's style isolation from its JSON only; it may stand in the definition's options. */
  const applyIsolation = ({ options }: Definition) => {
    const wanted = options?.styleIsolation ?? (options?.addGlobalClass ? 'apply-shared' : undefined);
    const config = program.components[current];
    if (!wanted || !config || config.json.styleIsolation !== undefined) return;
    codeSpace.addComponentStaticConfig(current, staticConfig(config, wanted));
    const css = program.styles[current];
    if (wanted === 'shared' && css)
      backend.registerStyleSheetContent(current, css.replaceAll(`.${config.scope}--`, '.'));
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
    } catch (error) {
      reportError(config.script, error);
    } finally {
      current = before;
    }
  };

  const inCurrent = <Result>(call: (env: ComponentEnv) => Result): Result =>
    codeSpace.componentEnv(current, (env) => call(env));
  const Behavior = (definition?: Definition) =>
    inCurrent((env) => (definition ? env.Behavior(prepare(definition) as never) : env.Behavior()));
  Behavior.trait = (...args: []) => inCurrent((env) => env.Behavior.trait(...args));

  return {
    ensure,
    Page: (definition) => inCurrent((env) => env.Page(prepare(definition) as never)),
    Component: (definition) =>
      inCurrent((env) => (definition ? env.Component(prepare(definition) as never) : env.Component())),
    Behavior,
  };
}

type ComponentEnv = Parameters<Parameters<CodeSpace['componentEnv']>[1]>[0];
type StaticConfig = Parameters<CodeSpace['addComponentStaticConfig']>[1];
type Templates = Readonly<Record<string, unknown>>;

function registerTemplates(program: Program, codeSpace: CodeSpace): void {
  const templates = evaluateTemplates(program.templates);
  for (const [path, config] of Object.entries(program.components)) {
    codeSpace.addComponentStaticConfig(path, staticConfig(config));
    codeSpace.addCompiledTemplate(path, { groupList: templates, content: templates[path] } as never);
  }
}

/** WXS runs inside the templates: it has getRegExp and getDate, and knows a value's type by name. */
function evaluateTemplates(code: string): Templates {
  const evaluate = globalEval(
    `(function(getRegExp,getDate,$constructorName){return ${code}\n})\n//# sourceURL=templates`,
  );
  if (typeof evaluate !== 'function') throw new Error('the templates did not compile');
  return evaluate(getRegExp, getDate, constructorName);
}

function registerStyles(program: Program, codeSpace: CodeSpace, backend: AssociatedBackend): void {
  for (const [path, css] of Object.entries(program.styles)) {
    codeSpace.addStyleSheet(path, path, program.components[path]?.scope);
    backend.registerStyleSheetContent(path, css);
  }
  for (const [path, { scope }] of Object.entries(program.components)) {
    if (scope && program.styles[path] === undefined) codeSpace.addStyleSheet(path, undefined, scope);
  }
}

function staticConfig(config: ComponentConfig, styleIsolation?: string): StaticConfig {
  const absolute = (paths: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, `/${path}`]));
  const generics = Object.entries(config.json.componentGenerics ?? {}).map(([name]) => {
    const target = config.genericDefaults[name];
    return [name, target ? { default: `/${target}` } : true];
  });
  return {
    ...config.json,
    component: config.isPage ? config.json.component === true : true,
    usingComponents: absolute(config.usingComponents),
    componentGenerics: Object.fromEntries(generics),
    ...(styleIsolation && { styleIsolation }),
  } as StaticConfig;
}

function isPackage(path: string): boolean {
  return path.includes('miniprogram_npm/');
}

function getRegExp(pattern: string, flags?: string): RegExp {
  return new RegExp(pattern, flags);
}

function getDate(...values: []): Date {
  return new WorldDate(...values);
}

function constructorName(value: unknown): string {
  return value === null || value === undefined ? 'Object' : value.constructor.name;
}
