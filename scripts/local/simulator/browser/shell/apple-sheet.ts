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
    { class: 'sim-sheet sim-apple', role: 'dialog', 'aria-modal': 'true', 'aria-label': 'App Store' },
    h(
      'header',
      {},
      h('h2', {}, 'App Store'),
      h('span', { class: 'sim-tag' }, '本地模拟'),
      h('button', { class: 'sim-close', 'aria-label': '关闭', onclick: () => resolve(undefined) }, '✕'),
    ),
    h(
      'div',
      { class: 'sim-apple-item' },
      h('i', { 'aria-hidden': true }, [...payment.payee][0] ?? ''),
      h('p', {}, h('b', {}, payment.body), payment.payee, h('br'), 'App 内购买项目'),
      h('strong', { 'data-testid': 'pay-amount' }, price),
    ),
    h('p', { class: 'sim-apple-account' }, h('span', {}, '账户'), h('span', {}, '本地的 Apple 账户')),
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
