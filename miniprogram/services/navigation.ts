const SHOP = 'pages/shop/shop';

export async function openOrder(out_trade_no: string): Promise<void> {
  await wx.navigateTo({ url: `/pages/order/order?out_trade_no=${out_trade_no}` });
}

/** Shows another order in the place of the one whose page this is. */
export async function openOrderInstead(out_trade_no: string): Promise<void> {
  await wx.redirectTo({ url: `/pages/order/order?out_trade_no=${out_trade_no}` });
}

export async function openOrders(): Promise<void> {
  await wx.navigateTo({ url: '/pages/orders/orders' });
}

/** The operators' desk. */
export async function openDesk(): Promise<void> {
  await wx.navigateTo({ url: '/desk/pages/orders/orders' });
}

/** Back to the shop, wherever it lies below; a page that was opened by a link has none below it. */
export async function backToShop(): Promise<void> {
  const pages = getCurrentPages();
  const below = pages.map(({ route }) => route).lastIndexOf(SHOP);
  if (below < 0) await wx.reLaunch({ url: `/${SHOP}` });
  else await wx.navigateBack({ delta: pages.length - 1 - below });
}
