import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The page's files by their paths. */
export type Page = Readonly<Record<string, { readonly type: string; readonly text: string }>>;

const BROWSER = new URL('./browser/', import.meta.url);

/** Bundles the page: one document, one script, one style sheet, nothing from outside. */
export async function bundlePage(): Promise<Page> {
  const { outputFiles } = await build({
    entryPoints: ['main.ts', 'main.css'].map((name) => fileURLToPath(new URL(name, BROWSER))),
    outdir: '/',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  const textOf = (name: string) => outputFiles.find(({ path }) => path.endsWith(name))?.text ?? '';
  return {
    '/': { type: 'text/html', text: await readFile(new URL('index.html', BROWSER), 'utf8') },
    '/main.js': { type: 'text/javascript', text: textOf('main.js') },
    '/main.css': { type: 'text/css', text: textOf('main.css') },
  };
}
