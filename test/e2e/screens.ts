import type { Browser, Page } from 'playwright-core';
import { SHOPPERS } from '../../scripts/local/local-world.ts';
import { openPhone, type PhoneOptions } from '../browser.ts';
import { explainFailures } from '../failures.ts';
import { SCREENSHOTS } from './screenshots.ts';

export const [LI, WANG] = SHOPPERS;

/** What a step may take while every core is busy with others. */
const STEP_TIMEOUT_MS = 10_000;

export interface PickUpOptions extends Pick<PhoneOptions, 'path' | 'dark' | 'screen'> {
  readonly shopper?: { readonly openid: string };
  readonly platform?: 'ios' | 'android';
  /** The WeChat on it. */
  readonly client?: 'current' | 'old';
}

/** The screens that a test looks at. */
export interface Screens {
  /** A phone with an empty storage, Li's if nothing else is said. */
  pickUp(options?: PickUpOptions): Promise<Page>;
  /** The console, where the phone is beside what it does. */
  openConsole(): Promise<Page>;
  /** Closes them; answers what went wrong on any of them. */
  closeAll(): Promise<readonly unknown[]>;
  /** There is no more to look at: says how long phones took from load to first page. */
  finish(): void;
}

/** What went wrong in the mini-program of a frame; the console's own frame has none. */
const PROBLEMS = 'window.__sim ? [...__sim.errors, ...__sim.warnings] : []';

export function createScreens(browser: Browser, urls: { phone: string; console: string }): Screens {
  const pages: Page[] = [];
  const problems: unknown[] = [];
  const firstPagesMs: number[] = [];
  let shown: string[] = [];
  const forget = explainFailures(() => {
    for (const text of shown) console.error(`A screen showed:\n${text}`);
  });
  const watched = (page: Page) => {
    page.setDefaultTimeout(STEP_TIMEOUT_MS);
    page.on('pageerror', (error) => problems.push(error.message));
    pages.push(page);
    return page;
  };
  return {
    async pickUp({ shopper = LI, platform = 'ios', client = 'current', ...options } = {}) {
      const search = `?shopper=${shopper.openid}&platform=${platform}&client=${client}`;
      const page = await openPhone(browser, urls.phone, { search, scale: SCREENSHOTS ? 2 : 1, ...options });
      firstPagesMs.push(Number(await page.evaluate('__sim.firstPageMs')));
      return watched(page);
    },
    async openConsole() {
      const page = watched(
        await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' }),
      );
      await page.goto(urls.console);
      return page;
    },
    async closeAll() {
      shown = [];
      for (const page of pages.splice(0)) {
        for (const frame of page.frames()) {
          problems.push(await frame.evaluate(PROBLEMS));
          shown.push(await frame.evaluate('document.body.innerText'));
        }
        await page.context().close();
      }
      return problems.splice(0).flat();
    },
    finish() {
      forget();
      const sorted = firstPagesMs.toSorted((a, b) => a - b);
      if (sorted.length === 0) return;
      const [least, median, most] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
      console.info(`From load to first page: ${median} ms (${least} to ${most}, ${sorted.length} loads)`);
    },
  };
}
