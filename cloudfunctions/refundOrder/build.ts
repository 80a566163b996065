import { operatorFunction } from '../_shared/cloud/functions/operator-function.ts';
import { RefundRequestSchema } from '../_shared/cloud/functions/refund-input.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { openServices } from '../_shared/cloud/services.ts';
import { readShopConfig } from '../_shared/cloud/shop-config.ts';
import type { RefundOrderAnswer, RefundOrderRequest } from '../_shared/contract.ts';
import { refundViewOf } from '../_shared/order/refunds/refund-view.ts';
import { requestRefund } from '../_shared/order/refunds/request-refund.ts';
import { refusal } from '../_shared/order/refusal.ts';
import { viewOf } from '../_shared/order/view.ts';

/** An operator gives money of an order back, wholly or in part, and is answered refund and order as they are then. */
export function build(runtime: Runtime) {
  return operatorFunction<RefundOrderRequest, Omit<RefundOrderAnswer, 'now'>>(
    runtime,
    { name: 'refundOrder', schema: RefundRequestSchema },
    async ({ openid, identity, input, deadline }) => {
      const { environment } = identity;
      if (!environment) return refusal('OPENID_MISSING', 'The call does not say which environment it is in.');
      const ports = await openServices(runtime, readShopConfig(runtime.variables), deadline);
      const answer = await requestRefund(ports, { ...input, environment, by: openid });
      if (answer.kind === 'refusal') return answer;
      return { refund: refundViewOf(answer.refund), order: viewOf(answer.order) };
    },
  );
}
