import http from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createRobotPost } from '../../cloudfunctions/_shared/cloud/robot-http.ts';
import { realTimers } from '../../cloudfunctions/_shared/cloud/timers.ts';
import { RobotError } from '../../cloudfunctions/_shared/robot/errors.ts';
import { robotKindOf, sayInChat } from '../../cloudfunctions/_shared/robot/robot.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import { createRobot, serveRobot } from '../../scripts/local/robot/robot.ts';
import { Trace } from '../../scripts/local/trace.ts';

const KEY = 'key-of-the-chat-0123456789';
const ADDRESSES = {
  wecom: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${KEY}`,
  feishu: `https://open.feishu.cn/open-apis/bot/v2/hook/${KEY}`,
  json: 'https://alarms.example.com/shop',
} as const;

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function openChat() {
  const clock = new WorldClock({ source: () => 0 });
  const trace = new Trace(() => clock.now());
  const robot = createRobot({ clock, trace, key: KEY });
  const server = await serveRobot(robot);
  closing.push(() => server.close());
  const say = (address: string, text = '你好') => {
    const config = { address: new URL(address), origin: server.url };
    return sayInChat(createRobotPost(config, realTimers), robotKindOf(config.address), text);
  };
  return { clock, trace, robot, server, say };
}

const refusal = (message: string) => expect.objectContaining({ code: 'REFUSED', message });

describe.each(Object.entries(ADDRESSES))('a robot of the kind %s', (kind, address) => {
  test('says a text', async () => {
    const { robot, say } = await openChat();
    await say(address, '【店铺告警】1 条\n1. …');
    expect(robot.said()).toMatchObject([{ by: kind, text: '【店铺告警】1 条\n1. …' }]);
  });

  test('is not followed to where it redirects', async () => {
    const { robot, say } = await openChat();
    let visits = 0;
    const elsewhere = http.createServer((_, response) => {
      visits++;
      response.end('ok');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    closing.push(() => elsewhere.close());
    const place = elsewhere.address();
    const port = typeof place === 'object' ? place?.port : 0;
    robot.faults.add({ kind: 'redirect', location: `http://127.0.0.1:${port}/` });
    await expect(say(address)).rejects.toEqual(refusal('The robot answered with status 302.'));
    expect(visits).toBe(0);
  });

  test('breaks the connection', async () => {
    const { robot, say } = await openChat();
    robot.faults.add({ kind: 'break', when: 'after' });
    await expect(say(address)).rejects.toMatchObject({ code: 'BROKEN_CONNECTION' });
  });

  test('cannot be reached', async () => {
    const { server, say } = await openChat();
    await server.down();
    await expect(say(address)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  test('shows its address nowhere: neither in the trace nor in an error', async () => {
    const { trace, robot, say } = await openChat();
    robot.faults.add({ kind: 'refuse', code: 500 });
    const error = await say(address).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RobotError);
    expect(`${error} ${JSON.stringify(error)}`).not.toContain(KEY);
    expect(JSON.stringify(trace.since())).not.toContain(KEY);
  });
});

test.each([
  ['WeCom knows no such chat', 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=withdrawn', 'x', 93000],
  ['WeCom takes 2048 bytes', ADDRESSES.wecom, 'x'.repeat(2049), 40058],
  ['Feishu knows no such chat', 'https://open.larksuite.com/open-apis/bot/v2/hook/withdrawn', 'x', 19001],
  ['Feishu takes 20 KB', ADDRESSES.feishu, 'x'.repeat(20 * 1024), 9499],
])('%s', async (_, address, text, code) => {
  const { say, robot } = await openChat();
  await expect(say(address, text)).rejects.toEqual(refusal(`The robot refused: ${code}.`));
  expect(robot.said()).toEqual([]);
});

test('WeCom takes twenty messages in a minute', async () => {
  const { clock, say } = await openChat();
  for (let count = 0; count < 20; count++) await say(ADDRESSES.wecom);
  await expect(say(ADDRESSES.wecom)).rejects.toEqual(refusal('The robot refused: 45009.'));
  await clock.advance(60_000);
  await say(ADDRESSES.wecom);
});

test('an answer that is no answer of the robot is a refusal', async () => {
  const answers = [Buffer.from('<html>'), Buffer.from('{}'), Buffer.from('{"errcode":"0"}')];
  for (const body of answers) {
    const post = () => Promise.resolve({ status: 200, body });
    await expect(sayInChat(post, 'wecom', 'x')).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(sayInChat(post, 'feishu', 'x')).rejects.toMatchObject({ code: 'REFUSED' });
  }
});
