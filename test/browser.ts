import { type Browser, chromium, type Page } from 'playwright-core';
import { CHROMIUM_ADVICE, CHROMIUM_FLAGS, CHROMIUM_PATH } from '../scripts/chromium.ts';

/**
 * Whether the tests that need a browser can run. Where none is found they are skipped, and it is said; a continuous
 * integration has no such excuse.
 */
export function hasBrowser(): boolean {
  if (CHROMIUM_PATH) return true;
  if (process.env.CI) throw new Error(`No Chromium found, and CI is set. ${CHROMIUM_ADVICE}`);
  console.warn(`No Chromium found: browser tests are skipped. ${CHROMIUM_ADVICE}`);
  return false;
}

let browser: Promise<Browser> | undefined;

/**
 * The browser of all test files that run in this process; it ends with the process. Each test opens a context of its own in
 * it, or a page with `newPage`, and closes that again.
 */
export function sharedBrowser(): Promise<Browser> {
  if (!CHROMIUM_PATH) throw new Error('no Chromium');
  browser ??= chromium.launch({ executablePath: CHROMIUM_PATH, args: [...CHROMIUM_FLAGS] });
  return browser;
}

export interface PhoneOptions {
  /** A page of the mini-program with its query, as `/pages/order/order?out_trade_no=1`. */
  readonly path?: string;
  /** The query of the simulator, as `?platform=android`. */
  readonly search?: string;
  readonly dark?: boolean;
  /** Pixels of the screen to one of the page. */
  readonly scale?: number;
  /** Another screen than the usual one: its width, and how many times larger than usual its text is. */
  readonly screen?: { readonly width: number; readonly text: number };
}

/** Opens the phone full-bleed, in a browser context of its own, and waits until its page is shown. */
export async function openPhone(
  browser: Browser,
  url: string,
  { path = '', search = '', dark = false, scale = 1, screen = { width: 375, text: 1 } }: PhoneOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: screen.width, height: 812 },
    deviceScaleFactor: scale,
    colorScheme: dark ? 'dark' : 'light',
    locale: 'zh-CN',
    // Nothing is waited for that only moves.
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  const parameters = new URLSearchParams(search);
  for (const [name, value] of Object.entries(screen)) parameters.set(name, String(value));
  await page.goto(`${url}?${parameters}${path && `#${path}`}`);
  await page.waitForFunction('window.__sim.ready || window.__sim.compileErrors.length > 0');
  return page;
}
