import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { runOps } from '../../scripts/ops/main.ts';
import { MINUTE_MS, openShop, type Shop } from '../functions/shop.ts';
import { renderEnv, VARIABLES } from './project.ts';
import { type Scene, setUpDeployed, turnTo } from './set-up.ts';
import { SECRET } from './stand-in.ts';

/** What is called in the cloud runs here: the built operateShop, on the real database of a local world. */
let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

interface Terminal extends Scene {
  /** Types a command. `says` is what the person answers to a question; nobody is there when it is left out. */
  ops(
    args: readonly string[],
    says?: boolean,
  ): Promise<{ code: number; output: string; questions: string[] }>;
}

/** A terminal beside a shop that is deployed, and whose orders are those of the local world. */
async function openTerminal(): Promise<Terminal> {
  const scene = await setUpDeployed({ onTestFinished });
  scene.standIn.account.elsewhere.set('operateShop', (event) => shop.operate(Object(event)));
  return {
    ...scene,
    async ops(args, says) {
      turnTo(scene.standIn);
      const lines: string[] = [];
      const questions: string[] = [];
      const confirm = async (question: string) => {
        questions.push(question);
        return says ?? false;
      };
      const code = await runOps(args, {
        root: scene.project.folder,
        processEnvironment: {},
        print: (line) => lines.push(line),
        confirm: says === undefined ? undefined : confirm,
        wait: () => Promise.resolve(),
        now: () => shop.clock.now(),
        fetch: globalThis.fetch,
        by: '老板@laptop',
        newRequestId: () => `ops-${crypto.randomUUID()}`,
      });
      const output = lines.join('\n');
      expect(output).not.toContain(SECRET.key);
      return { code, output, questions };
    },
  };
}

const paidOrder = () => shop.placePaid(shop.newShopper());
const REQUEST_ID = 'request-of-a-script-0001';

describe('lists', () => {
  test.each([
    [
      'orders',
      ['out_trade_no', 'created_at', 'product_id', 'trade_state', 'total_fee', 'refunded', 'openid'],
    ],
    ['refunds', ['out_refund_no', 'out_trade_no', 'state', 'refund_fee', 'takes', 'by', 'WeChat said']],
    ['alarms', ['_id', 'created_at', 'done', 'message']],
    ['operators', ['openid', 'name', 'active', 'created_at']],
  ])('%s: as a table with a title for each column, and as JSON', async (what, titles) => {
    const { ops } = await openTerminalOf(what);
    const table = await ops([what]);
    expect(table.code, table.output).toBe(0);
    for (const title of titles) expect(table.output).toContain(title);
    const json = await ops([what, '--json', '--limit', '1']);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.output)).toEqual({
      [what]: [expect.objectContaining({ _id: expect.any(String) })],
    });
  });

  test('orders of one shopper, with what is given back and under way', async () => {
    const { ops } = await openTerminal();
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    await paidOrder();
    await ops(['refund', out_trade_no, '--fee', '1000', '--yes']);
    const { output } = await ops(['orders', '--openid', shopper.openid]);
    expect(output).toMatch(
      new RegExp(`${out_trade_no}.*SUCCESS.*4800.*0 \\(\\+1000 under way\\).*${shopper.openid}`),
    );
    const { orders } = JSON.parse((await ops(['orders', '--openid', shopper.openid, '--json'])).output);
    expect(orders).toHaveLength(1);
  });

  test('nothing, and says so', async () => {
    const { ops } = await openTerminal();
    const { code, output } = await ops(['orders', '--openid', 'oNobody-0000000000']);
    expect([code, output]).toEqual([0, '(none)']);
  });

  /** A terminal in a shop that has something of everything. */
  async function openTerminalOf(what: string): Promise<Terminal> {
    const terminal = await openTerminal();
    const out_trade_no = await paidOrder();
    await terminal.ops(['refund', out_trade_no, '--fee', '1', '--yes']);
    if (what === 'operators') await shop.newOperator();
    if (what === 'alarms') {
      shop.wechatpay.faults.add({ kind: 'refuse', err_code: 'NOTENOUGH', path: '/secapi/pay/refund' });
      await terminal.ops(['refund', await paidOrder(), '--yes']);
    }
    return terminal;
  }
});

