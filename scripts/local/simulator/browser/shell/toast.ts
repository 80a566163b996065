import { h } from './dom.ts';
import type { Phone } from './phone.ts';

const TOAST_MS = 1500;

export interface Toast {
  show(options: {
    readonly kind: ToastKind;
    readonly title: string;
    readonly icon: 'success' | 'error' | 'loading' | 'none';
    readonly image?: string | undefined;
    readonly masked: boolean;
    /** Undefined stays until it is hidden. */
    readonly duration?: number | undefined;
  }): void;
  /** Hides what is shown, or only if it is of this kind. */
  hide(kind?: ToastKind): void;
}

export type ToastKind = 'toast' | 'loading';

/**
 * The one box of the phone: a loading is a toast that stays, each takes the other's place, and each is hidden by either
 * call, unless that call says `noConflict` (wx.hideLoading, wx.hideToast; base library 2.22.1).
 */
export function createToast(phone: Phone): Toast {
  let shown: ToastKind | undefined;
  let remove = () => {};
  let timer = 0;
  const hide = (kind = shown) => {
    if (kind !== shown) return;
    shown = undefined;
    window.clearTimeout(timer);
    remove();
    remove = () => {};
  };
  return {
    hide,
    show({ kind, title, icon, image, masked, duration = TOAST_MS }) {
      hide();
      shown = kind;
      const picture = image ? h('img', { src: image, alt: '' }) : h('i', { class: `sim-icon-${icon}` });
      const plain = icon === 'none' && !image;
      const box = h(
        'div',
        { class: plain ? 'sim-toast sim-toast-plain' : 'sim-toast', role: 'alert' },
        plain ? undefined : picture,
        h('span', {}, title),
      );
      remove = phone.cover(box, { masked, kind: 'toast' });
      if (Number.isFinite(duration)) timer = window.setTimeout(() => hide(), duration);
    },
  };
}
