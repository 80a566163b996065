import { alarmsIn } from '../_shared/cloud/database/stores/alarms.ts';
import { productsIn } from '../_shared/cloud/database/stores/products.ts';
import { remindersIn } from '../_shared/cloud/database/stores/reminders.ts';
import { timerFunction } from '../_shared/cloud/functions/timer-function.ts';
import { messengerOn } from '../_shared/cloud/messenger.ts';
import { readReminderConfig } from '../_shared/cloud/reminder-config.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { answerByOf } from '../_shared/order/deadline.ts';
import { type ReminderReport, sendReminders } from '../_shared/order/reminders/send-reminders.ts';

/** A shop without a template reminds nobody. */
const NOTHING: ReminderReport = { sent: 0, unknown: 0, dropped: 0, later: 0, complete: true };

/** Run by the timer: reminds shoppers who agreed to it before their memberships end. */
export function build(runtime: Runtime) {
  return timerFunction(runtime, async (deadline) => {
    const config = readReminderConfig(runtime.variables);
    if (!config) return NOTHING;
    const { clock, logger } = runtime;
    const database = await runtime.database();
    const alarms = alarmsIn(database, logger);
    const report = await sendReminders({
      ...{ clock, deadline, logger, alarms, reminders: remindersIn(database) },
      products: productsIn(database, { alarms, now: clock.now }),
      remind: messengerOn(runtime, config, answerByOf(deadline)),
    });
    logger.info('reminders.sent', { ...report });
    return report;
  });
}