describe('one order', () => {
  test('with its membership, its refunds and its alarms, and as JSON', async () => {
    const { ops } = await openTerminal();
    const out_trade_no = await paidOrder();
    await ops(['refund', out_trade_no, '--fee', '1000', '--takes', '3', '--yes']);
    const { code, output } = await ops(['order', out_trade_no]);
    expect(code).toBe(0);
    for (const words of [
      'trade_state',
      'memberships',
      'Refunds',
      '3 days',
      '老板@laptop',
      'Alarms',
      '(none)',
    ]) {
      expect(output).toContain(words);
    }
    expect(JSON.parse((await ops(['order', out_trade_no, '--json'])).output)).toMatchObject({
      order: { _id: out_trade_no, trade_state: 'SUCCESS', refund_reserved_fee: 1000 },
      user: { memberships: { city: expect.anything() } },
      ...{ refunds: [{ refund_fee: 1000 }], alarms: [] },
    });
  });
});

describe('a refund', () => {
  test('is shown before it is agreed to, and once it is made', async () => {
    const { ops } = await openTerminal();
    const out_trade_no = await paidOrder();
    const { code, output, questions } = await ops(['refund', out_trade_no, '--fee', '1000'], true);
    expect(code, output).toBe(0);
    expect(questions).toEqual([`Give ¥10.00 of ${out_trade_no} back?`]);
    for (const words of [
      'SUCCESS, ¥48.00',
      'left ¥48.00',
      'takes its share',
      '--request-id ops-',
      'PROCESSING',
    ]) {
      expect(output).toContain(words);
    }
    expect(shop.refunds(out_trade_no)).toMatchObject([{ requested_by: '老板@laptop', refund_fee: 1000 }]);
  });

  test.each([
    ['after a no', false, 'Nothing was done'],
    ['when nobody is there', undefined, 'say --yes'],
  ])('is not made %s: exit code 1', async (_, says, words) => {
    const { ops } = await openTerminal();
    const out_trade_no = await paidOrder();
    const { code, output } = await ops(['refund', out_trade_no], says);
    expect([code, output]).toEqual([1, expect.stringContaining(words)]);
    expect(shop.refunds(out_trade_no)).toEqual([]);
  });

  test('by a script is JSON and nothing else, and the same however often it is asked for', async () => {
    const { ops } = await openTerminal();
    const out_trade_no = await paidOrder();
    const command = ['refund', out_trade_no, '--fee', '1000', '--yes', '--json', '--request-id', REQUEST_ID];
    const first = JSON.parse((await ops(command)).output);
    expect(first).toMatchObject({ refund: { state: 'PROCESSING', refund_fee: 1000 } });
    await shop.clock.advance(2 * MINUTE_MS);
    const second = JSON.parse((await ops(command)).output);
    expect(second.refund).toMatchObject({ state: 'SUCCESS', out_refund_no: first.refund.out_refund_no });
    expect(shop.refunds(out_trade_no)).toHaveLength(1);
  });

  test('by a script has a request_id of the script’s own', async () => {
    const { ops, standIn } = await openTerminal();
    const { code, output } = await ops(['refund', await paidOrder(), '--yes', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(output)).toMatchObject({
      errcode: 'OPTION_UNKNOWN',
      errmsg: expect.stringContaining('--request-id'),
    });
    expect(standIn.calls.filter(({ action }) => action === 'Invoke')).toEqual([]);
  });

  test('of no money only takes days', async () => {
    const { ops } = await openTerminal();
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    const before = shop.membership(shopper)?.getTime() ?? 0;
    const { output } = await ops(['refund', out_trade_no, '--fee', '0', '--takes', '10', '--yes']);
    expect(output).toContain('SUCCESS, ¥0.00, takes 10 days');
    expect(shop.membership(shopper)?.getTime()).toBe(before - 10 * 24 * 60 * MINUTE_MS);
  });

  test('that WeChat refuses says why, and is given up', async () => {
    const { ops } = await openTerminal();
    const out_trade_no = await paidOrder();
    const about = { path: '/secapi/pay/refund', out_trade_no, count: 9 };
    shop.wechatpay.faults.add({ kind: 'refuse', err_code: 'USER_ACCOUNT_ABNORMAL', ...about });
    const { output } = await ops(['refund', out_trade_no, '--yes']);
    expect(output).toContain('WeChat     USER_ACCOUNT_ABNORMAL');
    const out_refund_no = shop.refunds(out_trade_no)[0]?._id ?? '';
    const given = await ops(['refund', '--give-up', out_refund_no], true);
    expect(given).toMatchObject({ code: 0, questions: [`Give the refund ${out_refund_no} up?`] });
    expect(given.output).toContain('ABANDONING');
    expect((await ops(['refund', '--give-up', out_refund_no], false)).code).toBe(1);
    await shop.clock.advance(10 * MINUTE_MS);
    expect((await ops(['refunds'])).output).toMatch(new RegExp(`${out_refund_no}.*CLOSED`));
  });

  test.each<[string, readonly string[], string]>([
    ['of more than is left', ['--fee', '4801', '--yes'], 'REFUND_TOO_MUCH'],
    ['of nothing that takes nothing', ['--fee', '0', '--takes', 'none', '--yes'], 'INVALID_PARAMETERS'],
    ['for a reason that is too long', ['--reason', '退'.repeat(27), '--yes'], 'INVALID_PARAMETERS'],
    ['under a short request_id', ['--request-id', 'short', '--yes'], 'INVALID_PARAMETERS'],
  ])('%s is refused by the function: its code, a way out, exit code 1', async (_, args, errcode) => {
    const { ops } = await openTerminal();
    const out_trade_no = await paidOrder();
    const { code, output } = await ops(['refund', out_trade_no, ...args]);
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`error +${errcode}: .*\\nway out +\\S`));
    expect(shop.refunds(out_trade_no)).toEqual([]);
  });

  test('while another is under way is refused, and the number of that one is named', async () => {
    const { ops } = await openTerminal();
    const out_trade_no = await paidOrder();
    await ops(['refund', out_trade_no, '--fee', '1', '--yes']);
    const { code, output } = await ops(['refund', out_trade_no, '--fee', '1', '--yes']);
    expect(code).toBe(1);
    expect(output).toMatch(/error +REFUND_OPEN: The refund [0-9a-f]{32}/);
  });

  // The money may be on its way: asking anew could give it back twice.
  test.each<[string, (terminal: Terminal) => void, string]>([
    [
      'the cloud does not answer',
      ({ standIn }) =>
        standIn.failures.push({ action: 'Invoke', code: 'InternalError', about: 'refund_fee' }),
      'InternalError',
    ],
    [
      'the function fails',
      ({ standIn: { account } }) =>
        account.elsewhere.set('operateShop', async (event) => {
          const answer = await shop.operate(Object(event));
          if (Object(event).act === 'refund') throw new Error('Error: the function timed out after 20 s');
          return answer;
        }),
      'timed out',
    ],
    [
      'the function answers something else',
      ({ standIn: { account } }) =>
        account.elsewhere.set('operateShop', async (event) =>
          Object(event).act === 'refund' ? 'yes' : shop.operate(Object(event)),
        ),
      'did not answer as this release does',
    ],
    [
      'the database of the function fails',
      ({ standIn: { account } }) =>
        account.elsewhere.set('operateShop', async (event) =>
          Object(event).act === 'refund'
            ? { errcode: 'INTERNAL_ERROR', errmsg: 'Something went wrong here.', now: '' }
            : shop.operate(Object(event)),
        ),
      'INTERNAL_ERROR',
    ],
  ])('of which nobody knows, since %s, says how to ask for the same one again', async (_, spoil, words) => {
    const terminal = await openTerminal();
    const out_trade_no = await paidOrder();
    spoil(terminal);
    const { code, output } = await terminal.ops(['refund', out_trade_no, '--fee', '1000', '--yes']);
    expect(code).toBe(1);
    expect(output).toContain(words);
    const [, request_id = ''] =
      /--fee 1000 --request-id (ops-[0-9a-f-]+)/.exec(output.split('error ')[1] ?? '') ?? [];
    expect(output).toContain('Whether the refund was asked for is not known');

    terminal.standIn.failures.length = 0;
    terminal.standIn.account.elsewhere.set('operateShop', (event) => shop.operate(Object(event)));
    await terminal.ops(['refund', out_trade_no, '--fee', '1000', '--yes', '--request-id', request_id]);
    await shop.clock.advance(2 * MINUTE_MS);
    expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'SUCCESS', refund_fee: 1000 }]);
  });
});

