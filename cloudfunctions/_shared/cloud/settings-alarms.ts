import { alarmOf } from '../order/alarms.ts';
import type { Ports } from '../order/ports.ts';
import type { Variables } from './config.ts';
import { waysBegun } from './shop-config.ts';

/**
 * Raises the alarm of each way to pay that is set up and set up wrongly, also while no order needs it: the next shopper would be
 * the first to notice. The alarm is the one that such an order raises, so that it is there once.
 */
export async function alarmOfSettings(
  { channelOf, alarms, clock }: Pick<Ports, 'channelOf' | 'alarms' | 'clock'>,
  variables: Variables,
): Promise<void> {
  for (const channel of waysBegun(variables)) {
    try {
      channelOf({ channel }).checkSettings();
    } catch (error) {
      const raised = alarmOf(error, clock.now());
      if (!raised) throw error;
      await alarms.raise(raised);
    }
  }
}
