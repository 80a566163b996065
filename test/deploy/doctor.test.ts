import { randomBytes } from 'node:crypto';
import { readFile, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { runDoctor } from '../../scripts/deploy/doctor.ts';
import { KNOWN_NAMES } from '../../scripts/deploy/variables.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import { Trace } from '../../scripts/local/trace.ts';
import { serveWeChatPay } from '../../scripts/local/wechatpay/server.ts';
import { createWeChatPay } from '../../scripts/local/wechatpay/wechatpay.ts';
import * as manifest from '../../scripts/manifest.ts';
import { API_KEY, Project, product, renderEnv, VARIABLES } from './project.ts';
import { setUpDeployed, turnTo } from './set-up.ts';
import { StandIn } from './stand-in.ts';
import { type Account, emptyAccount, openOrders } from './stand-in-account.ts';

const APPID = 'wx0123456789abcdef';

async function examine(
  { onTestFinished }: TestContext,
  {
    variables = {},
    args = [],
    node = '22.3.0',
    change,
    account = emptyAccount(),
  }: {
    variables?: Readonly<Record<string, string>>;
    args?: readonly string[];
    node?: string;
    change?: (project: Project) => Promise<unknown>;
    account?: Account;
  },
) {
  const standIn = await StandIn.start(account);
  onTestFinished(() => standIn.dispose());
  turnTo(standIn);
  const project = await Project.create({ ...VARIABLES, ...variables });
  onTestFinished(() => project.dispose());
  await project.write('package.json', '{"engines":{"node":">=20.19"}}');
  await project.write('miniprogram/env.ts', "export const environmentId: string = '';\n");
  await project.write(
    'project.config.json',
    `{"appid":"${APPID}","cloudfunctionRoot":"dist/cloudfunctions/"}`,
  );
  await change?.(project);
  const lines: string[] = [];
  const code = await runDoctor(manifest, args, {
    root: project.folder,
    processEnvironment: {},
    print: (text) => lines.push(text),
    node,
    random: randomBytes,
    wait: () => Promise.resolve(),
    now: () => new Date(),
  });
  expect(standIn.changes).toEqual([]);
  return { code, output: lines.join('\n'), calls: standIn.calls };
}

test('a project in good health has no problem, and is reminded of the rule about virtual goods', async (context) => {
  const { code, output } = await examine(context, {});
  expect(output).toContain('No problem found.');
  expect(output).toMatch(/reminder +virtual goods: .*wx\.requestVirtualPayment/);
  expect(output).toMatch(/reminder +UPLOAD_SHIPPING_INFO: is off: /);
  expect(output).toContain('pages/order/order?out_trade_no=${'.concat('商品订单号}'));
  expect(code).toBe(0);
});

test('that WeChat is told of deliveries is listed', async (context) => {
  const variables = { UPLOAD_SHIPPING_INFO: 'on', WEIXIN_APP_SECRET: '0'.repeat(32) };
  const { code, output } = await examine(context, { variables });
  expect(output).toMatch(/reminder +UPLOAD_SHIPPING_INFO: is on: /);
  expect(code).toBe(0);
});

test('all problems are reported at once', async (context) => {
  const { code, output } = await examine(context, {
    variables: { WECHAT_PAY_API_KEY: 'short', WECHAT_PAY_MCH_ID: 'abc', WECHAT_PAY_SIGN_TYPE: 'SHA256' },
  });
  expect(output).toContain('3 to fix before deploying.');
  expect(code).toBe(1);
});

test('without .env it says first how to get one', async (context) => {
  const { code, output } = await examine(context, {
    change: (project) => rm(join(project.folder, '.env')),
  });
  expect(output).toMatch(/\.env: is not there\. Copy \.env\.example to \.env/);
  expect(output).toMatch(/CLOUDBASE_ENV_ID: is missing/);
  expect(output).not.toContain('--env');
  expect(code).toBe(1);
});

const inUtf16 = (text: string, order: 'LE' | 'BE'): Uint8Array => {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'LE' ? bytes : bytes.swap16();
};

describe('.env as an editor saved it', () => {
  const text = `# 店铺\r\n${renderEnv(VARIABLES)}`;

  test.for([
    { saved: 'UTF-16LE', contents: inUtf16(`\uFEFF${text}`, 'LE') },
    { saved: 'UTF-16BE', contents: inUtf16(`\uFEFF${text}`, 'BE') },
    { saved: 'UTF-16LE', contents: inUtf16(text, 'LE') },
    { saved: 'UTF-16BE', contents: inUtf16(text, 'BE') },
  ])('in $saved is read, and the way out for the CLI is said', async ({ saved, contents }, context) => {
    const { code, output } = await examine(context, { change: (project) => project.write('.env', contents) });
    expect(output.match(/^(problem|warning) .*$/gm)).toEqual([
      expect.stringMatching(new RegExp(`^warning +\\.env: is in ${saved}, which .*Save it as UTF-8`)),
    ]);
    expect(code).toBe(0);
  });

  test.for([
    { saved: 'in UTF-8 with a byte order mark', contents: Buffer.from(`\uFEFF${text}`) },
    {
      saved: 'in GBK, where that is in comments',
      contents: Buffer.concat([Buffer.from('# \xb5\xea\n', 'latin1'), Buffer.from(text)]),
    },
  ])('$saved has nothing to be said about', async ({ contents }, context) => {
    const { code, output } = await examine(context, { change: (project) => project.write('.env', contents) });
    expect(output).not.toMatch(/^(problem|warning)/m);
    expect(code).toBe(0);
  });

  test.for([
    {
      saved: 'not a text',
      change: (project: Project) => project.write('.env', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0])),
      reported: /problem +\.env: is not a text/,
    },
    {
      saved: 'a folder',
      change: async (project: Project) => {
        await rm(join(project.folder, '.env'));
        await project.write('.env/values', '');
      },
      reported: /problem +\.env: cannot be read \(EISDIR\)/,
    },
    {
      saved: 'in GBK, where that is in a value',
      change: (project: Project) =>
        project.write('.env', Buffer.from('TENCENTCLOUD_SECRETID=AKID\xb5\xea\n', 'latin1')),
      reported: /problem +TENCENTCLOUD_SECRETID: has characters that are not UTF-8/,
    },
  ])('$saved is a problem said in one line', async ({ change, reported }, context) => {
    const { code, output } = await examine(context, { change });
    expect(output).toMatch(reported);
    expect(output).not.toContain('is not there');
    expect(code).toBe(1);
  });
});

