import type { RobotConfig } from '../../../cloudfunctions/_shared/cloud/robot-config.ts';
import type { RobotErrorCode } from '../../../cloudfunctions/_shared/robot/errors.ts';
import type { Post } from '../../../cloudfunctions/_shared/robot/robot.ts';
import type { Chance } from '../chance.ts';
import type { EventLog } from '../event-log.ts';
import type { FaultKind, Faults } from '../faults.ts';
import type { FunctionInstance } from '../platform.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Subject } from '../subject.ts';
import type { Wires } from '../wires.ts';
import type { Chat } from './chat.ts';
import type { TellingChecks } from './telling-checks.ts';

const WAY_MS = { min: 15, max: 90 };
const SLOW_MS = { min: 500, max: 4000 };
/** WeCom: too many messages. Whatever a robot says beside yes is a no. */
const REFUSED = 45009;

export interface RobotWireOptions {
  readonly subject: Subject;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly log: EventLog;
  readonly chat: Chat;
  readonly checks: TellingChecks;
}

/**
 * The way from a function to the robot. What goes wrong on it is no trouble of the function's: a run that met nothing else
 * must go as if the shop had no robot.
 */
export function createRobotWire(options: RobotWireOptions, { dies, bring }: Wires['tools']) {
  const { subject, scheduler, chance, faults, log, chat, checks } = options;
  const { RobotError, SAY_MS } = subject;
  const way = () => chance.whole(WAY_MS.min, WAY_MS.max);
  return (instance: FunctionInstance, { address }: RobotConfig): Post =>
    (body) => {
      checks.called(instance);
      instance.hasTold = true;
      if (dies(instance, 'death before a call')) return new Promise<never>(() => {});
      const trouble = (kind: FaultKind) => {
        if (!faults.hits(kind)) return false;
        instance.isRobotTroubled = true;
        log.record(instance.name, kind);
        return true;
      };
      const slow = trouble('robot slow') ? chance.whole(SLOW_MS.min, SLOW_MS.max) : 0;
      return new Promise((resolve, reject) => {
        const fail = (code: RobotErrorCode) => () =>
          reject(new RobotError(code, `${code}, as the simulation wants it.`));
        const timer = scheduler.after(SAY_MS, () => instance.receive(fail('TIMEOUT')));
        const back = (settle: () => void) => {
          const arrive = (end: () => void) => () => {
            timer();
            end();
          };
          bring(instance, way(), arrive(settle), arrive(fail('BROKEN_CONNECTION')));
        };
        scheduler.after(way() + slow, async () => {
          if (trouble('robot unreachable')) return back(fail('UNREACHABLE'));
          if (trouble('robot silent before the work')) return undefined;
          const takeBack =
            trouble('robot refuses') && chat.robot.faults.add({ kind: 'refuse', code: REFUSED });
          const url = `${address.pathname}${address.search}`;
          const before = chat.robot.said().at(-1);
          const answer = await chat.robot.handle({ method: 'POST', url, body: Buffer.from(body) });
          if (takeBack) takeBack();
          const last = chat.robot.said().at(-1);
          const said = last !== before && last ? checks.said(instance, last.text) : undefined;
          log.record(instance.name, `the robot ${said ? 'says it' : 'refuses'}: ${answer.status}`);
          if (trouble('robot cut after the work')) return back(fail('BROKEN_CONNECTION'));
          if (trouble('robot silent after the work')) return undefined;
          const { status } = trouble('robot status 502') ? { status: 502 } : answer;
          return back(() => {
            if (said && status === 200) said.isAnswered = true;
            resolve({ status, body: Buffer.from(answer.body) });
          });
        });
      });
    };
}
