import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, type TestContext, test } from 'vitest';
import { readBundles } from '../../scripts/deploy/bundle.ts';
import { runDoctor } from '../../scripts/deploy/doctor.ts';
import * as manifest from '../../scripts/manifest.ts';
import { product, renderEnv } from './project.ts';
import { setUpDeployed, turnTo } from './set-up.ts';
import type { StandIn } from './stand-in.ts';
import { loadMain } from './stand-in-code.ts';
import { APPID, openWeixin, type WeixinDesk } from './weixin-desk.ts';

const DIST = fileURLToPath(new URL('../../dist/cloudfunctions', import.meta.url));
const WANTED = ['WEIXIN_APP_SECRET', 'VIRTUAL_PAY_APP_KEY', 'WEIXIN_API_ORIGIN', 'WECHAT_PAY_TIMEOUT_MS'];

/** `npm run doctor -- --live` of a shop that is deployed and sells through virtual payment, with the function as it was built. */
async function examine(
  context: TestContext,
  change: (scene: {
    desk: WeixinDesk;
    standIn: StandIn;
    variables: Map<string, string>;
  }) => unknown = () => {},
  /** What `.env` and the file of first products say instead. */
  { env = {}, written }: { env?: Readonly<Record<string, string>>; written?: readonly object[] } = {},
) {
  const desk = await openWeixin(context);
  const { standIn, project } = await setUpDeployed(context);
  const [bundle] = await readBundles(DIST, ['doctor']);
  const variables = new Map(Object.entries(desk.variables).filter(([name]) => WANTED.includes(name)));
  standIn.account.collections
    .get('products')
    ?.documents.set('city', { ...product('city'), channel: 'virtualpay' });
  change({ desk, standIn, variables });
  Object.assign(standIn.account.functions.get('doctor') ?? {}, {
    zip: bundle?.zip,
    variables: [...variables].map(([Key, Value]) => ({ Key, Value })),
  });
  await project.write('package.json', '{"engines":{"node":">=20.19"}}');
  await project.write(
    'project.config.json',
    `{"appid":"${APPID}","cloudfunctionRoot":"dist/cloudfunctions/"}`,
  );
  // Nobody is WeChat Pay here, which is reported beside what is looked at.
  const WECHAT_PAY_BASE_URL = 'http://127.0.0.1:1';
  await project.write('.env', renderEnv({ ...desk.variables, WECHAT_PAY_BASE_URL, ...env }));
  if (written) await project.write('scripts/products.json', JSON.stringify(written));
  turnTo(standIn);
  const lines: string[] = [];
  await runDoctor(manifest, ['--live'], {
    root: project.folder,
    processEnvironment: {},
    print: (text) => lines.push(text),
    node: '22.3.0',
    random: randomBytes,
    wait: () => Promise.resolve(),
    now: () => desk.clock.now(),
  });
  expect(standIn.changes.filter(({ action }) => action !== 'Invoke')).toEqual([]);
  const output = lines.join('\n');
  for (const secret of [desk.variables.WEIXIN_APP_SECRET, desk.variables.VIRTUAL_PAY_APP_KEY])
    expect(output).not.toContain(secret);
  return { output, standIn, desk };
}

