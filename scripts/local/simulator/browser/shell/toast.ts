import { h } from './dom.ts';
import type { Phone } from './phone.ts';

const TOAST_MS = 1500;

export interface Toast {
  show(options: {
    readonly title: string;
    readonly icon: 'success' | 'error' | 'loading' | 'none';
    readonly image?: string | undefined;
    readonly masked: boolean;
    /** Undefined stays until it is hidden. */
    readonly duration?: number | undefined;
  }): void;
  hide(): void;
}

/** The one toast of the phone; a loading box is a toast that stays. */
export function createToast(phone: Phone): Toast {
  let remove = () => {};
  let timer = 0;
  const hide = () => {
    window.clearTimeout(timer);
    remove();
    remove = () => {};
  };
  return {
    hide,
    show({ title, icon, image, masked, duration = TOAST_MS }) {
      hide();
      const picture = image ? h('img', { src: image, alt: '' }) : h('i', { class: `sim-icon-${icon}` });
      const plain = icon === 'none' && !image;
      const box = h(
        'div',
        { class: plain ? 'sim-toast sim-toast-plain' : 'sim-toast', role: 'alert' },
        plain ? undefined : picture,
        h('span', {}, title),
      );
      remove = phone.cover(box, { masked, kind: 'toast' });
      if (Number.isFinite(duration)) timer = window.setTimeout(hide, duration);
    },
  };
}
