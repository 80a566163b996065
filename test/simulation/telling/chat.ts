import { createRobot, type LocalRobot } from '../../../scripts/local/robot/robot.ts';
import type { Chance } from '../chance.ts';
import { QuietTrace } from '../quiet-trace.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Secrets } from '../secrets.ts';

/** So many of the shops have a robot. */
const HAVE_A_ROBOT = 0.6;
const ADDRESSES = [
  'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=',
  'https://open.feishu.cn/open-apis/bot/v2/hook/',
  'https://alarms.example.com/shop/',
] as const;

/** The group chat of the merchant's people, with the robot of `npm start` in it. Not every shop has one. */
export interface Chat {
  readonly isThere: boolean;
  readonly robot: LocalRobot;
  /** What the functions are given of it. */
  readonly variables: Readonly<Record<string, string>>;
}

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  /** Whoever has the address can speak in the chat. */
  readonly secrets: Secrets;
  readonly isPlain: boolean;
}

export function openChat({ scheduler, chance, secrets, isPlain }: Surroundings): Chat {
  const isThere = !isPlain && chance.happens(HAVE_A_ROBOT);
  const key = chance.bytes(16).toString('hex');
  secrets.add(key);
  const robot = createRobot({ clock: scheduler, trace: new QuietTrace(), key });
  const variables = isThere ? { ALARM_WEBHOOK_URL: `${chance.pick(ADDRESSES)}${key}` } : {};
  return { isThere, robot, variables };
}
