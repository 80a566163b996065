import { readNotice } from '../_shared/channels/wechatpay.ts';
import { readMerchantConfig } from '../_shared/cloud/config.ts';
import { noticeEndpoint } from '../_shared/cloud/functions/notice-endpoint.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { openLedger } from '../_shared/cloud/services.ts';
import { settle } from '../_shared/order/settle.ts';

/**
 * Takes WeChat Pay's notices. WeChat repeats a notice until it reads SUCCESS, so SUCCESS is said only once the order is
 * saved. A notice is verified before the database is opened: a forged one costs neither a call nor the SDK.
 */
export function build(runtime: Runtime) {
  return noticeEndpoint(runtime, async (body) => {
    const { merchant, ships } = readMerchantConfig(runtime.variables);
    const report = readNotice(body, merchant, { ships });
    const settlement = await settle(await openLedger(runtime), { report });
    switch (settlement.kind) {
      case 'moved':
      case 'kept':
        return { kind: 'done' };
      case 'refused':
        return { kind: 'refused', reason: settlement.code };
      case 'unknown':
        return { kind: 'refused', reason: 'ORDER_UNKNOWN' };
    }
  });
}
