import path from 'node:path';
import type { Page } from 'playwright-core';
import * as v from 'valibot';

/** What one page did when it was opened. */
export interface Visit {
  readonly route: string;
  /** The first line of each error. */
  readonly errors: readonly string[];
  /** What it asked for and the simulator has not. */
  readonly missing: readonly string[];
}

/** The first answers of a page's own functions arrive in this time. */
const SETTLE_MS = 900;
const READY_MS = 20_000;

const Seen = v.object({ errors: v.array(v.string()), missing: v.array(v.string()) });
/** Takes what was reported since it was last taken. */
const TAKE = '({ errors: __sim.errors.splice(0), missing: __sim.missing.splice(0) })';

/** Waits until the phone shows a page; false when it does not come to that. */
export async function isShown(phone: Page): Promise<boolean> {
  return phone.waitForFunction('window.__sim?.ready', undefined, { timeout: READY_MS }).then(
    () => true,
    () => false,
  );
}

/** A page, what it is opened with, and where its picture goes. */
export interface Destination {
  readonly route: string;
  readonly query: string;
  readonly pictures?: string | undefined;
}

/** Opens a page on a phone that runs, as wx.reLaunch does. */
export async function visit(phone: Page, destination: Destination): Promise<Visit> {
  const url = JSON.stringify(`/${destination.route}${destination.query}`);
  const refusal = await phone.evaluate(
    `__sim.wx.reLaunch({ url: ${url} }).then(() => '', ({ errMsg }) => errMsg)`,
  );
  const { errors, ...visited } = await read(phone, destination);
  return { ...visited, errors: refusal ? [...errors, String(refusal)] : errors };
}

/** Opens a page on a phone that has just started, as a link does: nothing of another page is left. */
export async function visitByLink(phone: Page, url: string, destination: Destination): Promise<Visit> {
  await phone.goto(`${url}#/${destination.route}${destination.query}`);
  return read(phone, destination);
}

/** Waits until the page has come to rest, and takes what the phone reports. */
async function read(phone: Page, { route, pictures }: Destination): Promise<Visit> {
  const isReady = await isShown(phone);
  await phone.waitForTimeout(SETTLE_MS);
  if (pictures) await phone.screenshot({ path: path.join(pictures, `${route.replaceAll('/', '_')}.png`) });
  const { errors, missing } = v.parse(Seen, await phone.evaluate(TAKE));
  const lines = errors.map((error) => error.split('\n')[0] ?? '');
  if (!isReady) lines.push(`the page was not shown within ${READY_MS / 1000} s`);
  return { route, errors: [...new Set(lines)], missing };
}
