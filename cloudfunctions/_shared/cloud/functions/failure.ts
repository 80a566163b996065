import { type Alarm, alarm, alarmOf } from '../../order/alarms.ts';
import { ChannelError } from '../../order/channel.ts';
import { WeChatPayError } from '../../wechatpay/errors.ts';
import { alarmsIn } from '../database/stores/alarms.ts';
import { CloudError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';

/** What an entry does with a failure, whatever it then answers: one line in the log, and an alarm where one is due. */
export async function report(runtime: Runtime, error: unknown): Promise<void> {
  logFailure(runtime, error);
  const raised = alarmOf(error, runtime.clock.now()) ?? alarmOfConfiguration(error, runtime.clock.now());
  if (raised) await raise(runtime, raised);
}

/** Raises an alarm from outside the shop. Never throws: the line in the log is enough as a report. */
export async function raise(runtime: Runtime, raised: Alarm): Promise<void> {
  try {
    await alarmsIn(await runtime.database(), runtime.logger).raise(raised);
  } catch (error) {
    const { code, subject, message } = raised;
    runtime.logger.error('alarm', { code, subject, message });
    runtime.logger.error('alarm.not_kept', { code, subject, message: messageOf(error) });
  }
}

/** One line: the code and the message, and of a bug also where it is. */
export function logFailure({ logger }: Runtime, error: unknown): void {
  const message = messageOf(error);
  // Unknown clients can cause these two: they are no reason to wake anybody.
  if (error instanceof ChannelError) {
    logger.warn('call.failed', error.facts);
  } else if (error instanceof WeChatPayError) {
    logger.warn('call.failed', { code: error.code, message });
  } else if (error instanceof CloudError) {
    logger.error('call.failed', { code: error.code, message });
  } else {
    logger.error('call.failed', { code: 'UNEXPECTED', message, stack: framesOf(error) });
  }
}

function alarmOfConfiguration(error: unknown, now: Date): Alarm | undefined {
  if (!(error instanceof CloudError) || error.code !== 'CONFIGURATION_WRONG') return undefined;
  return alarm('MERCHANT_MISCONFIGURED', error.code, error.message, now);
}

/** Where a bug is, without its message: that is logged beside it, and can be long. */
function framesOf(error: unknown): string | null {
  if (!(error instanceof Error) || !error.stack) return null;
  const lines = error.stack.split('\n').filter((line) => line.startsWith('    at '));
  return lines.map((line) => line.trim()).join('\n');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
