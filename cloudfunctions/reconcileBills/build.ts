import { readMerchantConfig } from '../_shared/cloud/config.ts';
import { timerFunction } from '../_shared/cloud/functions/timer-function.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { openBillServices } from '../_shared/cloud/services.ts';
import { reconcileBills } from '../_shared/order/bills/reconcile-bills.ts';

/** Run by the timer each morning: compares the orders with WeChat's bills of the days that are not done. */
export function build(runtime: Runtime) {
  return timerFunction(runtime, async (deadline, context) => {
    const { environment } = await runtime.identity(context);
    const config = readMerchantConfig(runtime.variables);
    const { finished, complete } = await reconcileBills(
      await openBillServices(runtime, config, { deadline, environment }),
    );
    return { finished: finished.map(({ _id }) => _id), complete };
  });
}
