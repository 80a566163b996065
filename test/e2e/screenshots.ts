import path from 'node:path';
import type { Page } from 'playwright-core';

/** The folder for pictures of every state that the tests pass, light and dark. Without it none are taken. */
export const SCREENSHOTS = process.env.SCREENSHOTS;

export async function shoot(page: Page, name: string): Promise<void> {
  if (!SCREENSHOTS) return;
  const take = (theme: string) =>
    page.screenshot({ path: path.join(SCREENSHOTS ?? '', `${name}-${theme}.png`), animations: 'disabled' });
  await page.evaluate(`window.__sim?.setTheme('light')`);
  await take('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.evaluate(`window.__sim?.setTheme('dark')`);
  await take('dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.evaluate(`window.__sim?.setTheme('light')`);
}
