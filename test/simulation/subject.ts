// What is under simulation: the entries as they are deployed, and the wiring they run on. A deliberate bug is built
// into a bundle of this file, so whatever the simulation takes from cloudfunctions/ to run, it takes from here.
import { build as cancelOrder } from '../../cloudfunctions/cancelOrder/build.ts';
import { build as checkOrder } from '../../cloudfunctions/checkOrder/build.ts';
import { build as createOrder } from '../../cloudfunctions/createOrder/build.ts';
import { build as operateShop } from '../../cloudfunctions/operateShop/build.ts';
import { build as payNotify } from '../../cloudfunctions/payNotify/build.ts';
import { build as queryOrders } from '../../cloudfunctions/queryOrders/build.ts';
import { build as reconcileBills } from '../../cloudfunctions/reconcileBills/build.ts';
import { build as refundNotify } from '../../cloudfunctions/refundNotify/build.ts';
import { build as refundOrder } from '../../cloudfunctions/refundOrder/build.ts';
import { build as sendReminders } from '../../cloudfunctions/sendReminders/build.ts';
import { build as virtualPayNotify } from '../../cloudfunctions/virtualPayNotify/build.ts';

export { createTransport } from '../../cloudfunctions/_shared/cloud/http.ts';
export { runtimeOn } from '../../cloudfunctions/_shared/cloud/runtime.ts';
export { SAY_MS } from '../../cloudfunctions/_shared/order/telling/tell.ts';
export { RobotError } from '../../cloudfunctions/_shared/robot/errors.ts';
export { WeChatPayError } from '../../cloudfunctions/_shared/wechatpay/errors.ts';
export { WeixinError } from '../../cloudfunctions/_shared/weixin/errors.ts';

export const builds = {
  ...{ cancelOrder, checkOrder, createOrder, payNotify, queryOrders },
  ...{ operateShop, reconcileBills, refundNotify, refundOrder, sendReminders, virtualPayNotify },
};

export type Subject = Pick<
  typeof import('./subject.ts'),
  'builds' | 'createTransport' | 'runtimeOn' | 'RobotError' | 'SAY_MS' | 'WeChatPayError' | 'WeixinError'
>;
export type FunctionName = keyof typeof builds;
