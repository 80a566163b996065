import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';

/** How a function's code reaches the SDK: by `require`, so that a call that needs no database never loads it. */
export const SDK_FILE = 'sdk.js';

/**
 * What the SDK loads with itself, is half of it, and nothing that a payment does touches. Each is replaced by a stub that
 * throws its name when it is used. The SDK's own files (wx-server-sdk, @cloudbase/node-sdk, @cloudbase/database) are taken as
 * they were published.
 */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  '@cloudbase/ai': 'cloud.ai()',
  '@cloudbase/app': 'cloud.ai()',
  'web-streams-polyfill': 'cloud.ai()',
  '@cloudbase/wx-cloud-client-sdk': 'data models and SQL databases',
  jsonwebtoken: 'auth().createTicket()',
  xml2js: 'reading the rights of a file in cloud storage',
  'mime-types': 'uploading files',
  'mime-db': 'openapi calls that upload a picture',
};

/** The switch: true builds the SDK whole, for functions of your own that use something of the list above. */
export const IS_WHOLE = false;

/**
 * Bundles wx-server-sdk into one file that exports what the package exports.
 * @returns its text, the same for the same packages
 */
export async function bundleSdk({ isWhole = IS_WHOLE } = {}): Promise<string> {
  const fromPackage = { isUsed: false };
  const { outputFiles } = await build({
    stdin: { contents: "module.exports = require('wx-server-sdk');", resolveDir: import.meta.dirname },
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    // The oldest runtime that a function may have been created on (scripts/deploy/compare/runtime.ts).
    target: 'node18',
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [sdkVersion(fromPackage), ...(isWhole ? [] : [leaveOut])],
  });
  if (!fromPackage.isUsed)
    throw new Error(
      '@cloudbase/node-sdk reads its version in another way now: look at dist/utils/version.js.',
    );
  return outputFiles[0]?.text ?? '';
}

/** A module that is left out. It may be loaded, and throws as soon as something of it is wanted. */
const leaveOut: Plugin = {
  name: 'leave-out',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^[@a-z]/ }, ({ path: name }) =>
      Object.hasOwn(LEFT_OUT, name) ? { path: name, namespace: 'left-out' } : undefined,
    );
    esbuild.onLoad({ filter: /./, namespace: 'left-out' }, ({ path: name }) => {
      const message = `${name} is left out of ${SDK_FILE} (it serves ${LEFT_OUT[name]}). To have it, set IS_WHOLE in scripts/sdk-bundle.ts`;
      // `__esModule` is asked for when the module is loaded, by those who compile to CommonJS.
      const get = `(_, property) => { if (property === '__esModule') return true; throw new Error(${JSON.stringify(message)}); }`;
      return { contents: `module.exports = new Proxy({}, { get: ${get} });` };
    });
  },
};

/**
 * @cloudbase/node-sdk reads its version from the package.json beside it, which a bundle does not have, and would call
 * itself `unknow` to the cloud. That file stays as it is; the `fs` that it requires answers with the package.json.
 */
function sdkVersion(fromPackage: { isUsed: boolean }): Plugin {
  return {
    name: 'sdk-version',
    setup(esbuild) {
      esbuild.onResolve({ filter: /^fs$/ }, ({ importer }) => {
        if (!/@cloudbase[\\/]node-sdk[\\/]dist[\\/]utils[\\/]version\.js$/.test(importer)) return undefined;
        return { path: importer, namespace: 'sdk-version' };
      });
      esbuild.onLoad({ filter: /./, namespace: 'sdk-version' }, async ({ path: importer }) => {
        fromPackage.isUsed = true;
        const file = path.join(path.dirname(importer), '../../package.json');
        const { version } = JSON.parse(await readFile(file, 'utf8'));
        const manifest = JSON.stringify(JSON.stringify({ version }));
        return { contents: `exports.readFileSync = () => ${manifest};` };
      });
    },
  };
}
