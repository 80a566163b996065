import { showActionSheet, showModal } from '../shell/dialogs.ts';
import type { Phone } from '../shell/phone.ts';
import { createToast } from '../shell/toast.ts';
import { api } from './api.ts';
import { fail, optionalText, text } from './failure.ts';

const ICONS = ['success', 'error', 'loading', 'none'] as const;

export function interactionApis(phone: Phone, assetUrl: (src: string) => string) {
  const toast = createToast(phone);
  return {
    showToast: api('showToast', (options) => {
      const icon = ICONS.find((known) => known === options.icon) ?? 'success';
      const image = optionalText(options, 'image');
      toast.show({
        kind: 'toast',
        title: text(options, 'title'),
        icon,
        image: image ? assetUrl(image) : undefined,
        masked: options.mask === true,
        duration: typeof options.duration === 'number' ? options.duration : undefined,
      });
    }),
    hideToast: api('hideToast', ({ noConflict }) => toast.hide(noConflict === true ? 'toast' : undefined)),
    showLoading: api('showLoading', (options) =>
      toast.show({
        kind: 'loading',
        title: text(options, 'title'),
        icon: 'loading',
        masked: options.mask === true,
        duration: Number.POSITIVE_INFINITY,
      }),
    ),
    hideLoading: api('hideLoading', ({ noConflict }) =>
      toast.hide(noConflict === true ? 'loading' : undefined),
    ),
    showModal: api('showModal', async (options) => {
      const { confirm, content } = await showModal(phone, {
        title: optionalText(options, 'title'),
        content: optionalText(options, 'content'),
        showCancel: options.showCancel !== false,
        cancelText: shortText(optionalText(options, 'cancelText', '取消'), 'cancelText'),
        confirmText: shortText(optionalText(options, 'confirmText', '确定'), 'confirmText'),
        cancelColor: optionalText(options, 'cancelColor') || undefined,
        confirmColor: optionalText(options, 'confirmColor') || undefined,
        editable: options.editable === true,
        placeholderText: optionalText(options, 'placeholderText'),
      });
      return { confirm, cancel: !confirm, content };
    }),
    showActionSheet: api('showActionSheet', async (options) => {
      const items = Array.isArray(options.itemList) ? options.itemList.map(String) : [];
      if (items.length === 0 || items.length > 6) fail('parameter error: itemList should have 1 to 6 items');
      const tapIndex = await showActionSheet(phone, {
        items,
        title: optionalText(options, 'alertText'),
        color: optionalText(options, 'itemColor') || undefined,
      });
      return tapIndex === undefined ? fail('cancel') : { tapIndex };
    }),
  };
}

/** A phone refuses a button of more than four characters. */
function shortText(label: string, name: string): string {
  return [...label].length <= 4 ? label : fail(`${name} length should not larger than 4 Chinese characters`);
}