test('an old Node is all that is reported, since it could fail at anything else', async (context) => {
  const { code, output } = await examine(context, {
    node: '18.20.4',
    variables: { WECHAT_PAY_MCH_ID: 'abc' },
  });
  expect(output).toBe('problem   Node: is 18.20.4; 20.19 or later is needed. See https://nodejs.org');
  expect(code).toBe(1);
});

describe('the doctor finds', () => {
  test.for([
    {
      mistake: 'a key of the wrong length',
      variables: { WECHAT_PAY_API_KEY: `${API_KEY}x` },
      reported: /WECHAT_PAY_API_KEY: has 33 bytes/,
    },
    {
      mistake: 'the previous key in place of a new one',
      variables: { WECHAT_PAY_API_KEY_PREVIOUS: API_KEY },
      reported: /WECHAT_PAY_API_KEY_PREVIOUS: is the same/,
    },
    {
      mistake: 'an appid for a merchant number',
      variables: { WECHAT_PAY_MCH_ID: APPID },
      reported: /WECHAT_PAY_MCH_ID: is not a merchant number/,
    },
    {
      mistake: 'a notify URL without https',
      variables: { WECHAT_PAY_NOTIFY_URL: 'http://pay.shop.example/payNotify' },
      reported: /must begin with https/,
    },
    {
      mistake: 'a notify URL with a query string',
      variables: { WECHAT_PAY_NOTIFY_URL: 'https://pay.shop.example/payNotify?a=1' },
      reported: /must not have a query string/,
    },
    {
      mistake: 'a notify URL on this machine',
      variables: { WECHAT_PAY_NOTIFY_URL: 'https://127.0.0.1/payNotify' },
      reported: /must name a public domain/,
    },
    {
      mistake: 'a notify URL that is none',
      variables: { WECHAT_PAY_NOTIFY_URL: 'pay.shop.example/payNotify' },
      reported: /WECHAT_PAY_NOTIFY_URL: is not a URL/,
    },
    {
      mistake: 'a lifetime that WeChat does not allow',
      variables: { ORDER_LIFETIME_MINUTES: '5' },
      reported: /from 10 to 110/,
    },
    {
      mistake: 'variables that are too much for a function',
      variables: { WECHAT_PAY_NOTIFY_URL: `https://shop.example/payNotify/${'x'.repeat(4096)}` },
      reported: /variables of createOrder: take \d+ bytes/,
    },
    {
      mistake: 'a reference that nobody expands',
      variables: { WECHAT_PAY_MCH_ID: '$' + '{MCH}' },
      reported: /refers to another variable/,
    },
    { mistake: 'an old Node', node: '20.11.1', reported: /Node: is 20\.11\.1; 20\.19 or later/ },
    {
      mistake: 'the appid of nobody',
      change: (project: Project) => project.write('project.config.json', '{"appid":"touristappid"}'),
      reported: /has appid touristappid/,
    },
    {
      mistake: 'another environment in the mini-program',
      change: (project: Project) =>
        project.write('miniprogram/env.ts', "export const environmentId: string = 'other-1';\n"),
      reported: /names the environment other-1/,
    },
    {
      mistake: 'a function that was not built',
      change: (project: Project) =>
        rm(join(project.folder, 'dist/cloudfunctions/payNotify'), { recursive: true }),
      reported: /lacks payNotify/,
    },
  ])('$mistake', async ({ reported, ...seeded }, context) => {
    const { code, output } = await examine(context, seeded);
    expect(output).toMatch(reported);
    expect(code).toBe(1);
  });

  test.for([
    {
      mistake: 'a default domain',
      variables: { WECHAT_PAY_NOTIFY_URL: 'https://shop-1.service.tcloudbase.com/payNotify' },
      reported: /is on a default domain/,
    },
    {
      mistake: 'a typo in a name',
      variables: { WECHAT_PAY_MCHID: '1900000109' },
      reported: /WECHAT_PAY_MCHID: .*did you mean WECHAT_PAY_MCH_ID/,
    },
    {
      mistake: 'a test gateway',
      variables: { WECHAT_PAY_BASE_URL: 'http://127.0.0.1:1' },
      reported: /no order reaches the real WeChat Pay/,
    },
    {
      mistake: 'a build older than its sources',
      change: async (project: Project) => {
        await project.write('cloudfunctions/createOrder/index.ts', '');
        await utimes(join(project.folder, 'dist/cloudfunctions/createOrder/index.js'), 1, 1);
      },
      reported: /is older than its sources/,
    },
  ])('$mistake, which is only a warning', async ({ reported, ...seeded }, context) => {
    const { code, output } = await examine(context, seeded);
    expect(output).toMatch(reported);
    expect(code).toBe(0);
  });
});