describe('operators', () => {
  test('are added, and removed: from then on they may, and may not', async () => {
    const { ops } = await openTerminal();
    const somebody = shop.newShopper();
    const { openid } = somebody;
    await shop.place(somebody);
    expect((await ops(['operators', 'add', openid, '小张'])).output).toBe(`${openid} may refund now.`);
    const out_trade_no = await paidOrder();
    const may = () => shop.refundOrder(somebody, shop.newRefund(out_trade_no));
    expect(await may()).toHaveProperty('refund');
    const removed = await ops(['operators', 'remove', openid, '--json']);
    expect(JSON.parse(removed.output)).toMatchObject({ operator: { _id: openid, active: false } });
    expect(await may()).toMatchObject({ errcode: 'FORBIDDEN' });
    expect((await ops(['operators'])).output).toMatch(new RegExp(`${openid}.*小张.*false`));
    const acts = shop.cloud.documents('audit').filter(({ subject }) => subject === openid);
    expect(acts.map(({ act, by }) => [act, by])).toEqual([
      ['operators.add', '老板@laptop'],
      ['operators.remove', '老板@laptop'],
    ]);
  });
});

describe('alarms', () => {
  test('are dealt with, and open again: who did it is written down', async () => {
    const { ops } = await openTerminal();
    const out_trade_no = await paidOrder();
    const about = { path: '/secapi/pay/refund', out_trade_no };
    shop.wechatpay.faults.add({ kind: 'refuse', err_code: 'NOTENOUGH', ...about });
    await ops(['refund', out_trade_no, '--yes']);
    const { alarms } = JSON.parse((await ops(['order', out_trade_no, '--json'])).output);
    const { _id } = alarms[0];
    expect((await ops(['alarms', 'done', _id])).output).toBe(`${_id} is done.`);
    expect(shop.cloud.documents('alarms')).toContainEqual(
      expect.objectContaining({ _id, done_at: expect.any(Date), done_by: '老板@laptop' }),
    );
    expect((await ops(['alarms', 'reopen', _id])).output).toBe(`${_id} is open again.`);
    const unknown = await ops(['alarms', 'done', 'no-such-alarm']);
    expect(unknown).toMatchObject({ code: 1, output: expect.stringMatching(/error .*\nway out +\S/) });
  });
});

