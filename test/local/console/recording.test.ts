import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type LocalWorld, MERCHANT, ROBOT_KEY } from '../../../scripts/local/local-world.ts';
import { EVENT_BYTES_MAX, TRACE_EVENTS_MAX } from '../../../scripts/local/trace.ts';
import { VIRTUAL_PAY } from '../../../scripts/local/virtual-world.ts';
import { hasBrowser, sharedBrowser } from '../../browser.ts';
import { openWorld, order, pay } from './purchase.ts';

/** Ends whatever it stands in, and says so if it is ever run. */
const HOSTILE = `</script></style></title>--><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'"\`\u2028`;
/** Small enough for a mail. */
const FILE_BYTES_MAX = 9 * 2 ** 20;

let world: LocalWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const save = (query = '') => fetch(`${world.console.url}/api/recording${query}`);

test('a recording is a file to be kept, and has no key and no signature in it', async () => {
  const { payment } = await order(world, 'console-recording-01');
  pay(world, payment);
  await world.wechatpay.noticesSettled();
  const body = `signed with ${MERCHANT.api_key}`;
  await world.cloud.insert('orders', { _id: 'leaky', body, created_at: world.clock.now() });
  const response = await save();
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="recording-\d{4}-\d\d-\d\d-\d{4}\.html"$/,
  );
  const text = await response.text();
  expect(text.includes('unifiedorder')).toBe(true);
  const { app_secret, app_keys } = VIRTUAL_PAY;
  const secrets = [MERCHANT.api_key, ROBOT_KEY, app_secret, ...Object.values(app_keys)];
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  const [, recorded = ''] = text.split('id="recording">');
  expect(recorded.split('</script>')[0]?.match(/\b(?:[0-9A-F]{32}|[0-9A-F]{64})\b/)).toBeNull();
});

test('however much happened, the file stays small', async () => {
  const other = await openWorld();
  const payload = '汉'.repeat(EVENT_BYTES_MAX / 3);
  for (let count = 0; count < TRACE_EVENTS_MAX; count++)
    other.trace.record({ from: 'timer', to: 'function', kind: 'change', label: `filler ${count}`, payload });
  for (let count = 0; count < 50; count++)
    await other.cloud.insert('alarms', { _id: `a${count}`, code: '汉'.repeat(50_000) });
  const text = await (await fetch(`${other.console.url}/api/recording`)).text();
  expect(Buffer.byteLength(text)).toBeLessThan(FILE_BYTES_MAX);
  expect(text).toContain(`filler ${TRACE_EVENTS_MAX - 1}`);
  await other.close();
});

