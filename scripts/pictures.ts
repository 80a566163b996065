import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { chromium } from 'playwright-core';
import { build } from './build.ts';
import { CHROMIUM_ADVICE, CHROMIUM_FLAGS, CHROMIUM_PATH } from './chromium.ts';
import { isBlank } from './pictures/blank.ts';
import { PICTURES, take } from './pictures/pictures.ts';

const PLACE = fileURLToPath(new URL('../docs/pictures', import.meta.url));

const USAGE = `Takes the pictures of the documentation: each of a world of its own, on the same morning, with the same chances.

  npm run pictures -- [options]

  --to DIR   where they go (default docs/pictures)
  --help     this text`;

const { to } = readFlags();
if (!CHROMIUM_PATH) fail(`No Chromium found. ${CHROMIUM_ADVICE}`);
await build();
await mkdir(to, { recursive: true });
const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: [...CHROMIUM_FLAGS] });
try {
  for (const picture of PICTURES) {
    const png = await take(picture, browser);
    if (isBlank(png)) fail(`${picture.name}.png is blank.`);
    await writeFile(path.join(to, `${picture.name}.png`), png);
    console.log(`  ${pc.green('✓')} ${picture.name}.png ${pc.dim(`${Math.round(png.length / 1024)} KB`)}`);
  }
} finally {
  await browser.close();
}

function readFlags(): { readonly to: string } {
  try {
    const { values } = parseArgs({
      options: {
        to: { type: 'string', default: PLACE },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (!values.help) return { to: path.resolve(values.to) };
    console.log(USAGE);
    return process.exit(0);
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function fail(message: string): never {
  console.error(pc.red(message));
  process.exit(1);
}
