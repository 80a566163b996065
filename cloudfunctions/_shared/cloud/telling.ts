import { announce } from '../order/telling/announce-day.ts';
import type { DayOfChannel } from '../order/telling/day-text.ts';
import type { Said } from '../order/telling/ports.ts';
import { tell } from '../order/telling/tell.ts';
import { RobotError } from '../robot/errors.ts';
import { type Post, ROBOT_TEXT_BYTES_MAX, robotKindOf, sayInChat } from '../robot/robot.ts';
import { tellingIn } from './database/stores/telling.ts';
import { type RobotConfig, readRobotConfig } from './robot-config.ts';
import type { Runtime } from './runtime.ts';

/**
 * Tells the merchant's people what is new, where the shop has a robot. For a timer that runs often: what is not said is said by a
 * later run.
 * @throws CloudError
 */
export async function tellPeople(runtime: Runtime, deadline: Date): Promise<void> {
  const config = readRobotConfig(runtime.variables);
  if (!config) return;
  const { clock, logger } = runtime;
  const telling = tellingIn(await runtime.database());
  const post = runtime.robot(config);
  await tell(
    { clock, logger, telling, deadline, say: (text) => said(post, config, text) },
    ROBOT_TEXT_BYTES_MAX,
  );
}

/**
 * Announces a day whose bill was read, of each channel that has one; queryOrders says it within minutes. It is only written down here: nothing is
 * asked of the network, and a day that was announced before is not announced again.
 * @throws CloudError
 */
export async function announceDay(runtime: Runtime, days: readonly DayOfChannel[]): Promise<void> {
  const [first, ...others] = days;
  if (!first) return;
  const telling = tellingIn(await runtime.database());
  await announce({ clock: runtime.clock, telling }, [first, ...others]);
}

async function said(post: Post, { address }: RobotConfig, text: string): Promise<Said> {
  try {
    await sayInChat(post, robotKindOf(address), text);
    return { kind: 'said' };
  } catch (error) {
    if (!(error instanceof RobotError)) throw error;
    return { kind: 'unsaid', code: error.code, message: error.message };
  }
}