describe('what is typed wrongly', () => {
  test.each<[readonly string[], string]>([
    [['pay'], 'There is no command pay'],
    [['orders', 'x'], 'orders takes no x'],
    [['order'], 'Name one out_trade_no'],
    [['order', 'a', 'b'], 'Name one out_trade_no'],
    [['order', 'f'.repeat(32)], `There is no order ${'f'.repeat(32)}`],
    [['order', 'x'], 'INVALID_PARAMETERS'],
    [['refund', 'a', 'b', '--yes'], 'Name one out_trade_no'],
    [['refund', '--yes'], 'Name one out_trade_no'],
    [['refund', 'f'.repeat(32), '--yes'], `There is no order ${'f'.repeat(32)}`],
    [['refund', '--give-up', 'f'.repeat(32), '--yes'], 'REFUND_NOT_FOUND'],
    [['refund', 'f'.repeat(32), '--fee', '-1'], '--fee'],
    [['refund', 'f'.repeat(32), '--fee', '10.00'], '--fee must be a whole number'],
    [['refund', 'f'.repeat(32), '--fee', '1e3'], '--fee must be a whole number'],
    [['refund', 'f'.repeat(32), '--takes', 'half'], '--takes must be a whole number'],
    [['refund', 'f'.repeat(32), '--takes', '0'], '--takes must be a whole number'],
    [['refund', 'f'.repeat(32), '--fees', '1'], '--fees'],
    [['alarms', 'done'], 'alarms done ID'],
    [['alarms', 'undo', 'x'], 'alarms done ID'],
    [['operators', 'add', 'oSomebody-000000001'], 'operators add OPENID NAME'],
    [['operators', 'remove', 'oSomebody-000000001', '小张'], 'operators remove OPENID'],
    [['operators', 'add', 'x', '小张'], 'INVALID_PARAMETERS'],
    [['orders', '--limit', '0'], '--limit must be a whole number'],
    [['orders', '--limit', '101'], 'INVALID_PARAMETERS'],
    [['orders', '--local', 'x'], '--local must be a whole number'],
  ])('%j is refused, with a way out and exit code 1', async (args, words) => {
    const { ops } = await openTerminal();
    const { code, output } = await ops(args);
    expect(code).toBe(1);
    expect(output).toContain(words);
    expect(output).toMatch(/\nway out +\S/);
    const json = await ops([...args, '--json']);
    if (args[0] !== 'refund')
      expect(JSON.parse(json.output)).toMatchObject({ errmsg: expect.stringContaining(words) });
  });

  test.each([[['--help']], [[]]])('%j shows the commands', async (args) => {
    const { ops, standIn } = await openTerminal();
    const { code, output } = await ops(args);
    expect(code).toBe(0);
    for (const command of [
      'orders',
      'order OUT_TRADE_NO',
      'refund',
      'alarms done ID',
      'operators add',
      '--give-up',
    ]) {
      expect(output).toContain(command);
    }
    expect(standIn.calls).toEqual([]);
  });
});

