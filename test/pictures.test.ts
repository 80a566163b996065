import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isBlank } from '../scripts/pictures/blank.ts';
import { PICTURES } from '../scripts/pictures/pictures.ts';
import { hasBrowser, sharedBrowser } from './browser.ts';

const FOLDER = fileURLToPath(new URL('../docs/pictures', import.meta.url));

test('the pictures of the documentation are those that npm run pictures takes', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(PICTURES.map(({ name }) => `${name}.png`).toSorted());
});

test.each(PICTURES)('$name shows something', ({ name }) => {
  expect(isBlank(readFileSync(path.join(FOLDER, `${name}.png`)))).toBe(false);
});

describe.skipIf(!hasBrowser())('a page that shows as good as nothing', () => {
  test.each(['', '<h1>Not found</h1>', '<body style="background:#087a45">'])(
    '%j is blank',
    async (markup) => {
      const page = await (await sharedBrowser()).newPage({ viewport: { width: 1280, height: 820 } });
      await page.setContent(markup);
      expect(isBlank(await page.screenshot())).toBe(true);
      await page.close();
    },
  );
});
