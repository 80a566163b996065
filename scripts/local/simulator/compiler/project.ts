import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { extendedLibraries, unbuiltPackages } from './packages.ts';

/**
 * Says what is wrong with the project, with the file in front: `pages/shop/shop.wxml:3:5 …`. What WeChat's own compiler only
 * warns of is a warning, and the mini-program runs.
 */
export type Report = (problem: string, severity?: 'warning') => void;

/** The files of a mini-program, by their path from `miniprogramRoot`, with forward slashes and without a leading one. */
export interface ProjectFiles {
  readonly root: string;
  readonly appid: string;
  /** The packages that app.json asks the phone for. */
  readonly extended: readonly string[];
  /** The absolute path of a file, whether it is there or not. */
  locate(file: string): string;
  isFile(file: string): boolean;
  read(file: string): string;
  /** Parses a JSON file; what is wrong with it is reported, and the answer is then undefined. */
  json<Schema extends v.GenericSchema>(file: string, schema: Schema): v.InferOutput<Schema> | undefined;
}

const ProjectConfig = v.looseObject({
  miniprogramRoot: v.optional(v.string(), ''),
  appid: v.optional(v.string(), 'touristappid'),
});

/** Opens the project whose project.config.json is in `directory`. */
export function openProject(directory: string, report: Report): ProjectFiles | undefined {
  const config = readJson(path.join(directory, 'project.config.json'), ProjectConfig, (problem) =>
    report(`project.config.json: ${problem}. A mini-program project has this file in its first folder`),
  );
  if (!config) return undefined;
  const root = path.resolve(directory, config.miniprogramRoot);
  const extended = extendedLibraries(root);
  const packaged = unbuiltPackages([root, directory], extended);
  const locate = (file: string) => {
    const own = path.join(root, file);
    return existsSync(own) ? own : (packaged(file) ?? own);
  };
  return {
    root,
    appid: config.appid,
    extended,
    locate,
    isFile: (file) => existsSync(locate(file)) && statSync(locate(file)).isFile(),
    read: (file) => readFileSync(locate(file), 'utf8'),
    json: (file, schema) => readJson(locate(file), schema, (problem) => report(`${file}: ${problem}`)),
  };
}

/** The absolute path of `miniprogramRoot`, or of the project itself while its project.config.json cannot be read. */
export function readMiniprogramRoot(directory: string): string {
  return openProject(directory, () => {})?.root ?? path.resolve(directory);
}

/** Where a reference leads: from the root when it begins with a slash, else from the folder of `from`. */
export function resolvePath(reference: string, from: string): string {
  const joined = reference.startsWith('/') ? reference : path.posix.join(path.posix.dirname(from), reference);
  return path.posix.normalize(joined).replace(/^\/+/, '');
}

/** Packages of DevTools' “build npm” are what others wrote: their warnings are not the project's. */
export function isPackage(file: string): boolean {
  return file.split('/').includes('miniprogram_npm');
}

/** The folders in which a package may lie, nearest first: every `miniprogram_npm` up to the root. */
export function packageFolders(from: string): string[] {
  const steps = path.posix
    .dirname(from)
    .split('/')
    .filter((step) => step !== '.');
  return [...steps.keys(), steps.length]
    .reverse()
    .map((depth) => path.posix.join(...steps.slice(0, depth), 'miniprogram_npm'));
}

function readJson<Schema extends v.GenericSchema>(
  file: string,
  schema: Schema,
  report: Report,
): v.InferOutput<Schema> | undefined {
  if (!existsSync(file)) {
    report('is missing');
    return undefined;
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    report(`is not JSON (${error instanceof Error ? error.message : String(error)})`);
    return undefined;
  }
  const parsed = v.safeParse(schema, content);
  if (parsed.success) return parsed.output;
  for (const issue of parsed.issues) report(`${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  return undefined;
}
