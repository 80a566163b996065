import { type ApiServer, type OwnWorld, serveApi } from '../api-server.ts';
import { BrokenConnection, type HttpAnswer, passed } from '../calls.ts';
import type { WorldClock } from '../clock.ts';
import type { When } from '../faults.ts';
import type { Trace } from '../trace.ts';
import { RobotFaults } from './faults.ts';
import { type Outcome, type Robot, type RobotRequest, refused, robotFor } from './kinds.ts';

/** What was said in the group chat. */
export interface Message {
  readonly by: Robot['name'];
  readonly at: Date;
  readonly text: string;
}

/** The robots of group chats on this machine: WeCom's, Feishu's, and whatever takes a text as JSON. */
export interface LocalRobot {
  readonly faults: RobotFaults;
  /** The last of the messages, the oldest first. */
  said(): readonly Message[];
  /**
   * @param request.invocation the call of a function that speaks, where it is one
   * @throws BrokenConnection when a fault breaks the connection
   */
  handle(request: {
    readonly method: string;
    readonly url: string;
    readonly body: Buffer;
    readonly invocation?: string;
  }): Promise<HttpAnswer>;
}

/** How many messages are kept. */
const MESSAGES_MAX = 500;
const MINUTE_MS = 60_000;
const MASK = '••••••';

/** @param key what opens the chat; another one is refused */
export function createRobot({
  clock,
  trace,
  key,
}: {
  readonly clock: WorldClock;
  readonly trace: Trace;
  readonly key: string;
}): LocalRobot {
  const faults = new RobotFaults();
  const said: Message[] = [];
  let count = 0;

  return {
    faults,
    said: () => said,
    async handle({ method, url: address, body, invocation }) {
      const url = new URL(address, 'http://127.0.0.1');
      const robot = robotFor(url);
      const request = { method, url, bytes: body.length, body: readJson(body) };
      const call = {
        label: `群机器人 ${robot.name}`,
        id: `robot-${++count}`,
        ...(invocation && { invocation }),
      };
      trace.record({ from: 'function', to: 'robot', kind: 'call', ...call, payload: shown(request) });
      try {
        const answer = await work(robot, request);
        trace.record({
          from: 'robot',
          to: 'function',
          kind: 'reply',
          ...call,
          payload: { answer: answer.body },
        });
        return answer;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        trace.record({ from: 'robot', to: 'function', kind: 'lost', ...call, payload: { why } });
        throw error;
      }
    },
  };

  async function work(robot: Robot, request: RobotRequest): Promise<HttpAnswer> {
    const redirect = faults.take(['redirect'], {});
    if (redirect) return { status: 302, contentType: 'text/plain', body: '', location: redirect.location };
    const before = await disturb('before');
    const outcome = before ?? judged(robot, request);
    if (outcome.kind === 'said') keep({ by: robot.name, at: clock.now(), text: outcome.text });
    return robot.answer((await disturb('after')) ?? outcome);
  }

  function judged(robot: Robot, request: RobotRequest): Outcome {
    if (robot.name !== 'json' && robot.keyIn(request.url) !== key) return NO_SUCH_CHAT[robot.name];
    const outcome = robot.read(request);
    if (outcome.kind === 'refused' || !robot.limit) return outcome;
    const since = clock.now().getTime() - MINUTE_MS;
    const recent = said.filter(({ by, at }) => by === robot.name && at.getTime() > since).length;
    return recent < robot.limit.perMinute ? outcome : refused(robot.limit.code, robot.limit.words);
  }

  async function disturb(when: When): Promise<Outcome | undefined> {
    const slow = faults.take(['slow'], { when });
    if (slow) await passed(clock, slow.ms);
    if (faults.take(['break'], { when }))
      throw new BrokenConnection(`The connection breaks ${when} the message`);
    const refusal = faults.take(['refuse'], { when });
    return refusal && refused(refusal.code, 'as asked for');
  }

  function keep(message: Message): void {
    said.push(message);
    if (said.length > MESSAGES_MAX) said.shift();
  }
}

const NO_SUCH_CHAT: Readonly<Record<'wecom' | 'feishu', Outcome>> = {
  wecom: refused(93000, 'invalid webhook url'),
  feishu: refused(19001, 'param invalid: incoming webhook access token invalid'),
};

/** A robot that can be reached by HTTP, on this machine only: its url is what ALARM_WEBHOOK_ORIGIN is set to. */
export function serveRobot(robot: LocalRobot, port = 0, options: OwnWorld = {}): Promise<ApiServer> {
  return serveApi((request) => robot.handle(request), { name: 'robot', port, ...options });
}

/** The address without what opens the chat. */
function shown({ url, body }: RobotRequest): Readonly<Record<string, unknown>> {
  const [, first = '', second = ''] = url.pathname.split('/');
  return { to: `/${first}/${second}/${MASK}`, ...body };
}

function readJson(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
