import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { renderCloudbaserc } from '../scripts/generate/cloudbaserc.ts';
import { GENERATED } from '../scripts/generate/generated.ts';
import { place } from '../scripts/generate/place.ts';
import * as manifest from '../scripts/manifest.ts';

test.each(GENERATED)('$path $region is what npm run generate writes', async (generated) => {
  const committed = await readFile(new URL(`../${generated.path}`, import.meta.url), 'utf8');
  expect(committed, 'run: npm run generate').toBe(place(committed, generated));
});

test('the CLI finds the bundles, and each function with the limits and the timer of the manifest', () => {
  const functions = [
    {
      ...manifest.functions[0],
      name: 'hourly',
      timeout: 7,
      memorySize: 512,
      environment: [],
      invoke: 'nobody',
    },
  ] as const;
  const trigger = { name: 'tick', config: '0 0 * * * * *' };
  const written = renderCloudbaserc({ functions: [{ ...functions[0], trigger }], runtime: 'Nodejs99.1' });
  expect(JSON.parse(written)).toEqual({
    version: '2.0',
    envId: '{{env.CLOUDBASE_ENV_ID}}',
    functionRoot: 'dist/cloudfunctions',
    functions: [
      {
        name: 'hourly',
        handler: 'index.main',
        runtime: 'Nodejs99.1',
        timeout: 7,
        memorySize: 512,
        installDependency: false,
        triggers: [{ ...trigger, type: 'timer' }],
      },
    ],
  });
});

describe('a region', () => {
  const generated = { path: 'a.md', region: 'table', text: '| new |\n' };
  const marked = (text: string) =>
    `before\n<!-- generated table: npm run generate -->\n${text}\n<!-- end of table -->\nafter\n`;

  test('is replaced between its marks, and a second time stays as it is', () => {
    const once = place(marked('| old |'), generated);
    expect(once).toBe(marked('\n| new |\n'));
    expect(place(once, generated)).toBe(once);
  });

  test.each([
    ['no file', undefined],
    ['no marks', 'before\nafter\n'],
    ['no end', 'before\n<!-- generated table: npm run generate -->\nafter\n'],
    ['the marks twice', `${marked('')}${marked('')}`],
  ])('that cannot be found is an error that says which lines are missing: %s', (_, current) => {
    expect(() => place(current, generated)).toThrow(
      /a\.md needs the region table once.*<!-- end of table -->/,
    );
  });
});
