import { cp, readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { describe, expect, test, vi } from 'vitest';
import { build } from '../../scripts/build.ts';
import { CODE_FILES, UPLOADED_FILES } from '../../scripts/built-files.ts';
import { readBundles } from '../../scripts/deploy/bundle.ts';
import { functions } from '../../scripts/manifest.ts';
import { setUp } from './set-up.ts';
import { loadMain } from './stand-in-code.ts';

const DIST = fileURLToPath(new URL('../../dist/cloudfunctions', import.meta.url));

const bundles = await readBundles(
  DIST,
  functions.map(({ name }) => name),
);

describe('what is really built', () => {
  test.each(bundles)(
    "$name goes up as the files of the build's list, two of code, in less than 200 kB",
    ({ zip }) => {
      expect(Object.keys(unzipSync(zip))).toEqual([...UPLOADED_FILES]);
      expect(CODE_FILES).toHaveLength(2);
      expect(zip.length).toBeLessThan(200 * 1024);
    },
  );

  test('is as new as its sources when it is built again, changed or not', async () => {
    const files = functions.flatMap(({ name }) => CODE_FILES.map((file) => join(DIST, name, file)));
    await Promise.all(files.map((file) => utimes(file, 1, 1)));
    await build();
    for (const file of files) expect((await stat(file)).mtimeMs).toBeGreaterThan(1000);
  });

  test.each(functions)(
    '$name has the timer of the manifest in the config.json for DevTools',
    async ({ name, trigger }) => {
      const config = JSON.parse(await readFile(join(DIST, name, 'config.json'), 'utf8'));
      expect(config.triggers).toEqual(trigger ? [{ ...trigger, type: 'timer' }] : []);
    },
  );

  test('gives the same zip when it is packed again, so that unchanged code is not sent', async () => {
    const again = await readBundles(DIST, ['createOrder']);
    expect(again[0]?.zip).toEqual(bundles.find(({ name }) => name === 'createOrder')?.zip);
  });

  test.each(bundles)('the main of $name can be loaded from its zip alone', async ({ zip }) => {
    expect(await loadMain(zip)).toBeTypeOf('function');
  });

  test('can be deployed, and payNotify then refuses an empty notice with FAIL', async (context) => {
    vi.spyOn(console, 'log').mockImplementation(() => {}); // its own line about the refused notice
    const { project, deploy } = await setUp(context);
    await cp(DIST, join(project.folder, 'dist/cloudfunctions'), { recursive: true });
    const { code, output } = await deploy();
    expect(output).toMatch(/ok +payNotify answers +FAIL to an empty notice/);
    expect(code).toBe(0);
    vi.restoreAllMocks();
  });
});
