import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Engine } from './engine.ts';
import type { Subject } from './subject.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
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

/** Bundles what runs a seed, and loads it. */
export async function loadEngine(): Promise<Engine> {
  return import(await bundled(entry('./engine.ts'), 'engine'));
}

async function bundled(entryPoint: string, name: string, edit?: Edit): Promise<string> {
  await mkdir(BUNDLES, { recursive: true });
  const outfile = path.join(BUNDLES, `${name.replaceAll(/\W+/g, '-')}-${process.pid}.mjs`);
  await build({
    entryPoints: [entryPoint],
    bundle: true,
    outfile,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: edit ? [edited(edit)] : [],
  });
  return pathToFileURL(outfile).href;
}

function edited({ file, find, replace }: Edit): Plugin {
  const wanted = path.join(ROOT, 'cloudfunctions', file);
  return {
    name: 'deliberate-bug',
    setup({ onLoad, onEnd }) {
      let isEdited = false;
      // A file that is no longer part of the functions would leave them as they are, and look like a bug not found.
      onEnd(() => {
        if (!isEdited)
          throw new Error(`${file} is not among what is under simulation; a deliberate bug needs it.`);
      });
      onLoad({ filter: /\.ts$/ }, async (args) => {
        if (args.path !== wanted) return undefined;
        const text = await readFile(wanted, 'utf8');
        const times = text.split(find).length - 1;
        if (times !== 1)
          throw new Error(
            `${file} has ${JSON.stringify(find)} ${times} times; a deliberate bug needs it once.`,
          );
        isEdited = true;
        return { contents: text.replace(find, () => replace), loader: 'ts' };
      });
    },
  };
}
