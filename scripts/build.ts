import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build as bundle, type Plugin, stop } from 'esbuild';
import { CODE_FILES } from './built-files.ts';
import { leanParser } from './lean-parser.ts';
import { functions } from './manifest.ts';
import { bundleSdk, SDK_FILE } from './sdk-bundle.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = path.join(ROOT, 'cloudfunctions');

/** What is uploaded by DevTools and by the CLI, and run by the local world. */
export const FUNCTIONS_DIRECTORY = path.join(ROOT, 'dist', 'cloudfunctions');

/** A function as it was built. */
export interface BuiltFunction {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Bundles every function of the manifest, with everything it needs, into `dist/cloudfunctions/<name>/`:
 * index.js, the SDK, a package.json without dependencies, and the config.json in which DevTools and the local world
 * find the timer.
 */
export async function build(): Promise<BuiltFunction[]> {
  await checkFolders();
  await removeLeftovers();
  const sdk = bundleSdk();
  const built = await Promise.all(functions.map(({ name }) => buildOne(name, sdk)));
  // The bundler's process keeps 400 MB of what it read, and the local world lives on for hours.
  await stop();
  return built;
}

async function buildOne(name: string, sdk: Promise<string>): Promise<BuiltFunction> {
  const folder = path.join(FUNCTIONS_DIRECTORY, name);
  await mkdir(folder, { recursive: true });
  const { outputFiles } = await bundle({
    entryPoints: [path.join(SOURCES, name, 'index.ts')],
    outdir: folder,
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    // The oldest runtime that a function may have been created on (scripts/deploy/compare/runtime.ts).
    target: 'node18',
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'warning',
    supported: {
      // A file that is required costs less to reach than one that is imported.
      'dynamic-import': false,
      // Node 18 has them. Without them valibot's expression for emoji, which nobody uses, is made at every start.
      'regexp-unicode-property-escapes': true,
    },
    plugins: [sdkBeside, onlyWhatIsUsed, leanParser],
  });
  const made = outputFiles.map((file) => [path.relative(folder, file.path), file.text] as const);
  const code = new Map([...made, [SDK_FILE, await sdk]]);
  const names = [...code.keys()].toSorted().join();
  if (names !== CODE_FILES.toSorted().join())
    throw new Error(`The bundle of ${name} is ${names}; scripts/built-files.ts names ${CODE_FILES}.`);
  for (const [file, text] of code) await writeChanged(path.join(folder, file), text);
  const trigger = functions.find((manifest) => manifest.name === name)?.trigger;
  const triggers = trigger ? [{ name: trigger.name, type: 'timer', config: trigger.config }] : [];
  await writeJson(path.join(folder, 'package.json'), {
    name,
    version: '1.0.0',
    private: true,
    main: 'index.js',
  });
  await writeJson(path.join(folder, 'config.json'), { permissions: { openapi: [] }, triggers });
  return { name, bytes: [...code.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0) };
}

/** Our code finds the SDK in the file beside it. */
const sdkBeside: Plugin = {
  name: 'sdk-beside',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^wx-server-sdk$/ }, () => ({ path: `./${SDK_FILE}`, external: true }));
  },
};

/** No module of ours does anything by being loaded, so one of which a function uses nothing stays out of its bundle. */
const onlyWhatIsUsed: Plugin = {
  name: 'only-what-is-used',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^\.{1,2}\// }, ({ path: relative, importer, resolveDir }) =>
      importer.startsWith(SOURCES)
        ? { path: path.join(resolveDir, relative), sideEffects: false }
        : undefined,
    );
  },
};

/** A folder that the manifest forgot would never be deployed, and nobody would notice. */
async function checkFolders(): Promise<void> {
  const entries = await readdir(SOURCES);
  const folders = entries.filter((entry) => existsSync(path.join(SOURCES, entry, 'index.ts'))).sort();
  const named = functions.map(({ name }) => name).sort();
  if (folders.join() !== named.join()) {
    throw new Error(
      `cloudfunctions/ has ${folders.join(', ')}; scripts/manifest.ts names ${named.join(', ')}.`,
    );
  }
}

/** What an earlier build left of functions that are no more. */
async function removeLeftovers(): Promise<void> {
  await mkdir(FUNCTIONS_DIRECTORY, { recursive: true });
  const named = new Set(functions.map(({ name }) => name));
  for (const entry of await readdir(FUNCTIONS_DIRECTORY)) {
    if (!named.has(entry)) await rm(path.join(FUNCTIONS_DIRECTORY, entry), { recursive: true });
  }
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeChanged(file, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Writes a file at once, and only where it differs: a local world or a test run that uses these files meanwhile finds
 * each of them whole, old or new. One that does not differ is as new as its sources all the same, and says so by its time.
 */
async function writeChanged(file: string, text: string): Promise<void> {
  if (existsSync(file) && (await readFile(file, 'utf8')) === text) {
    const now = new Date();
    return utimes(file, now, now);
  }
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, text);
  await rename(unfinished, file);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const built = await build();
  for (const { name, bytes } of built)
    console.log(`${name.padEnd(12)} ${(bytes / 1024).toFixed(0).padStart(6)} kB`);
  console.log(`Built into ${path.relative(process.cwd(), FUNCTIONS_DIRECTORY)}.`);
}
