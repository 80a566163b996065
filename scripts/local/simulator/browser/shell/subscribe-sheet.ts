import { h } from './dom.ts';
import type { Phone } from './phone.ts';

/** Asks whether the mini-program may send one message of each kind. It carries 本地模拟, so that nobody takes it for the real one. */
export function askForMessages(phone: Phone, titles: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (isYes: boolean) => () => {
      close();
      resolve(isYes);
    };
    const sheet = h(
      'div',
      { class: 'sim-sheet sim-cashier', role: 'dialog', 'aria-modal': 'true', 'aria-label': '订阅消息' },
      h('header', {}, h('h2', {}, '小程序申请发送一次以下消息'), h('span', { class: 'sim-tag' }, '本地模拟')),
      ...titles.map((title) => h('p', { class: 'sim-payee' }, title)),
      h(
        'div',
        { class: 'sim-choices' },
        h('button', { 'data-testid': 'subscribe-reject', onclick: answer(false) }, '取消'),
        h('button', { 'data-testid': 'subscribe-accept', onclick: answer(true) }, '允许'),
      ),
    );
    const close = phone.cover(sheet, { masked: true, kind: 'sheet' });
  });
}
