import type { Browser, FrameLocator, Page } from 'playwright-core';
import { DESK_PATH, employFirstShopper } from '../local/desk.ts';
import { buy, order } from '../local/scenarios/purchase.ts';
import { openStudio, phoneUrl, type Studio } from './studio.ts';

/** A picture of the documentation: what it shows, and how it comes about. */
export interface Picture {
  /** Of its file, without `.png`. */
  readonly name: string;
  take(studio: Studio): Promise<Buffer>;
}

const CONSOLE = { width: 1280, height: 820 };
const PHONE = { width: 375, height: 812 };
const CITY = { product_id: 'city', months: 3 };

export const PICTURES: readonly Picture[] = [
  { name: 'console', take: (studio) => lostNotice(studio, 'en-US') },
  { name: 'console.zh-CN', take: (studio) => lostNotice(studio, 'zh-CN') },
  { name: 'recording', take: (studio) => recording(studio, 'en-US') },
  { name: 'recording.zh-CN', take: (studio) => recording(studio, 'zh-CN') },
  { name: 'phone', take: shop },
  { name: 'desk', take: desk },
];

/** Takes one picture in a world of its own. */
export async function take({ take: shoot }: Picture, browser: Browser): Promise<Buffer> {
  const studio = await openStudio(browser);
  try {
    return await shoot(studio);
  } finally {
    await studio.close();
  }
}

/** Somebody has paid on the phone, the notice is lost, and they are asked whether to be reminded. */
async function lostNotice(studio: Studio, locale: string): Promise<Buffer> {
  const page = await studio.open(studio.world.console.url, { ...CONSOLE, locale });
  await page.getByTestId('switch-lose').click();
  await page.locator('[data-testid="switch-lose"][aria-checked="true"]').waitFor();
  const phone = page.frameLocator('iframe');
  await phone.getByTestId('pay').click();
  await enterPassword(phone);
  await phone.getByTestId('subscribe-accept').waitFor();
  await page.locator('.row.lost').waitFor();
  await page.locator('.tag.unknown').waitFor();
  return page.screenshot({ animations: 'disabled' });
}

/** The same order in a file, which nothing can be pressed in. */
async function recording(studio: Studio, locale: string): Promise<Buffer> {
  const { world } = studio;
  await buy(world, world.shopper('王芳'), { product_id: 'market', months: 1 });
  world.wechatpay.faults.add({ kind: 'lose-notice' });
  const { out_trade_no } = await buy(world, world.shopper(), CITY);
  const page = await studio.open(world.console.url, { ...CONSOLE, locale });
  const saved = await fetch(`${world.console.url}/api/recording?order=${out_trade_no}`);
  await page.goto('about:blank');
  await page.setContent(await saved.text());
  await page.getByTestId(`card-${out_trade_no}`).waitFor();
  await page.locator('.row.lost').waitFor();
  return page.screenshot({ animations: 'disabled' });
}

/** Three screens of the shop: what is sold, what was bought, and until when it lasts. */
async function shop(studio: Studio): Promise<Buffer> {
  const { world } = studio;
  const { out_trade_no } = await buy(world, world.shopper(), CITY);
  return sideBySide(studio, [
    ['/pages/shop/shop', 'pay'],
    [`/pages/order/order?out_trade_no=${out_trade_no}`, 'order-state'],
    ['/pages/orders/orders', `order-${out_trade_no}`],
  ]);
}

/** Three screens of the operators' desk: the orders, one of them, and its refund. */
async function desk(studio: Studio): Promise<Buffer> {
  const { world } = studio;
  await employFirstShopper(world);
  await order(world, world.shopper('陈晨'), { product_id: 'premium', months: 1 });
  const { out_trade_no } = await buy(world, world.shopper('王芳'), CITY);
  return sideBySide(studio, [
    [DESK_PATH, `order-${out_trade_no}`],
    [`/desk/pages/order/order?out_trade_no=${out_trade_no}`, 'desk-state'],
    [`/desk/pages/refund/refund?out_trade_no=${out_trade_no}`, 'send'],
  ]);
}

/** Pages of the mini-program in one picture, each once this part of it is there. */
async function sideBySide(studio: Studio, screens: readonly (readonly [path: string, part: string])[]) {
  const shots: string[] = [];
  for (const [path, part] of screens) {
    const page = await studio.open(phoneUrl(studio, path), PHONE);
    await page.getByTestId(part).first().waitFor();
    shots.push((await page.screenshot({ animations: 'disabled' })).toString('base64'));
  }
  const width = screens.length * (PHONE.width + 24) + 24;
  const table = await studio.open('about:blank', { width, height: PHONE.height + 48 });
  await table.setContent(framed(shots));
  return table.screenshot();
}

function framed(shots: readonly string[]): string {
  const images = shots.map((shot) => `<img alt="" src="data:image/png;base64,${shot}">`).join('');
  return `<style>body{margin:0;padding:24px;display:flex;gap:24px;background:#e4e8e6}img{border-radius:28px}</style>${images}`;
}

/** Any six digits are the shopper's password. */
async function enterPassword(phone: Page | FrameLocator): Promise<void> {
  for (const digit of '123456') await phone.locator(`[data-key="${digit}"]`).click();
}
