import { timerFunction } from '../_shared/cloud/functions/timer-function.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { openServices } from '../_shared/cloud/services.ts';
import { alarmOfSettings } from '../_shared/cloud/settings-alarms.ts';
import { readShipping } from '../_shared/cloud/shipping-config.ts';
import { readShopConfig } from '../_shared/cloud/shop-config.ts';
import { tellPeople } from '../_shared/cloud/telling.ts';
import { sweep } from '../_shared/order/sweep.ts';

/**
 * Run by the timer: asks WeChat about every order that is due, settles it, or closes it at its end, and tells WeChat what was delivered. Once that is over, it tells the
 * merchant's people what is new.
 */
export function build(runtime: Runtime) {
  const run = async (deadline: Date) => {
    const { variables } = runtime;
    const config = { ...readShopConfig(variables), shipping: readShipping(variables) };
    const ports = await openServices(runtime, config, deadline);
    await alarmOfSettings(ports, variables);
    const report = await sweep(ports);
    runtime.logger.info('orders.swept', { ...report });
    return report;
  };
  return timerFunction(runtime, run, (deadline) => tellPeople(runtime, deadline));
}