async function gateway(
  { onTestFinished }: TestContext,
  merchant: { api_key?: string; appids?: string[] } = {},
) {
  const clock = new WorldClock();
  const server = await serveWeChatPay(
    createWeChatPay({
      clock,
      random: Math.random,
      trace: new Trace(() => clock.now()),
      merchants: [{ mch_id: '1900000109', api_key: API_KEY, appids: [APPID], ...merchant }],
    }),
  );
  onTestFinished(async () => {
    clock.dispose();
    await server.close();
  });
  return server.url;
}

describe('with --live the doctor asks WeChat Pay', () => {
  test('and ORDERNOTEXIST proves appid, mch_id and key', async (context) => {
    const variables = { WECHAT_PAY_BASE_URL: await gateway(context) };
    const { code, output } = await examine(context, { variables, args: ['--live'] });
    expect(output).toMatch(/ok +WeChat Pay: knows mch_id, appid and key/);
    expect(code).toBe(0);
  });

  test.for([
    { wrong: 'key', merchant: { api_key: '0'.repeat(32) }, reported: /WECHAT_PAY_API_KEY is wrong/ },
    {
      wrong: 'appid',
      merchant: { appids: ['wxfedcba9876543210'] },
      reported: /WeChat Pay: .*appid不存在.*the appid in project\.config\.json/,
    },
  ])('and is reported that the $wrong is wrong', async ({ merchant, reported }, context) => {
    const variables = { WECHAT_PAY_BASE_URL: await gateway(context, merchant) };
    const { code, output } = await examine(context, { variables, args: ['--live'] });
    expect(output).toMatch(reported);
    expect(code).toBe(1);
  });

  test('and does not blame the key when nobody answers', async (context) => {
    const variables = { WECHAT_PAY_BASE_URL: 'http://127.0.0.1:1' };
    const { code, output } = await examine(context, { variables, args: ['--live'] });
    expect(output).toMatch(/WeChat Pay: No connection.*says nothing about the key/);
    expect(code).toBe(1);
  });
});

