import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { describe, expect, test, vi } from 'vitest';
import { readBundles } from '../../scripts/deploy/bundle.ts';
import { functions } from '../../scripts/manifest.ts';
import { API_KEY } from './project.ts';

const DIST = fileURLToPath(new URL('../../dist/cloudfunctions', import.meta.url));

const bundles = await readBundles(
  DIST,
  functions.map(({ name }) => name),
);

describe('what is really built', () => {
  test.each(bundles)(
    '$name goes up as index.js and package.json, small enough to be sent inline',
    ({ zip }) => {
      expect(Object.keys(unzipSync(zip))).toEqual(['index.js', 'package.json']);
      expect(zip.length).toBeLessThan(1.5 * 1024 * 1024);
    },
  );

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
    const { main } = await loadAlone(zip);
    expect(main).toBeTypeOf('function');
  });

  test('payNotify answers an empty notice with FAIL, by which a deployment knows that it is reached', async () => {
    vi.stubEnv('WECHAT_PAY_MCH_ID', '1900000109');
    vi.stubEnv('WECHAT_PAY_API_KEY', API_KEY);
    vi.spyOn(console, 'log').mockImplementation(() => {}); // its own line about the refused notice
    const payNotify = bundles.find(({ name }) => name === 'payNotify');
    const { main } = await loadAlone(payNotify?.zip ?? new Uint8Array());
    const event = {
      path: '/payNotify',
      httpMethod: 'POST',
      headers: {},
      body: '<xml></xml>',
      isBase64Encoded: false,
    };
    expect(JSON.stringify(await main(event, {}))).toMatch(/<return_code>(<!\[CDATA\[)?FAIL/);
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
});

/** Unpacks the zip where no node_modules can help, and requires it as the platform does. */
async function loadAlone(
  zip: Uint8Array,
): Promise<{ main: (event: unknown, context: unknown) => Promise<unknown> }> {
  const folder = await mkdtemp(join(tmpdir(), 'unpacked-'));
  try {
    for (const [name, contents] of Object.entries(unzipSync(zip)))
      await writeFile(join(folder, name), contents);
    return createRequire(join(folder, 'package.json'))('./index.js');
  } finally {
    await rm(folder, { recursive: true });
  }
}
