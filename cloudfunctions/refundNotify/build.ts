import { readRefundNotice } from '../_shared/channels/wechatpay.ts';
import { readMerchantConfig } from '../_shared/cloud/config.ts';
import { noticeEndpoint } from '../_shared/cloud/functions/notice-endpoint.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { openServices } from '../_shared/cloud/services.ts';
import { readShopConfig } from '../_shared/cloud/shop-config.ts';
import { deadlineOf, REFUND_NOTICE_MS } from '../_shared/order/deadline.ts';
import { receiveRefundHint } from '../_shared/order/refunds/refund-hint.ts';

/**
 * Takes WeChat Pay's notices of refunds, wherever those were made. Such a notice is not signed, so it only says what to
 * ask about; one that none of our keys opens costs neither a database call nor the SDK.
 */
export function build(runtime: Runtime) {
  return noticeEndpoint(runtime, async (body) => {
    const hint = readRefundNotice(body, readMerchantConfig(runtime.variables).merchant);
    const deadline = deadlineOf(runtime.clock.now(), REFUND_NOTICE_MS);
    return receiveRefundHint(await openServices(runtime, readShopConfig(runtime.variables), deadline), hint);
  });
}
