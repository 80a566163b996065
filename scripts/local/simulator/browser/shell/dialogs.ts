import { h } from './dom.ts';
import type { Phone } from './phone.ts';

export interface ModalOptions {
  readonly title: string;
  readonly content: string;
  readonly showCancel: boolean;
  readonly cancelText: string;
  readonly confirmText: string;
  readonly cancelColor: string | undefined;
  readonly confirmColor: string | undefined;
  readonly editable: boolean;
  readonly placeholderText: string;
}

/** Asks the shopper; the text is what they typed, null when nothing could be typed. */
export function showModal(
  phone: Phone,
  options: ModalOptions,
): Promise<{ confirm: boolean; content: string | null }> {
  return new Promise((resolve) => {
    const input = options.editable
      ? h('input', { placeholder: options.placeholderText, value: options.content })
      : undefined;
    const answer = (confirm: boolean) => () => {
      remove();
      resolve({ confirm, content: confirm ? (input?.value ?? null) : null });
    };
    const button = (kind: string, text: string, color: string | undefined, confirm: boolean) =>
      h(
        'button',
        { class: kind, style: color ? `color: ${color}` : undefined, onclick: answer(confirm) },
        text,
      );
    const dialog = h(
      'div',
      {
        class: 'sim-modal',
        role: 'dialog',
        'aria-modal': 'true',
        'aria-label': options.title || options.content,
      },
      options.title ? h('h2', {}, options.title) : undefined,
      input ?? h('p', {}, options.content),
      h(
        'footer',
        {},
        options.showCancel ? button('sim-cancel', options.cancelText, options.cancelColor, false) : undefined,
        button('sim-confirm', options.confirmText, options.confirmColor, true),
      ),
    );
    const remove = phone.cover(dialog, { masked: true, kind: 'modal' });
  });
}

/** Lets the shopper choose one of a few; undefined when they did not. */
export function showActionSheet(
  phone: Phone,
  { items, title, color }: { items: readonly string[]; title: string; color: string | undefined },
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const answer = (index: number | undefined) => () => {
      remove();
      resolve(index);
    };
    const sheet = h(
      'div',
      {
        class: 'sim-sheet sim-actions',
        role: 'dialog',
        'aria-modal': 'true',
        'aria-label': title || '请选择',
      },
      title ? h('h2', {}, title) : undefined,
      ...items.map((item, index) =>
        h('button', { style: color ? `color: ${color}` : undefined, onclick: answer(index) }, item),
      ),
      h('button', { class: 'sim-cancel', onclick: answer(undefined) }, '取消'),
    );
    const remove = phone.cover(sheet, { masked: true, kind: 'sheet' });
  });
}
