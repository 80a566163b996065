import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Plugin, transform } from 'esbuild';
import type { Engine } from './engine.ts';
import type { Subject } from './subject.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = path.join(ROOT, 'cloudfunctions');
const entry = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** Within the project, so that a bundle finds the packages that it leaves outside. */
const BUNDLES = path.join(ROOT, 'node_modules/.cache/simulation');

/** A change of one file of cloudfunctions/. */
export interface Edit {
  /** Below cloudfunctions/. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/**
 * Bundles what is under simulation, and loads it.
 * @param edit a deliberate bug to build in
 * @throws Error when the text to change is not in its file exactly once
 */
export async function loadSubject(name: string, edit?: Edit): Promise<Subject> {
  return import(await bundled(entry('./subject.ts'), name, edit));
}

/** What is under simulation: files below cloudfunctions/. */
export async function subjectFiles(): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    ...bundling(entry('./subject.ts')),
    absWorkingDir: SOURCES,
    metafile: true,
    write: false,
  });
  return new Set(Object.keys(metafile.inputs));
}

/**
 * Sees that a deliberate bug can be built in, without building it in: a table has a hundred.
 * @param files what is under simulation
 * @throws Error as `loadSubject` does, and when what the bug makes of its file is no TypeScript
 */
export async function checkEdit(edit: Edit, files: ReadonlySet<string>): Promise<void> {
  if (!files.has(edit.file)) throw notUnderSimulation(edit);
  const text = await readFile(path.join(SOURCES, edit.file), 'utf8');
  await transform(edited(edit, text), { loader: 'ts', logLevel: 'silent' });
}

/** Bundles what runs a seed, and loads it. */
export async function loadEngine(): Promise<Engine> {
  return import(await bundled(entry('./engine.ts'), 'engine'));
}

async function bundled(entryPoint: string, name: string, edit?: Edit): Promise<string> {
  await mkdir(BUNDLES, { recursive: true });
  const outfile = path.join(BUNDLES, `${name.replaceAll(/\W+/g, '-')}-${process.pid}.mjs`);
  await build({ ...bundling(entryPoint), outfile, plugins: edit ? [editing(edit)] : [] });
  return pathToFileURL(outfile).href;
}

function bundling(entryPoint: string) {
  return {
    entryPoints: [entryPoint],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
  } as const satisfies BuildOptions;
}

function editing(edit: Edit): Plugin {
  const wanted = path.join(SOURCES, edit.file);
  return {
    name: 'deliberate-bug',
    setup({ onLoad, onEnd }) {
      let isEdited = false;
      // A file that is no longer part of the functions would leave them as they are, and look like a bug not found.
      onEnd(() => {
        if (!isEdited) throw notUnderSimulation(edit);
      });
      onLoad({ filter: /\.ts$/ }, async (args) => {
        if (args.path !== wanted) return undefined;
        const contents = edited(edit, await readFile(wanted, 'utf8'));
        isEdited = true;
        return { contents, loader: 'ts' };
      });
    },
  };
}

function edited({ file, find, replace }: Edit, text: string): string {
  const times = text.split(find).length - 1;
  if (times === 1) return text.replace(find, () => replace);
  throw new Error(`${file} has ${JSON.stringify(find)} ${times} times; a deliberate bug needs it once.`);
}

function notUnderSimulation({ file }: Edit): Error {
  return new Error(`${file} is not among what is under simulation; a deliberate bug needs it.`);
}