describe('a cloud that does not let us', () => {
  const { TENCENTCLOUD_SECRETID: _, ...WITHOUT_ID } = VARIABLES;

  test.each<[string, string | undefined, RegExp]>([
    ['no .env at all', undefined, /\.env/],
    ['no secret in .env', renderEnv(WITHOUT_ID), /TENCENTCLOUD_SECRETID/],
    [
      'a wrong secret',
      renderEnv({ ...VARIABLES, TENCENTCLOUD_SECRETKEY: 'wrong-secret-key-0000000000000000' }),
      /TENCENTCLOUD_SECRETID or TENCENTCLOUD_SECRETKEY is wrong/,
    ],
    [
      'an environment that is not there',
      renderEnv({ ...VARIABLES, CLOUDBASE_ENV_ID: 'other-1a2b3c' }),
      /other-1a2b3c/,
    ],
  ])('%s: the reason and a way out, nothing is done', async (what, env, words) => {
    const { ops, project, standIn } = await openTerminal();
    if (env !== undefined) await project.write('.env', env);
    else await project.remove('.env');
    const { code, output } = await ops(['orders']);
    expect(code, what).toBe(1);
    expect(output).toMatch(words);
    expect(output).toMatch(/\nway out +\S/);
    expect(output).not.toContain('wrong-secret-key');
    expect(standIn.calls.filter(({ action }) => action === 'Invoke')).toEqual([]);
  });

  test.each([
    ['AuthFailure.UnauthorizedOperation', /way out/],
    ['LimitExceeded', /way out/],
    ['InternalError', /way out/],
    ['ResourceNotFound.FunctionName', /npm run deploy/],
  ])('%s when the function is called', async (code, wayOut) => {
    const { ops, standIn } = await openTerminal();
    standIn.failures.push({ action: 'Invoke', code, message: `no\u001b[2J ${code}` });
    const outcome = await ops(['orders']);
    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain(code);
    expect(outcome.output).toMatch(wayOut);
    expect(outcome.output).not.toContain('\u001b');
  });

  test('nobody answers', async () => {
    const { ops, standIn } = await openTerminal();
    await standIn.dispose();
    const { code, output } = await ops(['orders']);
    expect(code).toBe(1);
    expect(output).toMatch(/\nway out +\S/);
  });

  test('the functions are of a release that has no operateShop', async () => {
    const { ops, standIn } = await openTerminal();
    standIn.account.functions.delete('operateShop');
    const { code, output } = await ops(['orders']);
    expect(code).toBe(1);
    expect(output).toMatch(/way out .*npm run deploy/);
  });

  test('what somebody wrote into the database commands no terminal', async () => {
    const { ops, standIn } = await openTerminal();
    const planted = '\u001b]0;pwned\u0007\u001b[2J\u009b31m';
    standIn.account.elsewhere.set('operateShop', async () => ({
      orders: [{ _id: planted, product_id: planted, _openid: planted, trade_state: planted }],
    }));
    for (const args of [['orders'], ['orders', '--json']]) {
      const { code, output } = await ops(args);
      expect(code).toBe(0);
      expect(output).toContain('pwned');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that a terminal obeys.
      expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });
});

test('as a process of its own: tables, no question without a terminal, and exit codes', async () => {
  const { project, standIn } = await openTerminal();
  const out_trade_no = await paidOrder();
  const list = await project.run('ops.ts', ['orders', '--limit', '100'], standIn);
  expect(list).toEqual({ code: 0, output: expect.stringContaining(out_trade_no) });
  const unsaid = await project.run('ops.ts', ['refund', out_trade_no, '--fee', '1'], standIn);
  expect(unsaid).toEqual({ code: 1, output: expect.stringContaining('say --yes') });
  expect(shop.refunds(out_trade_no)).toEqual([]);
  const said = await project.run('ops.ts', ['refund', out_trade_no, '--fee', '1', '--yes'], standIn);
  expect(said).toEqual({ code: 0, output: expect.stringContaining('PROCESSING') });
  expect(shop.refunds(out_trade_no)).toHaveLength(1);
});