describe('with --live the doctor looks at the environment', () => {
  const live = async (context: TestContext, change: (account: Account) => void, variables = {}) => {
    const account = structuredClone((await setUpDeployed(context)).standIn.account);
    change(account);
    const gatewayUrl = await gateway(context);
    return examine(context, {
      account,
      variables: { WECHAT_PAY_BASE_URL: gatewayUrl, ...variables },
      args: ['--live'],
    });
  };

  test('and finds nothing wrong with one that was deployed to', async (context) => {
    const { code, output } = await live(context, () => {});
    expect(output).toMatch(/ok +CloudBase: knows the key, and shop-1a2b3c is an environment to deploy to/);
    expect(code).toBe(0);
  });

  test('which is empty before the first deployment', async (context) => {
    const variables = { WECHAT_PAY_BASE_URL: await gateway(context) };
    const { code, output } = await examine(context, { variables, args: ['--live'] });
    expect(output).toMatch(/ok +CloudBase: knows the key/);
    expect(code).toBe(0);
  });

  test('and reports one of PostgreSQL kind', async (context) => {
    const { code, output } = await live(context, (account) => {
      account.environment = { RuntimeMode: 'postgresql' };
    });
    expect(output).toMatch(
      /problem +CloudBase: shop-1a2b3c is an environment of PostgreSQL kind\. .*Create an environment/,
    );
    expect(code).toBe(1);
  });

  test('and reports a product that cannot be sold, whatever spelling its numbers have', async (context) => {
    const { code, output } = await live(context, (account) => {
      account.extendedJson = true;
      const products = account.collections.get('products')?.documents;
      products?.set('pasted', { ...product('pasted'), name: '会员\r\n卡' });
      products?.set('draft', { _id: 'draft', on_sale: false });
    });
    expect(output).toMatch(/problem +products of shop-1a2b3c: Product pasted cannot be sold \(name: .*\)/);
    expect(output.match(/cannot be sold/g)).toHaveLength(1);
    expect(code).toBe(1);
  });

  test('and reports a product whose owner has not decided how it is paid', async (context) => {
    const { code, output } = await live(context, (account) => {
      const products = account.collections.get('products')?.documents;
      products?.set('own', { ...product('own'), channel: undefined });
      products?.set('city', { ...product('city'), channel: undefined });
    });
    expect(output).toMatch(/problem +products of shop-1a2b3c: Nobody has decided how own is paid\. /);
    expect(code).toBe(1);
  });

  test('and warns of open orders of another merchant number', async (context) => {
    const { code, output } = await live(context, (account) => openOrders(account, '1900000108', 2));
    expect(output).toMatch(
      /warning +WECHAT_PAY_MCH_ID: is 1900000109, and open orders are of 1900000108 \(2: order1, order2\)\. .*Let them end first/,
    );
    expect(code).toBe(0);
  });

  test('and explains a key that is not right', async (context) => {
    const { code, output } = await live(context, () => {}, { TENCENTCLOUD_SECRETKEY: 'not-the-key' });
    expect(output).toMatch(/problem +CloudBase: Could not find environment .*SECRETKEY is wrong/);
    expect(output).not.toContain('not-the-key');
    expect(code).toBe(1);
  });

  test('and asks nobody while the key is missing', async (context) => {
    const { code, output, calls } = await live(context, () => {}, { TENCENTCLOUD_SECRETID: '' });
    expect(output).toMatch(/problem +CloudBase: was not asked: CLOUDBASE_ENV_ID, TENCENTCLOUD_SECRETID/);
    expect(calls).toEqual([]);
    expect(code).toBe(1);
  });
});

