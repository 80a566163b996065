import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';

const FOLDER = 'miniprogram_npm/';

const Package = v.looseObject({
  /** Where a package that was made for mini-programs has what belongs into one. */
  miniprogram: v.optional(v.string()),
  main: v.optional(v.string(), 'index.js'),
});

/** The packages that a phone brings along for whoever names them in `useExtendedLib` of app.json: WeUI is one of ours, too. */
const EXTENDED: Readonly<Record<string, string>> = { weui: 'weui-miniprogram' };
const OWN_PROJECT = fileURLToPath(new URL('../../../..', import.meta.url));
const UsesExtended = v.looseObject({ useExtendedLib: v.record(v.string(), v.unknown()) });

/** The packages that app.json asks the phone for. */
export function extendedLibraries(root: string): string[] {
  const app = v.safeParse(UsesExtended, parsed(path.join(root, 'app.json')));
  if (!app.success) return [];
  const used = Object.entries(app.output.useExtendedLib).filter(([, version]) => Boolean(version));
  return used.flatMap(([name]) => EXTENDED[name] ?? []);
}

/**
 * What DevTools' “build npm” would put into `miniprogram_npm`, straight from where npm installed it: of a package made for
 * mini-programs the folder that it names, of another one its main module as `index.js`. For projects that were not built.
 *
 * @param places folders that may have a `node_modules`, the nearest first
 * @param provided packages that are found without being installed
 * @returns where a file below `miniprogram_npm` is, absolute; undefined where npm has no such package
 */
export function unbuiltPackages(
  places: readonly string[],
  provided: readonly string[],
): (file: string) => string | undefined {
  const folders = new Map<string, { readonly place: string; readonly main?: string } | undefined>();
  const packageAt = (name: string) => {
    if (!folders.has(name))
      folders.set(name, find(name, provided.includes(name) ? [...places, OWN_PROJECT] : places));
    return folders.get(name);
  };
  return (file) => {
    if (!file.startsWith(FOLDER)) return undefined;
    const [first = '', second = '', ...rest] = file.slice(FOLDER.length).split('/');
    const isScoped = first.startsWith('@');
    const found = packageAt(isScoped ? `${first}/${second}` : first);
    if (!found) return undefined;
    const inside = path.join(...(isScoped ? rest : [second, ...rest]));
    if (found.main !== undefined && inside === 'index.js') return path.join(found.place, found.main);
    return path.join(found.place, inside);
  };
}

function find(name: string, places: readonly string[]) {
  for (const place of places) {
    const folder = path.join(place, 'node_modules', name);
    const manifest = path.join(folder, 'package.json');
    if (!existsSync(manifest)) continue;
    const read = v.safeParse(Package, parsed(manifest));
    if (!read.success) continue;
    const { miniprogram, main } = read.output;
    if (miniprogram !== undefined) return { place: path.join(folder, miniprogram) };
    return { place: folder, main: mainFile(folder, main) };
  }
  return undefined;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function mainFile(folder: string, main: string): string {
  const candidates = [main, `${main}.js`, path.join(main, 'index.js')];
  const isFile = (file: string) =>
    existsSync(path.join(folder, file)) && statSync(path.join(folder, file)).isFile();
  return candidates.find(isFile) ?? main;
}
