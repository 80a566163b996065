import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alarm } from '../cloudfunctions/_shared/order/alarms.ts';
import { FUNCTIONS_DIRECTORY } from '../scripts/build.ts';
import { MERCHANT, startLocalWorld } from '../scripts/local/local-world.ts';
import { runOps } from '../scripts/ops/main.ts';
import { wayOutOf } from '../scripts/ops/way-out.ts';
import { MINUTE_MS, openShop, type Shop } from './functions/shop.ts';

let shop: Shop;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  environment = { ...process.env };
  shop = await openShop();
});
afterAll(async () => {
  process.env = environment;
  await shop.close();
});

/**
 * Types a command at a terminal. `says` is what the person answers to a question; nobody is there when it is left out.
 * @param local what is named; the port of the shop's console unless said, which is in no row with the others
 */
async function ops(
  args: readonly string[],
  says?: boolean | (() => Promise<boolean>),
  local = new URL(shop.console.url).port,
) {
  const lines: string[] = [];
  const questions: string[] = [];
  const code = await runOps([...args, '--local', local], {
    root: process.cwd(),
    processEnvironment: {},
    print: (line) => lines.push(line),
    confirm:
      says === undefined
        ? undefined
        : async (question) => {
            questions.push(question);
            return typeof says === 'function' ? says() : says;
          },
    wait: async () => {},
    now: () => shop.clock.now(),
    fetch: globalThis.fetch,
    by: '老板@laptop',
    newRequestId: () => `ops-${crypto.randomUUID()}`,
  });
  return { code, output: lines.join('\n'), questions };
}

