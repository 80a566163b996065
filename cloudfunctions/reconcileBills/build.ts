import { timerFunction } from '../_shared/cloud/functions/timer-function.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { openBillServices } from '../_shared/cloud/services.ts';
import { readShopConfig } from '../_shared/cloud/shop-config.ts';
import { announceDay } from '../_shared/cloud/telling.ts';
import { reconcileBills } from '../_shared/order/bills/reconcile-bills.ts';

/**
 * Run by the timer each morning: compares the orders with WeChat's bills of the days that are not done, and announces yesterday
 * once it is done.
 */
export function build(runtime: Runtime) {
  return timerFunction(runtime, async (deadline, context) => {
    const { environment } = await runtime.identity(context);
    const config = readShopConfig(runtime.variables);
    const { finished, newest, complete } = await reconcileBills(
      await openBillServices(runtime, config, { deadline, environment }),
    );
    await announceDay(runtime, newest);
    return { finished: finished.map(({ _id }) => _id), complete };
  });
}
