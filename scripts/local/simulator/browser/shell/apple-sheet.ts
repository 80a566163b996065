import type { OpenedPayment } from '../../backend.ts';
import { type CashierSheet, REFUSAL_MS } from './cashier-sheet.ts';
import { h } from './dom.ts';
import type { Phone } from './phone.ts';
import { openSheet } from './sheet.ts';

/** What stands for a confirmed purchase, where the other cashier has six digits. */
const CONFIRMED = 'confirmed';

/** Apple's sheet: a button and no password. It carries 本地模拟, so that nobody takes it for the real one. */
export function openAppleSheet(phone: Phone, payment: OpenedPayment & { kind: 'open' }): CashierSheet {
  let resolve: (password: string | undefined) => void = () => {};
  const password = new Promise<string | undefined>((settle) => {
    resolve = settle;
  });
  const price = `¥${(payment.total_fee / 100).toFixed(2)}`;
  const buy = h(
    'button',
    { class: 'sim-apple-buy', 'data-testid': 'apple-buy', onclick: () => resolve(CONFIRMED) },
    '购买',
  );
  const notice = h('p', { class: 'sim-cashier-notice', role: 'alert' });
  const sheet = h(
    'div',
    { class: 'sim-sheet sim-cashier', role: 'dialog', 'aria-modal': 'true', 'aria-label': 'App Store' },
    h(
      'header',
      {},
      h('button', { class: 'sim-close', 'aria-label': '关闭', onclick: () => resolve(undefined) }, '✕'),
      h('h2', {}, 'App Store'),
      h('span', { class: 'sim-tag' }, '本地模拟'),
    ),
    h('p', { class: 'sim-payee' }, [payment.payee, payment.body].filter(Boolean).join(' · ')),
    h('p', { class: 'sim-amount', 'data-testid': 'pay-amount' }, price),
    buy,
  );
  const close = openSheet(phone, sheet, (key) => {
    if (key !== 'Escape') return false;
    resolve(undefined);
    return true;
  });
  return {
    password,
    close,
    async refuse(reason) {
      buy.replaceWith(notice);
      notice.textContent = reason;
      await new Promise((done) => setTimeout(done, REFUSAL_MS));
      close();
    },
  };
}