describe('npm run ops', () => {
  test('gives a part back after a yes, and writes down who did it', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    const { code, output, questions } = await ops(['refund', out_trade_no, '--fee', '1000'], true);
    expect(output).toContain('PROCESSING, ¥10.00, takes 19 days');
    expect(output).toContain('--request-id ops-');
    expect(code).toBe(0);
    expect(questions).toHaveLength(1);
    const [refund] = shop.refunds(out_trade_no);
    expect(refund).toMatchObject({ refund_fee: 1000, requested_by: '老板@laptop' });
    const audit = { act: 'refund', by: '老板@laptop', subject: refund?._id };
    expect(shop.cloud.documents('audit')).toContainEqual(expect.objectContaining(audit));
  });

  test('takes days only where no other refund came between the look and the yes', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    const args = ['refund', out_trade_no, '--fee', '0', '--takes', '10'];
    expect((await ops(args, true)).code).toBe(0);
    const meanwhile = await ops(args, async () => (await ops(args, true)).code === 0);
    expect(meanwhile).toMatchObject({ code: 1, output: expect.stringContaining('REFUND_CHANGED') });
    expect(shop.refunds(out_trade_no)).toMatchObject([{ refund_fee: 0 }, { refund_fee: 0 }]);
  });

  test.each([
    ['without anybody to say yes', undefined, 'say --yes'],
    ['after a no', false, 'Nothing was done'],
  ])('moves no money %s', async (_, says, words) => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    const { code, output } = await ops(['refund', out_trade_no], says);
    expect(output).toContain(words);
    expect(code).toBe(1);
    expect(shop.refunds(out_trade_no)).toEqual([]);
  });

  test.each([
    [['refund', 'f'.repeat(32), '--yes'], 'There is no order'],
    [['refund', '--fee', 'all'], '--fee must be a whole number'],
    [['refund', '--fees', '1'], 'fees'],
    [['pay'], 'There is no command pay'],
    [['operators', 'add', 'oSomebody-000000001'], 'operators add OPENID NAME'],
  ])('refuses %j, saying what is meant', async (args, words) => {
    const { code, output } = await ops(args);
    expect(output).toContain(words);
    expect(output).toContain('way out');
    expect(code).toBe(1);
  });

  test('shows the days of bills, and what differed on one of them', async () => {
    const own = await openShop();
    const other = shop;
    shop = own;
    const out_trade_no = await shop.placePaid(shop.newShopper());
    const out_refund_no = shop.wechatpay.refundByStaff(MERCHANT.mch_id, out_trade_no);
    await shop.clock.advance(24 * 60 * MINUTE_MS);
    expect((await ops(['bills'])).output).toMatch(
      /^20270115 {2}wechatpay {3}DONE {3}1 {2}¥48\.00 {2}1 {2}¥48\.00 {3}¥0\.00 {2}1 {9}0 {8}0$/m,
    );
    const { output } = await ops(['bills', '20270115']);
    expect(output).toMatch(new RegExp(`^repaired +${out_trade_no} +${out_refund_no} +4800$`, 'm'));
    const { bills } = JSON.parse((await ops(['bills', '20270115', '--json'])).output);
    expect(bills).toMatchObject([
      { _id: 'virtualpay:20270115', details: [] },
      { _id: 'wechatpay:20270115', details: [{ kind: 'repaired' }] },
    ]);
    expect(await ops(['bills', 'yesterday'])).toMatchObject({ code: 1 });
    shop = other;
    await own.close();
  });

  test('lists orders, refunds, alarms and operators as tables, and as JSON', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    await ops(['refund', out_trade_no, '--fee', '1', '--yes']);
    await ops(['operators', 'add', 'oSomebody-000000001', '小张', '--anyway']);
    expect((await ops(['orders'])).output).toContain(out_trade_no);
    expect((await ops(['refunds'])).output).toContain(out_trade_no);
    expect((await ops(['operators'])).output).toContain('小张');
    expect((await ops(['alarms'])).code).toBe(0);
    const { orders } = JSON.parse((await ops(['orders', '--json', '--limit', '1'])).output);
    expect(orders).toMatchObject([{ trade_state: 'SUCCESS' }]);
    const { refunds } = JSON.parse((await ops(['order', out_trade_no, '--json'])).output);
    expect(refunds).toMatchObject([{ refund_fee: 1 }]);
  });

  test('says of an alarm that it is dealt with, by whom, and takes that back', async () => {
    await shop.cloud.insert('alarms', { ...alarm('HELD', 'order 1', '看一看', shop.clock.now()) });
    const [{ _id = '' } = {}] = shop.cloud.documents('alarms').filter(({ subject }) => subject === 'order 1');
    const lineOf = async () =>
      (await ops(['alarms'])).output.split('\n').find((line) => line.includes(String(_id)));
    expect(await lineOf()).toMatch(/ no +看一看/);
    expect((await ops(['alarms', 'done', String(_id)])).output).toContain('is done');
    expect(await lineOf()).toContain('by 老板@laptop');
    expect((await ops(['alarms', 'reopen', String(_id)])).output).toContain('is open again');
    expect(await lineOf()).toMatch(/ no +看一看/);
    const acts = shop.cloud.documents('audit').filter(({ subject }) => subject === _id);
    expect(acts).toMatchObject([
      { act: 'alarm.done', by: '老板@laptop' },
      { act: 'alarm.reopen', by: '老板@laptop' },
    ]);
    expect(await ops(['alarms', 'done', 'HELD:none:0'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('ALARM_NOT_FOUND'),
    });
    expect((await ops(['alarms', 'undo', 'x'])).output).toContain('alarms done ID, or alarms reopen ID');
  });
});

describe('the local world that --local names', () => {
  test('is also found by the address that npm start prints', async () => {
    for (const address of [shop.console.url, `${shop.console.url.replace('127.0.0.1', 'localhost')}/`])
      expect(await ops(['orders'], undefined, address)).toMatchObject({ code: 0 });
  });

  test.each<[what: string, local: () => Promise<string> | string, words: RegExp]>([
    ['a port that is none', () => '65536', /at most 65535/],
    ['another address', () => 'http://192.0.2.1:7600', /--local must be a whole number/],
    ['a port where nobody listens', freePort, /Nobody listens on port \d+/],
    ['another server of the world', () => new URL(shop.gateway.url).port, /is no console of a local world/],
  ])('is not %s: it is said in a line, with the way out', async (_, local, words) => {
    const { code, output } = await ops(['orders'], undefined, await local());
    expect(code).toBe(1);
    expect(output).toMatch(words);
    expect(output).toMatch(/^error .*\nway out .*$/);
    expect(output).not.toMatch(/\n +at /);
  });

  test('runs another project: it is said in a line that there is no such function', async () => {
    const other = await startLocalWorld({
      deployed: {
        functionsDirectory: FUNCTIONS_DIRECTORY,
        functions: [],
        collections: [],
        documents: {},
        variables: {},
      },
    });
    const { code, output } = await ops(['orders'], undefined, new URL(other.console.url).port);
    await other.close();
    expect(code).toBe(1);
    expect(output).toMatch(/^error +operateShop of the local world: .*\nway out .*$/);
  });

  async function freePort(): Promise<string> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return String(typeof address === 'object' && address?.port);
  }
});

