import type { Message } from '../../logic/messages';
import { backToShop } from '../../services/navigation';

const DESK = 'desk/pages';

export async function openDeskOrder(out_trade_no: string): Promise<void> {
  await wx.navigateTo({ url: `/${DESK}/order/order?out_trade_no=${out_trade_no}` });
}

export async function openDeskOrdersOf(openid: string): Promise<void> {
  await wx.navigateTo({ url: `/${DESK}/orders/orders?search=${openid}` });
}

export async function openRefund(out_trade_no: string): Promise<void> {
  await wx.navigateTo({ url: `/${DESK}/refund/refund?out_trade_no=${out_trade_no}` });
}

export async function openAlarms(): Promise<void> {
  await wx.navigateTo({ url: `/${DESK}/alarms/alarms` });
}

export async function openBills(): Promise<void> {
  await wx.navigateTo({ url: `/${DESK}/bills/bills` });
}

/** Back to where the page was opened from; one that was opened by a link has the desk's first page below it. */
export async function backInDesk(): Promise<void> {
  if (getCurrentPages().length > 1) await wx.navigateBack();
  else await wx.redirectTo({ url: `/${DESK}/orders/orders` });
}

/** Follows the button of a message away from the page. Answers whether it leads away: to try again is the page's own. */
export async function leaveBy(message: Message | null): Promise<boolean> {
  switch (message?.act) {
    case 'shop':
      await backToShop();
      return true;
    case 'orders':
      await backInDesk();
      return true;
    default:
      return false;
  }
}

/** The title of a page of the desk is set once it is known that an operator looks at it. */
export async function entitle(title: string): Promise<void> {
  await wx.setNavigationBarTitle({ title });
}