test('without --live nobody is asked', async (context) => {
  expect((await examine(context, {})).calls).toEqual([]);
});

describe('with virtual payment alone', () => {
  const VIRTUAL = {
    ...{ WECHAT_PAY_MCH_ID: '', WECHAT_PAY_API_KEY: '', WEIXIN_APP_SECRET: '0'.repeat(32) },
    ...{ VIRTUAL_PAY_OFFER_ID: '1450000000', VIRTUAL_PAY_APP_KEY: 'x'.repeat(32) },
    VIRTUAL_PAY_ITEM_URL: 'https://shop.example/item.png',
  };
  const sold = (channel: string) => (project: Project) =>
    project.write('scripts/products.json', JSON.stringify([{ ...product('city'), channel }]));

  test('a merchant number is no problem', async (context) => {
    const { code, output } = await examine(context, { variables: VIRTUAL, change: sold('virtualpay') });
    expect(output).toMatch(/^reminder +WECHAT_PAY_MCH_ID: is not set/m);
    expect(output).not.toContain('WECHAT_PAY_API_KEY');
    expect(code).toBe(0);
  });

  test('what the file sells through WeChat Pay wants one', async (context) => {
    const { code, output } = await examine(context, { variables: VIRTUAL, change: sold('wechatpay') });
    expect(output).toMatch(/^problem +WECHAT_PAY_MCH_ID: is missing/m);
    expect(output).toMatch(/^problem +WECHAT_PAY_API_KEY: is missing/m);
    expect(code).toBe(1);
  });
});

test('a first document that cannot be sold is a problem that names it', async (context) => {
  const { code, output } = await examine(context, {
    change: (project) => project.write('scripts/products.json', '[{"_id":"city","on_sale":true}]'),
  });
  expect(output).toMatch(/problem +scripts\/products\.json: Product city cannot be sold \(name: /);
  expect(code).toBe(1);
});

test('a first product whose owner has not decided how it is paid is a problem that says how to decide', async (context) => {
  const undecided = JSON.stringify([{ ...product('city'), channel: undefined }]);
  const { code, output } = await examine(context, {
    change: (project) => project.write('scripts/products.json', undecided),
  });
  expect(output).toMatch(
    /problem +scripts\/products\.json: Nobody has decided how city is paid\. .*"channel": "wechatpay"/,
  );
  expect(code).toBe(1);
});

test('no value that may be secret is printed, whatever is wrong with it', async (context) => {
  const secret = 'not-a-key-but-still-secret';
  const { output } = await examine(context, {
    variables: { WECHAT_PAY_API_KEY: secret, TENCENTCLOUD_SECRETKEY: `"${secret}2` },
  });
  expect(output).not.toContain(secret);
});

test('the file of examples lacks only what its owner must fill in', async (context) => {
  const example = await readFile(new URL('../../.env.example', import.meta.url), 'utf8');
  const { output } = await examine(context, { change: (project) => project.write('.env', example) });
  expect(output.match(/^(problem|warning) .*$/gm)).toHaveLength(5);
  expect(output.match(/is missing/g)).toHaveLength(5);
  for (const name of KNOWN_NAMES) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
});