describe('of a day that was not compared', () => {
  test.each<[args: readonly string[], words: string]>([
    [['bills'], 'No day was compared yet.'],
    [
      ['bills', '20270115'],
      "2027-01-15 was not compared yet: WeChat makes its bill the next morning. It is compared from 2027-01-16 10:30 (China's time) on.",
    ],
    [['bills', '20270114'], "Its next run: 2027-01-15 10:40 (China's time)."],
    [['bills', '20261001'], '2026-10-01 was not compared, and will not be'],
  ])('%j says when it will be', async (args, words) => {
    const own = await openShop();
    const other = shop;
    shop = own;
    const { code, output } = await ops(args);
    const json = await ops([...args, '--json']);
    shop = other;
    await own.close();
    expect([code, output]).toEqual([0, expect.stringContaining(words)]);
    expect(JSON.parse(json.output)).toEqual({ bills: [] });
  });

  test('that there is not, it is said so', async () => {
    expect(await ops(['bills', '20261399'])).toMatchObject({ code: 1 });
  });
});

describe('an operator', () => {
  const STRANGER = 'oNobody-0000000001';

  test('whose openid nobody has is refused, with the way out, and nothing is written', async () => {
    const before = shop.cloud.documents('operators');
    const { code, output } = await ops(['operators', 'add', STRANGER, '小张']);
    expect(code).toBe(1);
    expect(output).toMatch(/Nobody with the openid oNobody-0000000001 .*\nway out .*--anyway/);
    const json = await ops(['operators', 'add', STRANGER, '小张', '--json']);
    expect(JSON.parse(json.output)).toMatchObject({ errcode: 'OPENID_UNKNOWN' });
    expect(shop.cloud.documents('operators')).toEqual(before);
  });

  test('is added all the same where somebody says so, and then is known', async () => {
    const openid = 'oFriend-0000000001';
    expect(await ops(['operators', 'add', openid, '小王', '--anyway'])).toMatchObject({ code: 0 });
    expect(await ops(['operators', 'remove', openid])).toMatchObject({ code: 0 });
    expect(await ops(['operators', 'add', openid, '小王'])).toMatchObject({ code: 0 });
  });

  test('is whoever has begun an order', async () => {
    const shopper = shop.newShopper();
    await shop.place(shopper);
    expect(await ops(['operators', 'add', shopper.openid, '小李'])).toMatchObject({ code: 0 });
  });

  test('that there is not cannot be removed: a letter less would leave the right', async () => {
    const { code, output } = await ops(['operators', 'remove', STRANGER]);
    expect(code).toBe(1);
    expect(output).toMatch(/OPERATOR_NOT_FOUND: .*\nway out .*npm run ops -- operators$/);
    expect(shop.cloud.documents('operators').some(({ _id }) => _id === STRANGER)).toBe(false);
    expect(shop.cloud.documents('audit').some(({ subject }) => subject === STRANGER)).toBe(false);
  });
});

describe('the way out of a refusal', () => {
  test('is about it', async () => {
    const { output } = await ops(['alarms', 'done', 'HELD:none:0']);
    expect(output).toMatch(/ALARM_NOT_FOUND: .*\nway out .*npm run ops -- alarms$/);
  });

  const CONTRACT = readFileSync(new URL('../cloudfunctions/_shared/contract.ts', import.meta.url), 'utf8');
  const codes = ['ErrorCode', 'OperatorErrorCode'].flatMap((type) => {
    const [, union = ''] =
      new RegExp(`export type ${type} =([^;]*);`).exec(CONTRACT.replaceAll(/\/\*\*[\s\S]*?\*\//g, '')) ?? [];
    return [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code = '']) => code);
  });

  test.each(codes)('%s is a command, or a page that explains it', (code) => {
    const wayOut = wayOutOf(code);
    const [, file, section] = /(docs\/\w+\.md), (.+)$/.exec(wayOut) ?? [];
    if (file === undefined) return expect(wayOut).toMatch(/npm run ops -- (--help|\w+)$/);
    const page = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
    const told = page.split(/^#+ /m).find((part) => part.startsWith(`${section}\n`));
    expect(told).toContain(`\`${code}\``);
  });
});
