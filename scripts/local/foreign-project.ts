import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { PERMISSIONS, type Permission } from './cloud/access.ts';
import { type Deployed, firstDocuments } from './deployed.ts';

/** What another project has for the cloud; its functions stay where they are, under its `cloudfunctionRoot`. */
export interface ForeignProject extends Deployed {
  /** What will not work, and what to do about it. */
  readonly problems: readonly string[];
}

/** The folder cannot be run; the message says why. */
export class ProjectError extends Error {}

/** Beside project.config.json, for what a project has in its console and not in its files. */
export const WORLD_FILE = 'local-world.json';

/** The platform's own for a function that sets nothing. */
const TIMEOUT_SECONDS = 20;
const MEMORY_MB = 256;

/** What a new collection has: the console calls it 仅创建者可读写. */
const NEW: Permission = 'PRIVATE';
/** Half a security rule leaves the other half to the creator. */
const OWNER_ONLY = 'doc._openid == auth.openid';
const COLLECTION = /^[A-Za-z][\w-]{0,63}$/;

/** wx-server-sdk, for functions whose packages are not installed: on the platform it is there as well. */
const OWN_PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const PROVIDED = ['wx-server-sdk', '@cloudbase/node-sdk'];

const Config = v.looseObject({
  cloudfunctionRoot: v.optional(v.string()),
  miniprogramRoot: v.optional(v.string()),
});
const Rule = v.union([v.string(), v.boolean()]);
/** Under one of the console's four permissions, or under a security rule. */
const Collection = v.strictObject({
  permission: v.optional(v.picklist(PERMISSIONS), NEW),
  read: v.exactOptional(Rule),
  write: v.exactOptional(Rule),
  documents: v.optional(v.array(v.record(v.string(), v.unknown())), []),
});
const World = v.strictObject({
  collections: v.optional(
    v.record(v.pipe(v.string(), v.regex(COLLECTION, 'is no name of a collection')), Collection),
    {},
  ),
  variables: v.optional(v.record(v.string(), v.string()), {}),
});
const Package = v.looseObject({ dependencies: v.optional(v.record(v.string(), v.string()), {}) });

/**
 * Reads another mini-program project: its functions, their timers' files stay where they are, and the collections that
 * `local-world.json` beside its project.config.json declares, or `collections` does.
 * @param collections names, each under the rule of a new collection: only its creator reads and writes
 * @throws ProjectError when the folder is no project, or a file of it cannot be read
 */
export function readForeignProject(directory: string, collections: readonly string[] = []): ForeignProject {
  const config = readConfig(directory);
  const world = readFile(path.join(directory, WORLD_FILE), World) ?? v.parse(World, {});
  for (const name of collections)
    if (!COLLECTION.test(name)) throw new ProjectError(`--collections: ${name} is no name of a collection.`);
  const declared = {
    ...Object.fromEntries(collections.map((name) => [name, v.parse(Collection, {})])),
    ...world.collections,
  };
  const functionsDirectory = path.resolve(directory, config.cloudfunctionRoot ?? 'cloudfunctions');
  const folders = foldersOf(functionsDirectory);
  const names = folders.filter((name) => existsSync(path.join(functionsDirectory, name, 'index.js')));
  return {
    functionsDirectory,
    functions: names.map((name) => ({
      ...{ name, timeout: TIMEOUT_SECONDS, memorySize: MEMORY_MB, invoke: 'shoppers' as const },
      environment: ['NODE_PATH', ...Object.keys(world.variables)],
    })),
    collections: Object.entries(declared).map(([name, { permission, read, write }]) => ({
      ...{ name, indexes: [], rule: { read: read ?? OWNER_ONLY, write: write ?? OWNER_ONLY } },
      ...(read === undefined && write === undefined && { permission }),
    })),
    documents: Object.fromEntries(
      Object.entries(declared).map(([name, { documents }]) => [name, firstDocuments(documents)]),
    ),
    variables: { ...world.variables, NODE_PATH: OWN_PACKAGES },
    problems: [
      ...folders
        .filter((name) => !names.includes(name) && looksLikeSource(path.join(functionsDirectory, name)))
        .map(unbuilt),
      ...names.flatMap((name) => missingPackages(path.join(functionsDirectory, name), name)),
    ],
  };
}

/** Another folder than this project's own, which is run from what `npm run build` made of it. */
export function isForeign(directory: string): boolean {
  return path.resolve(directory) !== path.dirname(OWN_PACKAGES);
}

function readConfig(directory: string) {
  if (!existsSync(directory) || !statSync(directory).isDirectory())
    throw new ProjectError(`There is no folder ${directory}.`);
  const config = readFile(path.join(directory, 'project.config.json'), Config);
  if (!config)
    throw new ProjectError(`${directory} is no mini-program project: it has no project.config.json.`);
  const app = path.join(directory, config.miniprogramRoot ?? '', 'app.json');
  if (!existsSync(app))
    throw new ProjectError(
      `${directory} is no mini-program project: there is no ${path.relative(directory, app)}.`,
    );
  return config;
}

/** Undefined where there is none. */
function readFile<Schema extends v.GenericSchema>(
  file: string,
  schema: Schema,
): v.InferOutput<Schema> | undefined {
  if (!existsSync(file)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ProjectError(`${file} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = v.safeParse(schema, content);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new ProjectError(`${file}: ${v.getDotPath(issue) ?? ''} ${issue.message}`);
}

function foldersOf(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^[A-Za-z][\w-]*$/.test(entry.name))
    .map(({ name }) => name)
    .toSorted();
}

function looksLikeSource(folder: string): boolean {
  return existsSync(path.join(folder, 'index.ts')) || existsSync(path.join(folder, 'package.json'));
}

function unbuilt(name: string): string {
  return `Function ${name} has no index.js: build it first.`;
}

function missingPackages(folder: string, name: string): string[] {
  const { dependencies } = readFile(path.join(folder, 'package.json'), Package) ?? { dependencies: {} };
  const missing = Object.keys(dependencies).filter((dependency) => !isThere(folder, dependency));
  if (missing.length === 0) return [];
  return [`Function ${name} needs ${missing.join(', ')}: npm install --prefix ${folder}`];
}

function isThere(folder: string, dependency: string): boolean {
  if (isBuiltin(dependency) || PROVIDED.includes(dependency)) return true;
  const paths = createRequire(path.join(folder, 'index.js')).resolve.paths(dependency) ?? [];
  return paths.some((place) => existsSync(path.join(place, dependency)));
}
