import type { OpenedPayment } from '../../backend.ts';
import { h } from './dom.ts';
import type { Phone } from './phone.ts';
import { openSheet } from './sheet.ts';

const DIGITS = 6;
/** How long the reason of a refusal can be read before the cashier closes by itself. */
export const REFUSAL_MS = 1200;

export interface CashierSheet {
  /** Six digits, or undefined when the shopper closed the cashier. */
  readonly password: Promise<string | undefined>;
  close(): void;
  /** Says why the payment was refused, then closes. */
  refuse(reason: string): Promise<void>;
}

/** The payment sheet. It carries 本地模拟, so that nobody takes it for the real one. */
export function openCashier(phone: Phone, payment: OpenedPayment & { kind: 'open' }): CashierSheet {
  const { promise, resolve } = deferred<string | undefined>();
  const boxes = Array.from({ length: DIGITS }, () => h('i'));
  const row = h('div', { class: 'sim-boxes', 'aria-hidden': true }, ...boxes);
  const notice = h('p', { class: 'sim-cashier-notice', role: 'alert' });
  let digits = '';
  const draw = () => {
    for (const [index, box] of boxes.entries()) {
      box.toggleAttribute('data-filled', index < digits.length);
      box.toggleAttribute('data-next', index === digits.length);
    }
  };
  const press = (key: string) => {
    if (digits.length === DIGITS) return;
    digits = key === 'back' ? digits.slice(0, -1) : digits + key;
    draw();
    if (digits.length === DIGITS) resolve(digits);
  };
  draw();

  const sheet = h(
    'div',
    { class: 'sim-sheet sim-cashier', role: 'dialog', 'aria-modal': 'true', 'aria-label': '微信支付' },
    h(
      'header',
      {},
      h('button', { class: 'sim-close', 'aria-label': '关闭', onclick: () => resolve(undefined) }, '✕'),
      h('h2', {}, '请输入支付密码'),
      h('span', { class: 'sim-tag' }, '本地模拟'),
    ),
    h('p', { class: 'sim-payee' }, [payment.payee, payment.body].filter(Boolean).join(' · ')),
    h(
      'p',
      { class: 'sim-amount', 'data-testid': 'pay-amount' },
      h('small', {}, '¥'),
      yuan(payment.total_fee),
    ),
    h(
      'p',
      { class: 'sim-method' },
      h('span', {}, '支付方式'),
      h('span', {}, payment.balance === undefined ? '零钱' : `零钱（¥${yuan(payment.balance)}）`),
    ),
    row,
    keypad(press),
  );
  const close = openSheet(phone, sheet, (key) => {
    if (key === 'Escape') resolve(undefined);
    else if (key === 'Backspace') press('back');
    else if (/^\d$/.test(key)) press(key);
    else return false;
    return true;
  });
  return {
    password: promise,
    close,
    async refuse(reason) {
      // In the place of the boxes, so that the sheet does not move under the finger.
      row.replaceWith(notice);
      notice.textContent = reason;
      await new Promise((done) => setTimeout(done, REFUSAL_MS));
      close();
    },
  };
}

function keypad(press: (key: string) => void): HTMLElement {
  const key = (name: string, label = name) =>
    h(
      'button',
      { 'data-key': name, 'aria-label': name === 'back' ? '删除' : name, onclick: () => press(name) },
      label,
    );
  return h(
    'div',
    { class: 'sim-keypad' },
    ...['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => key(digit)),
    h('span'),
    key('0'),
    key('back', '⌫'),
  );
}

function yuan(fen: number): string {
  return (fen / 100).toFixed(2);
}

function deferred<Value>() {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
