import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The page's files by their paths. */
export type Page = Readonly<Record<string, { readonly type: string; readonly text: string }>>;

const BROWSER = new URL('./browser/', import.meta.url);
/** What stands in index.html for the two files beside it. */
const STYLE_LINK = '<link rel="stylesheet" href="/main.css" />';
const SCRIPT_LINK = '<script type="module" src="/main.js"></script>';

/** Bundles the page: one document, one script, one style sheet, nothing from outside. */
export async function bundlePage(): Promise<Page> {
  const { script, style } = await bundle({ minify: false, sourcemap: 'inline' });
  return {
    '/': { type: 'text/html', text: await readDocument() },
    '/main.js': { type: 'text/javascript', text: script },
    '/main.css': { type: 'text/css', text: style },
  };
}

/**
 * The page as one file that needs no server.
 * @returns what puts a recording into it, which is JSON without `<`
 */
export async function bundleFile(): Promise<(recording: string) => string> {
  const { script, style } = await bundle({ minify: true, sourcemap: false });
  const document = await readDocument();
  // Whatever text comes to stand in the file, the browser runs this one script of it.
  const policy = [
    ...["default-src 'none'", "base-uri 'none'", "form-action 'none'", "style-src 'unsafe-inline'"],
    ...['img-src data:', `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`],
  ].join('; ');
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy}" />\n<style>${style}</style>`;
  return (recording) =>
    document
      .replace(STYLE_LINK, () => head)
      .replace(SCRIPT_LINK, '')
      .replace(
        '</body>',
        () =>
          `<script type="application/json" id="recording">${recording}</script>\n<script>${script}</script>\n</body>`,
      );
}

async function bundle(how: {
  readonly minify: boolean;
  readonly sourcemap: 'inline' | false;
}): Promise<{ readonly script: string; readonly style: string }> {
  const { outputFiles } = await build({
    entryPoints: ['main.ts', 'main.css'].map((name) => fileURLToPath(new URL(name, BROWSER))),
    outdir: '/',
    bundle: true,
    write: false,
    format: how.minify ? 'iife' : 'esm',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'warning',
    ...how,
  });
  const textOf = (name: string) => outputFiles.find(({ path }) => path.endsWith(name))?.text ?? '';
  return { script: textOf('main.js'), style: textOf('main.css') };
}

function readDocument(): Promise<string> {
  return readFile(new URL('index.html', BROWSER), 'utf8');
}
