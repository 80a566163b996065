import * as v from 'valibot';
import { remindersIn } from '../_shared/cloud/database/stores/reminders.ts';
import { OrderReferenceSchema, orderFunction } from '../_shared/cloud/functions/order-function.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import type { CheckOrderRequest } from '../_shared/contract.ts';
import { check, findOwn } from '../_shared/order/check.ts';
import { agree } from '../_shared/order/reminders/agree.ts';

const Request = v.object({
  ...OrderReferenceSchema.entries,
  remind: v.exactOptional(v.literal(true)),
}) satisfies v.GenericSchema<CheckOrderRequest>;

/** Asks WeChat about one of the shopper's orders, now, and answers the order as it is then. */
export function build(runtime: Runtime) {
  return orderFunction<CheckOrderRequest>(runtime, Request, async (ports, { remind, ...which }) => {
    // First, since WeChat may not answer, and lets nobody ask the shopper for a consent again.
    const agreed = remind && (await findOwn(ports, which));
    if (agreed)
      await agree({ reminders: remindersIn(await runtime.database()), clock: runtime.clock }, agreed);
    return check(ports, which);
  });
}
