import type { Notice } from '../logic/notices';

/** Asks the shopper whether to give the order up. */
export async function askToCancel(): Promise<boolean> {
  const { confirm } = await wx.showModal({
    title: '取消这笔订单？',
    content: '取消后这笔订单不能再支付。如果付款已经到账，以到账为准。',
    confirmText: '取消订单',
    confirmColor: '#B3261E',
    cancelText: '再想想',
    cancelColor: '#087A45',
  });
  return confirm;
}

/** A failure, where the page has no room for it. */
export async function tell({ title, text }: Notice): Promise<void> {
  await wx.showModal({
    title,
    content: text,
    showCancel: false,
    confirmText: '知道了',
    confirmColor: '#087A45',
  });
}