describe.skipIf(!hasBrowser())('a recording that is opened from a disk', () => {
  let browser: Browser;
  let folder: string;
  let page: Page;
  const asked: string[] = [];
  const problems: string[] = [];
  let lost: string;
  let other: string;

  beforeAll(async () => {
    [browser, folder] = await Promise.all([
      sharedBrowser(),
      mkdtemp(path.join(tmpdir(), 'console-recording-')),
    ]);
    await world.cloud.insert('alarms', { _id: HOSTILE, code: HOSTILE, subject: HOSTILE });
    await world.cloud.insert('orders', {
      ...{ _id: 'hostile', body: HOSTILE, trade_state: HOSTILE, _openid: HOSTILE },
      created_at: world.clock.now(),
    });
    world.trace.record({
      ...{ from: 'mini-program', to: 'function', kind: 'call', label: HOSTILE },
      ...{ id: 'hostile', invocation: 'hostile', openid: HOSTILE },
      payload: { out_trade_no: 'hostile', [HOSTILE]: HOSTILE },
    });
    const first = await order(world, 'console-recording-02');
    lost = first.out_trade_no;
    world.wechatpay.faults.add({ kind: 'lose-notice', count: 100, out_trade_no: lost });
    pay(world, first.payment);
    const second = await order(world, 'console-recording-03');
    other = second.out_trade_no;
    pay(world, second.payment);
    const state = () => world.cloud.documents('orders').find(({ _id }) => _id === other)?.trade_state;
    await vi.waitUntil(() => state() === 'SUCCESS', { timeout: 15_000 });
    page = await open('');
  });
  afterAll(async () => {
    await page?.context().close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(query: string): Promise<Page> {
    const file = path.join(folder, 'recording.html');
    await writeFile(file, await (await save(query)).text());
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
    const opened = await context.newPage();
    opened.setDefaultTimeout(10_000);
    opened.on('pageerror', ({ message }) => problems.push(message));
    opened.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    opened.on('request', (request) => asked.push(request.url()));
    await opened.goto(pathToFileURL(file).href);
    await opened.getByText('Recording, read-only', { exact: true }).first().waitFor();
    return opened;
  }

  test('it shows the story, the orders, the documents and the logs', async () => {
    await page.getByTestId('sequence').getByText('not received').first().waitFor();
    await page.getByTestId(`compare-${other}`).getByText('same').waitFor();
    await page.getByTestId('tab-documents').click();
    await page.getByTestId('collection-products').click();
    await page.getByTestId('documents-products').getByText('城市版').waitFor();
    await page.getByTestId('tab-logs').click();
    await page.getByTestId('logs').getByText('createOrder').first().waitFor();
    await page.getByTestId('tab-orders').click();
  });

  test('one order is filtered from it, and every sentence comes in both languages', async () => {
    await page.getByTestId('search').fill(lost);
    await page.getByTestId(`compare-${other}`).waitFor({ state: 'detached' });
    await page.getByTestId(`open-${lost}`).click();
    const card = page.getByTestId(`card-${lost}`);
    await card.getByText('Paid, and the notice was lost: the shop does not know yet').waitFor();
    await card.getByRole('button', { name: 'Document' }).click();
    await page.getByTestId('documents-orders').getByText(lost).first().waitFor();
    await page.getByTestId('language').click();
    await page.getByText('买家已付款，通知丢了：这里还不知道').first().waitFor();
    await page.getByText('记录，只读').first().waitFor();
    await page.getByTestId('tab-orders').click();
    await page.getByTestId('search').fill('');
    await page.getByTestId('language').click();
  });

  test('nothing in it can be pressed, and it asks nobody for anything', async () => {
    await page.getByTestId(`open-${lost}`).waitFor();
    for (const name of ['switch-lose', 'clock-1', 'run-queryOrders', 'send-1', 'edit', 'add', 'reset'])
      expect(await page.getByTestId(name).count(), name).toBe(0);
    expect(await page.locator('iframe').count()).toBe(0);
    expect(asked.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('what came from outside is text in it and never runs', async () => {
    await page.getByTestId('search').fill('hostile');
    // Rows move while they are filtered.
    await page.getByTestId(`compare-${lost}`).waitFor({ state: 'detached' });
    await page.getByTestId('open-hostile').click();
    await page.getByTestId('card-hostile').getByText(HOSTILE.slice(0, 20)).first().waitFor();
    await page
      .getByTestId('sequence')
      .getByRole('button', { name: /script/ })
      .first()
      .click();
    await page.getByTestId('tab-documents').click();
    await page.getByTestId('collection-alarms').click();
    await page.getByTestId('documents-alarms').locator('tr.one').first().click();
    expect(await page.evaluate('[window.hacked, document.querySelectorAll("img").length]')).toEqual([
      undefined,
      0,
    ]);
    expect(problems).toEqual([]);
  });

  test('even markup that gets into the file runs no script', async () => {
    const file = path.join(folder, 'tampered.html');
    const text = await (await save()).text();
    await writeFile(file, text.replace('</body>', `${HOSTILE}</body>`));
    const context = await browser.newContext();
    const tampered = await context.newPage();
    await tampered.goto(pathToFileURL(file).href);
    await tampered.getByTestId('sequence').locator('li').first().waitFor();
    expect(await tampered.evaluate('window.hacked')).toBeUndefined();
    await context.close();
  });

  test('it opens at the order that whoever saved it looked at', async () => {
    const opened = await open(`?order=${lost}`);
    await opened.getByTestId(`card-${lost}`).waitFor();
    await opened.getByTestId('only').waitFor();
    await opened.context().close();
  });
});
