import path from 'node:path';
import * as v from 'valibot';
import type { ComponentConfig } from '../wire.ts';
import { type ProjectFiles, packageFolders, type Report, resolvePath } from './project.ts';

const ComponentJson = v.looseObject({
  component: v.optional(v.boolean(), false),
  usingComponents: v.optional(v.record(v.string(), v.string()), {}),
  componentGenerics: v.optional(
    v.record(v.string(), v.union([v.boolean(), v.looseObject({ default: v.optional(v.string()) })])),
    {},
  ),
  styleIsolation: v.optional(v.string()),
});

/** The pages, and from them every component that can come to be shown. */
export function readComponents(
  files: ProjectFiles,
  {
    pages,
    shared,
    extra,
  }: {
    pages: readonly string[];
    /** What app.json gives to all pages. */
    shared: Readonly<Record<string, string>>;
    /** Components that no page names, as a custom tab bar. */
    extra: readonly string[];
  },
  report: Report,
): Map<string, ComponentConfig> {
  const components = new Map<string, ComponentConfig>();
  const waiting = [
    ...pages.map((file) => ({ file, isPage: true, namedBy: 'app.json' })),
    ...extra.map((file) => ({ file, isPage: false, namedBy: 'app.json' })),
  ];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { file, isPage, namedBy } = next;
    if (components.has(file)) continue;
    const config = readComponent(
      files,
      { file, isPage, namedBy, shared, scope: `c${components.size}` },
      report,
    );
    if (!config) continue;
    components.set(file, config);
    for (const used of [...Object.values(config.usingComponents), ...Object.values(config.genericDefaults)]) {
      waiting.push({ file: used, isPage: false, namedBy: `${file}.json` });
    }
  }
  return components;
}

function readComponent(
  files: ProjectFiles,
  {
    file,
    isPage,
    namedBy,
    shared,
    scope,
  }: {
    file: string;
    isPage: boolean;
    namedBy: string;
    shared: Readonly<Record<string, string>>;
    scope: string;
  },
  report: Report,
): ComponentConfig | undefined {
  if (!files.isFile(`${file}.wxml`)) {
    report(`${namedBy}: ${file}.wxml is missing`);
    return undefined;
  }
  const json = files.isFile(`${file}.json`)
    ? files.json(`${file}.json`, ComponentJson)
    : v.parse(ComponentJson, {});
  const script = [`${file}.ts`, `${file}.js`].find((candidate) => files.isFile(candidate));
  if (!script) report(`${namedBy}: ${file}.ts is missing`);
  if (!json || !script) return undefined;

  const resolveAll = (references: Readonly<Record<string, string>>, from: string): Record<string, string> => {
    const resolved: Record<string, string> = {};
    for (const [name, reference] of Object.entries(references)) {
      const target = resolveComponent(files, reference, from);
      // What a library lacks that the phone brings along, DevTools cannot see.
      const isExtended = files.extended.some((library) => reference.startsWith(`${library}/`));
      if (target) resolved[name] = target;
      else
        report(
          `${from}: the component ${name} is not at ${reference}${packageHint(reference)}`,
          isExtended ? 'warning' : undefined,
        );
    }
    return resolved;
  };
  return {
    isPage,
    script,
    json,
    usingComponents: {
      ...resolveAll(shared, 'app.json'),
      ...resolveAll(json.usingComponents, `${file}.json`),
    },
    genericDefaults: resolveAll(genericDefaults(json.componentGenerics), `${file}.json`),
    ...(isPage || json.styleIsolation === 'shared' ? {} : { scope }),
  };
}

/** A reference that begins with a name may be one to a package. */
function packageHint(reference: string): string {
  const [name] = reference.match(/^(?:@[\w.-]+\/)?\w[\w.-]*/) ?? [];
  return name === undefined ? '' : `; if ${name} is a package, npm install ${name}`;
}

function genericDefaults(generics: v.InferOutput<typeof ComponentJson>['componentGenerics']) {
  const defaults: Record<string, string> = {};
  for (const [name, generic] of Object.entries(generics)) {
    if (typeof generic === 'object' && generic.default) defaults[name] = generic.default;
  }
  return defaults;
}

/** `/x` from the root, `./x` and `x` from the folder of `from`, else a package; a folder stands for its index. */
function resolveComponent(files: ProjectFiles, reference: string, from: string): string | undefined {
  const folders = reference.startsWith('/') || reference.startsWith('.') ? [] : packageFolders(from);
  const candidates = [
    resolvePath(reference, from),
    ...folders.map((folder) => path.posix.join(folder, reference)),
  ];
  return candidates
    .flatMap((candidate) => [candidate, `${candidate}/index`])
    .find((candidate) => files.isFile(`${candidate}.json`));
}
