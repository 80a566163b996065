import type { Notice } from '../logic/notice';
import { isDark } from './device';

/** WeChat draws the dialog, out of reach of app.wxss: these are its accent and danger. */
const COLORS = {
  light: { accent: '#087A45', danger: '#B3261E' },
  dark: { accent: '#2CC878', danger: '#FF8A80' },
} as const;

/** Asks the shopper whether to give the order up. */
export async function askToCancel(): Promise<boolean> {
  const { accent, danger } = dialogColors();
  const { confirm } = await wx.showModal({
    title: '取消这笔订单？',
    content: '取消后将无法继续支付。\n如已付款，以实际到账为准。',
    confirmText: '取消订单',
    confirmColor: danger,
    cancelText: '再想想',
    cancelColor: accent,
  });
  return confirm;
}

/** A failure, where the page has no room for it. */
export async function showNotice({ title, text }: Notice): Promise<void> {
  await wx.showModal({
    title,
    content: text,
    showCancel: false,
    confirmText: '知道了',
    confirmColor: dialogColors().accent,
  });
}

/** WeChat draws its dialogs, out of reach of app.wxss. */
export function dialogColors() {
  return isDark() ? COLORS.dark : COLORS.light;
}