describe('with --live the doctor asks virtual payment from inside a function', () => {
  test('and that the invented shopper is unknown proves AppSecret, AppKey and the way out', async (context) => {
    const { output, standIn, desk } = await examine(context);
    expect(output).toMatch(
      /^ok +virtual payment: takes WEIXIN_APP_SECRET and VIRTUAL_PAY_APP_KEY, asked inside a function/m,
    );
    expect(standIn.calls.filter(({ action }) => action === 'Invoke').map(({ body }) => body)).toMatchObject([
      { FunctionName: 'doctor', ClientContext: JSON.stringify({ appid: APPID }) },
    ]);
    expect(desk.virtualpay.orders()).toEqual([]);
  });

  test('alone, where the shop has no merchant number and sells nothing through WeChat Pay', async (context) => {
    const { output } = await examine(
      context,
      ({ standIn }) => standIn.account.collections.get('products')?.documents.delete('market'),
      {
        env: { WECHAT_PAY_MCH_ID: '', WECHAT_PAY_API_KEY: '', WECHAT_PAY_BASE_URL: '' },
        written: [{ ...product('city'), channel: 'virtualpay' }],
      },
    );
    expect(output).toMatch(/^reminder +WECHAT_PAY_MCH_ID: is not set/m);
    expect(output).toMatch(/^ok +virtual payment: /m);
    expect(output).not.toMatch(/WECHAT_PAY_(API_KEY|CERT)|^problem/m);
  });

  test('and says what it cannot prove, what is not published, and what is done by hand', async (context) => {
    const { output } = await examine(context);
    expect(output).toMatch(/^reminder +VIRTUAL_PAY_OFFER_ID: cannot be proven from here/m);
    expect(output).toMatch(
      /^warning +virtual payment: has no item city_3m_4800 yet\. npm run deploy publishes it/m,
    );
    for (const step of [/消息推送.*xpay_goods_deliver_notify/, /道具发货推送/, /小程序简称.*Apple IAP/])
      expect(output).toMatch(step);
  });

  test.for<{
    wrong: string;
    change: Parameters<typeof examine>[1] & {};
    reported: RegExp;
  }>([
    {
      wrong: 'the AppSecret',
      change: ({ variables }) => variables.set('WEIXIN_APP_SECRET', 'f'.repeat(32)),
      reported:
        /problem +virtual payment: asked inside a function: .*40125.*WEIXIN_APP_SECRET is not the secret/,
    },
    {
      wrong: 'the AppKey',
      change: ({ variables }) => variables.set('VIRTUAL_PAY_APP_KEY', 'sandbox-app-key-0123456789abcdef'),
      reported: /problem +virtual payment: .*268490003.*VIRTUAL_PAY_APP_KEY is not the live AppKey/,
    },
    {
      wrong: 'the address that the function leaves by',
      change: ({ desk }) =>
        desk.weixin.faults.add({ kind: 'refuse', errcode: 40164, path: '/cgi-bin/stable_token' }),
      reported: /problem +virtual payment: .*40164, invalid ip 127\.0\.0\.1.*IP白名单.*固定出口IP/,
    },
    {
      wrong: 'that virtual payment is not opened',
      change: ({ desk }) => {
        desk.virtualpay.account.isOpened = false;
      },
      reported: /problem +virtual payment: .*48001.*not opened for this mini-program/,
    },
    {
      wrong: 'a setting that the function lacks',
      change: ({ variables }) => variables.delete('VIRTUAL_PAY_APP_KEY'),
      reported: /problem +virtual payment: .*VIRTUAL_PAY_APP_KEY is missing.*Run npm run deploy/,
    },
    {
      wrong: 'a function that is not there',
      change: ({ standIn }) => standIn.account.functions.delete('doctor'),
      reported:
        /warning +virtual payment: was not asked: the function doctor is not there\. Run npm run deploy/,
    },
  ])('and explains $wrong', async ({ change, reported }, context) => {
    const { output } = await examine(context, change);
    expect(output).toMatch(reported);
    expect(output).not.toMatch(/^ok +virtual payment/m);
  });

  test('but not for a shop that sells nothing that way', async (context) => {
    const { output, standIn } = await examine(context, ({ standIn: { account } }) =>
      account.collections.get('products')?.documents.set('city', product('city')),
    );
    expect(output).not.toContain('virtual payment:');
    expect(standIn.calls.map(({ action }) => action)).not.toContain('Invoke');
  });
});

test('a client that calls the function is told nothing', async () => {
  const [bundle] = await readBundles(DIST, ['doctor']);
  const main = await loadMain(bundle?.zip ?? new Uint8Array());
  const context = { environment: JSON.stringify({ TCB_ENV: 'shop', WX_OPENID: 'o-shopper' }) };
  expect(await main({ appid: APPID }, context)).toEqual({ errcode: 'FORBIDDEN' });
  const inside = { environment: JSON.stringify({ TCB_ENV: 'shop' }) };
  expect(await main({ appid: APPID, userInfo: {} }, inside)).toEqual({ errcode: 'FORBIDDEN' });
  expect(await main({ appid: 'wx1' }, inside)).toEqual({ errcode: 'INVALID_PARAMETERS' });
  expect(await main(undefined, inside)).toEqual({ errcode: 'INVALID_PARAMETERS' });
});
