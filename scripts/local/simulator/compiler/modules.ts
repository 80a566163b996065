import path from 'node:path';
import { transform } from 'esbuild';
import type { ModuleSource } from '../wire.ts';
import { type ProjectFiles, packageFolders, type Report, resolvePath } from './project.ts';

/** Compiled modules by their source, so that a reload compiles only what was edited. */
export type ModuleCache = Map<string, { readonly source: string; readonly code: string }>;

/**
 * Every module that can be reached from `entries`, as CommonJS, with where each `require` leads. One that is not there stops a
 * phone only where it is required, so it is a warning.
 */
export async function compileModules(
  files: ProjectFiles,
  { entries, cache }: { entries: readonly string[]; cache: ModuleCache },
  report: Report,
): Promise<Record<string, ModuleSource>> {
  const modules: Record<string, ModuleSource> = {};
  const waiting = [...entries];
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (modules[file]) continue;
    const code = await compileModule(file, files.read(file), cache, report);
    const requires: Record<string, string> = {};
    for (const reference of requiresOf(code)) {
      const target = resolveModule(files, reference, file);
      if (target) {
        requires[reference] = target;
        waiting.push(target);
      } else report(`${file}: the module '${reference}' is not found${hintFor(reference)}`, 'warning');
    }
    modules[file] = { code, requires };
  }
  return modules;
}

async function compileModule(
  file: string,
  source: string,
  cache: ModuleCache,
  report: Report,
): Promise<string> {
  const cached = cache.get(file);
  if (cached?.source === source) return cached.code;
  try {
    const { code } = await transform(source, {
      loader: file.endsWith('.ts') ? 'ts' : 'js',
      format: 'cjs',
      target: 'es2022',
      sourcefile: file,
      sourcemap: 'inline',
      legalComments: 'none',
      // A mini-program's properties are assigned, not defined, as DevTools compiles them.
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    });
    cache.set(file, { source, code });
    return code;
  } catch (error) {
    for (const problem of transformErrors(error)) report(`${file}${problem}`);
    return '';
  }
}

function transformErrors(error: unknown): string[] {
  if (!(error instanceof Error) || !('errors' in error) || !Array.isArray(error.errors)) {
    return [` ${error instanceof Error ? error.message : String(error)}`];
  }
  return error.errors.map(({ text, location }) =>
    location ? `:${location.line}:${location.column + 1} ${text}` : ` ${text}`,
  );
}

function requiresOf(code: string): Set<string> {
  const references = [...code.matchAll(/\brequire(?:\.async)?\(\s*["']([^"']+)["']\s*\)/g)];
  return new Set(references.flatMap(([, reference]) => (reference ? [reference] : [])));
}

function resolveModule(files: ProjectFiles, reference: string, from: string): string | undefined {
  if (reference.endsWith('.ts')) return undefined;
  const folders = reference.startsWith('/') || reference.startsWith('.') ? [] : packageFolders(from);
  return [resolvePath(reference, from), ...folders.map((folder) => path.posix.join(folder, reference))]
    .flatMap((base) => {
      const bare = base.replace(/\.js$/, '');
      return [`${bare}.ts`, `${bare}.js`, `${base}/index.ts`, `${base}/index.js`];
    })
    .find((candidate) => files.isFile(candidate));
}

function hintFor(reference: string): string {
  if (reference.endsWith('.ts')) return ': DevTools compiles .ts to .js, so leave the extension out';
  if (reference.endsWith('.json')) return ': a mini-program cannot require JSON; export it from a .ts file';
  if (/^[./]/.test(reference)) return '';
  return ': is the package built into miniprogram_npm?';
}
