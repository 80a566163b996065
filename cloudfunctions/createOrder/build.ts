import * as v from 'valibot';
import { viewOf } from '../_shared/channels/view.ts';
import { callable } from '../_shared/cloud/functions/callable.ts';
import { clientIpOf } from '../_shared/cloud/functions/client-ip.ts';
import { readReminderTemplate } from '../_shared/cloud/reminder-config.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { openServices } from '../_shared/cloud/services.ts';
import { readOrderingConfig } from '../_shared/cloud/shop-config.ts';
import type { CreateOrderAnswer, CreateOrderRequest } from '../_shared/contract.ts';
import { createOrder } from '../_shared/order/create-order.ts';
import { refusal } from '../_shared/order/refusal.ts';
import { TERM_ENTRIES } from '../_shared/order/term.ts';

const requestId = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{16,64}$/, 'must be 16 to 64 of A-Z a-z 0-9 _ -'),
);

const Request = v.pipe(
  v.object({
    request_id: requestId,
    product_id: v.pipe(v.string(), v.minLength(1), v.maxLength(32)),
    ...TERM_ENTRIES,
    expected_total_fee: v.pipe(v.number(), v.integer(), v.minValue(1)),
    supersedes: v.exactOptional(requestId),
    code: v.exactOptional(v.pipe(v.string(), v.maxLength(512))),
  }),
  v.forward(
    v.check(({ request_id, supersedes }) => supersedes !== request_id, 'must be another request_id'),
    ['supersedes'],
  ),
) satisfies v.GenericSchema<CreateOrderRequest>;

/** Places an order for the shopper who calls, and answers what wx.requestPayment takes. */
export function build(runtime: Runtime) {
  return callable<CreateOrderRequest, Omit<CreateOrderAnswer, 'now'>>(runtime, Request, async (call) => {
    const { openid, input, deadline } = call;
    const { appid, environment, client_ip } = call.identity;
    if (!appid || !environment)
      return refusal('OPENID_MISSING', 'The call does not say which mini-program it is from.');
    const config = readOrderingConfig(runtime.variables);
    const ports = await openServices(runtime, config, deadline);
    const caller = { openid, appid, environment, client_ip: clientIpOf(client_ip) };
    const placed = await createOrder(ports, config, { ...input, ...caller });
    if (placed.kind === 'refusal') return placed;

    const { order } = placed;
    const payment = await ports.channelOf(order).paymentFor(order, input);
    if ('kind' in payment) return payment;
    const template_id = readReminderTemplate(runtime.variables);
    return { order: viewOf(order), payment, ...(template_id && { reminder: { template_id } }) };
  });
}
