import type { AssociatedBackend, CodeSpace } from 'glass-easel-miniprogram-adapter';
import type { ComponentConfig, Program } from '../../wire.ts';
import { WorldDate } from '../clock.ts';
import { callListener, observeByWxs } from '../render/component-descriptor.ts';
import { onScreen } from '../screen.ts';
import { globalEval } from './module-loader.ts';

type StaticConfig = Parameters<CodeSpace['addComponentStaticConfig']>[1];
type Templates = Readonly<Record<string, unknown>>;

/** Gives the framework every template, with what the component's JSON says. */
export function registerTemplates(program: Program, codeSpace: CodeSpace): void {
  const templates = evaluateTemplates(program.templates);
  for (const [path, config] of Object.entries(program.components)) {
    codeSpace.addComponentStaticConfig(path, staticConfig(config));
    codeSpace.addCompiledTemplate(path, { groupList: templates, content: templates[path] } as never);
  }
}

/** WXS runs inside the templates: it has getRegExp and getDate, knows a value's type by name, and gets descriptors. */
function evaluateTemplates(code: string): Templates {
  const evaluate = globalEval(
    `(function(getRegExp,getDate,$constructorName,$observe,$call){return ${code}\n})\n//# sourceURL=templates`,
  );
  if (typeof evaluate !== 'function') throw new Error('the templates did not compile');
  return evaluate(getRegExp, getDate, constructorName, observeByWxs, callListener);
}

/** Gives the framework every style sheet, and each component its scope. */
export function registerStyles(program: Program, codeSpace: CodeSpace, backend: AssociatedBackend): void {
  for (const [path, css] of Object.entries(program.styles)) {
    codeSpace.addStyleSheet(path, path, program.components[path]?.scope);
    backend.registerStyleSheetContent(path, onScreen(css));
  }
  for (const [path, { scope }] of Object.entries(program.components)) {
    if (scope && program.styles[path] === undefined) codeSpace.addStyleSheet(path, undefined, scope);
  }
}

/** A component's JSON as the framework takes it; its style isolation may have been said elsewhere. */
export function staticConfig(config: ComponentConfig, styleIsolation?: string): StaticConfig {
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

function getRegExp(pattern: string, flags?: string): RegExp {
  return new RegExp(pattern, flags);
}

function getDate(...values: []): Date {
  return new WorldDate(...values);
}

function constructorName(value: unknown): string {
  return value === null || value === undefined ? 'Object' : value.constructor.name;
}
