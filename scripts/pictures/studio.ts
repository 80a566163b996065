import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { FUNCTIONS_DIRECTORY } from '../build.ts';
import { WorldClock } from '../local/clock.ts';
import { type LocalWorld, startLocalWorld, type WorldOptions } from '../local/local-world.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** A Friday morning in Beijing, between two runs of every timer. */
const MOMENT = new Date('2027-01-15T02:31:10Z');
const SEED = 20270115;
const STEP_TIMEOUT_MS = 20_000;

/** One world for one picture: always the same morning, and the same in everything that is left to chance. */
export interface Studio {
  readonly world: LocalWorld;
  /** Opens a page in a browser context of its own. */
  open(url: string, how: Look): Promise<Page>;
  close(): Promise<void>;
}

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly locale?: string;
}

export async function openStudio(browser: Browser, options: WorldOptions = {}): Promise<Studio> {
  const clock = new WorldClock();
  clock.begin(MOMENT.getTime() - Date.now());
  const world = await startLocalWorld({
    ...{ functionsDirectory: FUNCTIONS_DIRECTORY, project: PROJECT, clock, seed: SEED },
    ...{ remindsShoppers: true, ...options },
  });
  const pages: Page[] = [];
  return {
    world,
    async open(url, { width, height, locale = 'zh-CN' }) {
      const context = await browser.newContext({
        ...{ viewport: { width, height }, locale, colorScheme: 'light', reducedMotion: 'reduce' },
      });
      const page = await context.newPage();
      page.setDefaultTimeout(STEP_TIMEOUT_MS);
      pages.push(page);
      await page.goto(url);
      return page;
    },
    async close() {
      for (const page of pages) await page.context().close();
      await world.close();
    },
  };
}

/** A page of the mini-program on the phone that a studio has. */
export function phoneUrl({ world }: Studio, path: string): string {
  return `${world.phone?.url}?platform=ios&width=375#${path}`;
}
