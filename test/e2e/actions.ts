import type { FrameLocator, Locator, Page } from 'playwright-core';

/** A phone of its own, or the one in the console. */
export type Phone = Page | FrameLocator;

/** The page of the mini-program by its name; the others of the stack are there too, out of sight. */
export function pageOf(phone: Phone, name: 'shop' | 'order' | 'orders'): Locator {
  return phone.locator(`[data-route="pages/${name}/${name}"]:not([hidden])`);
}

/** Taps a product and a number of months, then the button that says what it costs. */
export async function order(phone: Phone, product_id = 'city', months = 3): Promise<void> {
  await phone.getByTestId(`product-${product_id}`).click();
  await phone.getByTestId(`months-${months}`).click();
  await phone.getByTestId('pay').click();
}

export function cashier(phone: Phone): Locator {
  return phone.getByRole('dialog', { name: '微信支付' });
}

export function appleSheet(phone: Phone): Locator {
  return phone.getByRole('dialog', { name: 'App Store' });
}

/** Types the password. */
export async function enter(phone: Phone, digits: string): Promise<void> {
  await cashier(phone).pressSequentially(digits);
}

/** Taps the password on the cashier's own keys. */
export async function tapKeys(phone: Phone, digits: string): Promise<void> {
  for (const digit of digits) await cashier(phone).locator(`[data-key="${digit}"]`).click();
}

export async function closeCashier(phone: Phone): Promise<void> {
  await cashier(phone).getByRole('button', { name: '关闭' }).click();
}

/** Orders and pays, as far as the order page. */
export async function buy(phone: Phone): Promise<void> {
  await order(phone);
  await enter(phone, '123456');
}

/** Orders, and leaves the cashier without paying. */
export async function orderUnpaid(phone: Phone): Promise<void> {
  await order(phone);
  await closeCashier(phone);
  await untilOrderIs(phone, 'unpaid');
}

export async function untilOrderIs(phone: Phone, state: string): Promise<void> {
  await pageOf(phone, 'order').locator(`[data-testid="order-state"][data-state="${state}"]`).waitFor();
}

export async function openOrders(phone: Phone): Promise<Locator> {
  await pageOf(phone, 'shop').getByTestId('orders').click();
  return pageOf(phone, 'orders');
}
