import { h } from './dom.ts';
import type { Phone } from './phone.ts';
import { openSheet } from './sheet.ts';

/** Lets the shopper choose one of what their WeChat has, as an address; undefined when they did not. */
export function chooseOne<Choice>(
  phone: Phone,
  {
    title,
    choices,
  }: {
    title: string;
    choices: readonly { readonly lines: readonly string[]; readonly choice: Choice }[];
  },
): Promise<Choice | undefined> {
  return new Promise((resolve) => {
    const end = (choice: Choice | undefined) => {
      close();
      resolve(choice);
    };
    const rows = choices.map(({ lines, choice }, at) =>
      h(
        'button',
        { class: 'sim-row', 'data-testid': `choice-${at + 1}`, onclick: () => end(choice) },
        ...lines.map((line) => h('span', {}, line)),
      ),
    );
    const sheet = h(
      'div',
      { class: 'sim-sheet sim-cashier sim-rows', role: 'dialog', 'aria-modal': 'true', 'aria-label': title },
      h('header', {}, h('h2', {}, title), h('span', { class: 'sim-tag' }, '本地模拟')),
      ...rows,
      h('button', { class: 'sim-cancel', onclick: () => end(undefined) }, '取消'),
    );
    const close = openSheet(phone, sheet, (key) => {
      if (key === 'Escape') end(undefined);
      return key === 'Escape';
    });
  });
}

/** Yes or no to something that WeChat asks for a mini-program. */
export function allow(
  phone: Phone,
  { title, text, yes = '允许', no = '拒绝' }: { title: string; text: string; yes?: string; no?: string },
): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isAllowed: boolean) => {
      close();
      resolve(isAllowed);
    };
    const sheet = h(
      'div',
      { class: 'sim-sheet sim-cashier sim-rows', role: 'dialog', 'aria-modal': 'true', 'aria-label': title },
      h('header', {}, h('h2', {}, title), h('span', { class: 'sim-tag' }, '本地模拟')),
      h('p', {}, text),
      h(
        'div',
        { class: 'sim-choices' },
        h('button', { 'data-testid': 'allow-no', onclick: () => end(false) }, no),
        h('button', { 'data-testid': 'allow-yes', onclick: () => end(true) }, yes),
      ),
    );
    const close = openSheet(phone, sheet, (key) => {
      if (key === 'Escape') end(false);
      return key === 'Escape';
    });
  });
}
