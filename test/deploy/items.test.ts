import { describe, expect, type TestContext, test } from 'vitest';
import { channels } from '../../cloudfunctions/_shared/channels/channels.ts';
import { readProduct } from '../../cloudfunctions/_shared/order/catalogue.ts';
import { answered } from '../../scripts/local/weixin/api.ts';
import { product, renderEnv } from './project.ts';
import { deployHere, setUp, setUpDeployed } from './set-up.ts';
import { openOrders } from './stand-in-account.ts';
import { APPID, openWeixin } from './weixin-desk.ts';

const virtual = (_id: string, options = [{ months: 3, total_fee: 4800 }]) => ({
  ...product(_id),
  options,
  channel: 'virtualpay',
});

/** A shop whose file of first products has these, and the host of WeChat that it deploys against. */
async function shopWith(
  context: TestContext,
  written: readonly object[],
  {
    isRunning = false,
    variables = {},
  }: { isRunning?: boolean; variables?: Readonly<Record<string, string>> } = {},
) {
  const desk = await openWeixin(context);
  const { standIn, project } = await (isRunning ? setUpDeployed(context) : setUp(context));
  await project.write('scripts/products.json', JSON.stringify(written));
  await project.write('project.config.json', JSON.stringify({ appid: APPID }));
  await project.write('.env', renderEnv({ ...desk.variables, ...variables }));
  return {
    ...desk,
    standIn,
    project,
    products: () => standIn.account.collections.get('products')?.documents ?? new Map(),
    idsAtWeChat: () => desk.virtualpay.items().map(({ id }) => id),
    deploy: (...args: readonly string[]) =>
      deployHere({ standIn, project }, ['--yes', ...args], {
        wait: (ms) => desk.clock.advance(ms),
        now: () => desk.clock.now(),
      }),
  };
}

describe('items of virtual payment', () => {
  test('are uploaded, published and written into their products, with the moment from which they are sold', async (context) => {
    const options = [
      { months: 1, total_fee: 1800 },
      { months: 12, total_fee: 15800 },
    ];
    const shop = await shopWith(context, [virtual('city', options), product('market')]);
    const began = shop.clock.now().getTime();
    const { code, output } = await shop.deploy();
    expect(output).toMatch(/^publish item: city_1m_1800$/m);
    expect(output).toMatch(/^ok +products item city_12m_15800 +published +published$/m);
    expect(output).toMatch(/^note +city_1m_1800 is published, .* from 2026-11-27 18:\d\d \(China time\) on/m);
    expect(output).toMatch(/^- Once, for virtual payment: .*消息推送/m);
    expect(output).toMatch(/^- Once, for virtual payment: .*道具发货推送/m);
    expect(code).toBe(0);

    expect(shop.virtualpay.items()).toMatchObject([
      { id: 'city_1m_1800', name: '城市版 1 个月', price: 1800, remark: '城市版', env: 0, review: 'ok' },
      {
        id: 'city_12m_15800',
        name: '城市版 12 个月',
        price: 15800,
        item_url: 'https://shop.example/item.png',
      },
    ]);
    const { items } = shop.products().get('city') ?? {};
    expect(items).toMatchObject([
      { item_id: 'city_1m_1800', months: 1, price: 1800, env: 0 },
      { item_id: 'city_12m_15800', months: 12, price: 15800, env: 0 },
    ]);
    const read = readProduct(shop.products().get('city'), channels);
    const moments =
      'product' in read ? (read.product.items ?? []).map(({ effective_at }) => effective_at) : [];
    for (const item of shop.virtualpay.items()) expect(item.published_at).toBeDefined();
    for (const moment of moments) expect(moment.getTime() - began).toBeGreaterThanOrEqual(30 * 60_000);
    expect(moments).toHaveLength(2);
    expect(shop.products().get('market')).not.toHaveProperty('items');

    const again = await shop.deploy();
    expect(again.output).toContain('nothing to change');
    expect(again.code).toBe(0);
    expect(shop.idsAtWeChat()).toHaveLength(2);
  });

  test('are shown by a dry run, which asks nobody', async (context) => {
    const shop = await shopWith(context, [virtual('city')]);
    const { code, output } = await shop.deploy('--dry-run');
    expect(output).toMatch(/products item city_3m_4800 +missing +published +publish item$/m);
    expect(shop.idsAtWeChat()).toEqual([]);
    expect(code).toBe(0);
  });

  test('stay when the price changes, and one more is published', async (context) => {
    const shop = await shopWith(context, [virtual('city')]);
    await shop.deploy();
    const sold = shop.products().get('city') ?? {};
    shop.products().set('city', { ...sold, options: [{ months: 3, total_fee: 5000 }] });
    const { code } = await shop.deploy();
    expect(shop.idsAtWeChat()).toEqual(['city_3m_4800', 'city_3m_5000']);
    expect(shop.products().get('city')?.items).toMatchObject([
      { item_id: 'city_3m_4800' },
      { item_id: 'city_3m_5000' },
    ]);
    expect(code).toBe(0);
  });

  test('that an interrupted deployment published are only written down', async (context) => {
    const shop = await shopWith(context, [virtual('city')]);
    shop.virtualpay.publish({ id: 'city_3m_4800', price: 4800, name: '城市版 3 个月', env: 0 });
    const { code } = await shop.deploy();
    expect(shop.products().get('city')?.items).toMatchObject([{ item_id: 'city_3m_4800' }]);
    expect(shop.idsAtWeChat()).toEqual(['city_3m_4800']);
    expect(code).toBe(0);
  });

  test('wait for a task of somebody else, and for a host that is busy', async (context) => {
    const shop = await shopWith(context, [virtual('city')]);
    const path = '/xpay/start_upload_goods';
    shop.weixin.faults.add({ kind: 'refuse', errcode: 268490012, path, count: 2 });
    shop.weixin.faults.add({ kind: 'refuse', errcode: -1, path: '/xpay/query_publish_goods' });
    shop.weixin.faults.add({ kind: 'garble', body: 'html', path: '/xpay/start_publish_goods' });
    const { code } = await shop.deploy();
    expect(shop.products().get('city')?.items).toHaveLength(1);
    expect(code).toBe(0);
  });

  test('are uploaded again when WeChat could not fetch the picture, and not for ever', async (context) => {
    const shop = await shopWith(context, [virtual('city')]);
    let looked = 0;
    shop.weixin.add('/xpay/query_upload_goods', {
      method: 'POST',
      takesToken: true,
      contentType: 'application/json',
      work() {
        looked++;
        const upload_item = [{ id: 'city_3m_4800', upload_status: 3, errmsg: '图片下载失败' }];
        return answered({ errcode: 0, errmsg: 'ok', status: 2, upload_item });
      },
    });
    const { code, output } = await shop.deploy();
    expect(looked).toBe(3);
    expect(output).toMatch(/^error +Virtual payment did not upload city_3m_4800: 图片下载失败$/m);
    expect(output).toMatch(/^way out +.*VIRTUAL_PAY_ITEM_URL leads to a jpg or png/m);
    expect(output).toMatch(/^!= +products item city_3m_4800 +published +missing$/m);
    expect(code).toBe(1);
  });

  test('whose text is refused keep no other from being published, and the exit code is 1', async (context) => {
    const refused = { ...virtual('city'), description: '赌博' };
    const shop = await shopWith(context, [refused, virtual('market')]);
    const { code, output } = await shop.deploy();
    expect(output).toMatch(/^error +Could not upload item city_3m_4800: Virtual payment refused: 268490007/m);
    expect(shop.idsAtWeChat()).toEqual(['market_3m_4800']);
    expect(code).toBe(1);
  });

  test.for([
    {
      wrong: 'the AppSecret',
      variables: { WEIXIN_APP_SECRET: 'f'.repeat(32) },
      reported: /WEIXIN_APP_SECRET is not the secret of the appid in project\.config\.json/,
    },
    {
      wrong: 'the AppKey',
      variables: { VIRTUAL_PAY_APP_KEY: 'sandbox-app-key-0123456789abcdef' },
      reported: /VIRTUAL_PAY_APP_KEY is not the live AppKey/,
    },
  ])(
    'are not tried one after the other where $wrong is wrong; the rest is deployed',
    async ({ variables, reported }, context) => {
      const shop = await shopWith(context, [virtual('city'), virtual('market')], { variables });
      const { code, output } = await shop.deploy();
      expect(output.match(/^publish item/gm)).toHaveLength(1);
      expect(output).toMatch(reported);
      for (const secret of Object.values(variables)) expect(output).not.toContain(secret);
      expect(output).toMatch(/^ok +queryOrders timer/m);
      expect(code).toBe(1);
    },
  );

  test('are refused to an address that is not on the allow-list, and the way out says so', async (context) => {
    const shop = await shopWith(context, [virtual('city')]);
    shop.weixin.faults.add({ kind: 'refuse', errcode: 40164, path: '/cgi-bin/stable_token', count: 9 });
    const { code, output } = await shop.deploy();
    expect(output).toMatch(/^error +Could not upload item .*40164, invalid ip 127\.0\.0\.1/m);
    expect(output).toMatch(/^way out +The mini-program has an IP allow-list.*IP白名单.*固定出口IP/m);
    expect(code).toBe(1);
  });

  test('of a name that is too long are a product that cannot be sold', async (context) => {
    const long = { ...virtual('city'), name: '一个特别特别特别特别特别长的名称的会员' };
    const shop = await shopWith(context, [long]);
    const { code, output } = await shop.deploy();
    expect(output).toMatch(/^problem +scripts\/products\.json: Product city cannot be sold \(name: .*20\)/m);
    expect(shop.standIn.calls).toEqual([]);
    expect(code).toBe(1);
  });
});

describe('a product that goes over to virtual payment', () => {
  const undecided = (_id: string) => ({ ...product(_id), channel: undefined });

  test('is sold through WeChat Pay until its items can be bought', async (context) => {
    const shop = await shopWith(context, [virtual('city'), product('market')], { isRunning: true });
    shop.products().set('city', undecided('city'));
    const first = await shop.deploy();
    expect(first.output).toMatch(/^!= +products channel of city +virtualpay +undecided$/m);
    expect(first.output).toMatch(
      /^- city is sold through WeChat Pay until its items can be bought: run this again at 2026-11-27 18:\d\d/m,
    );
    expect(shop.products().get('city')?.items).toHaveLength(1);
    expect(shop.products().get('city')?.channel).toBeUndefined();
    expect(first.code).toBe(1);

    await shop.clock.advance(30 * 60_000);
    const second = await shop.deploy();
    expect(shop.products().get('city')).toMatchObject({ channel: 'virtualpay' });
    expect(second.code).toBe(0);
  });

  test('stays where it is while it cannot be sold that way', async (context) => {
    const shop = await shopWith(context, [virtual('city'), product('market')], { isRunning: true });
    shop.products().set('city', { ...undecided('city'), options: [{ months: 1, total_fee: 99 }] });
    const { code, output } = await shop.deploy();
    expect(output).toMatch(
      /^- Product city cannot be sold \(options: virtual payment sells nothing under 100 fen/m,
    );
    expect(shop.products().get('city')?.channel).toBeUndefined();
    expect(shop.idsAtWeChat()).toEqual([]);
    expect(code).toBe(1);
  });
});

describe('a shop that sells through virtual payment alone', () => {
  const variables = { WECHAT_PAY_MCH_ID: '', WECHAT_PAY_API_KEY: '' };

  test('needs no merchant number: nobody sends it notices, and it is deployed whole', async (context) => {
    const shop = await shopWith(context, [virtual('city')], { variables });
    const { code, output } = await shop.deploy();
    expect(output).toMatch(/^reminder +WECHAT_PAY_MCH_ID: is not set, so that virtual payment alone/m);
    expect(output).not.toMatch(/^problem/m);
    expect(output).not.toMatch(/Notify URL|route|WeChat Pay merchant platform/);
    expect(shop.standIn.account.functions.get('createOrder')?.variables).not.toHaveProperty(
      'WECHAT_PAY_NOTIFY_URL',
    );
    expect(code).toBe(0);
  });

  test('is warned of a product in its database that is sold through WeChat Pay', async (context) => {
    const shop = await shopWith(context, [virtual('city')], { variables });
    await shop.deploy();
    shop.products().set('own', product('own'));
    const { output } = await shop.deploy();
    expect(output).toMatch(/^problem +WECHAT_PAY_MCH_ID: is not set, and own is sold through WeChat Pay\. /m);
  });

  test.for<[string, readonly object[], Readonly<Record<string, string>>]>([
    ['half a merchant', [virtual('city')], { ...variables, WECHAT_PAY_MCH_ID: '1900000109' }],
    ['a product of WeChat Pay in its file', [virtual('city'), product('market')], variables],
    ['a product of which nobody has decided', [{ ...product('city'), channel: undefined }], variables],
    ['no product and no virtual payment', [], { ...variables, VIRTUAL_PAY_APP_KEY: '' }],
  ])('%s is what WeChat Pay’s settings are wanted for, as ever', async ([, written, change], context) => {
    const shop = await shopWith(context, written, { variables: change });
    const { code, output } = await shop.deploy();
    expect(output).toMatch(/^problem +WECHAT_PAY_API_KEY: is missing\. WeChat Pay merchant platform/m);
    expect(output).toContain('Nothing was sent.');
    expect(shop.standIn.calls).toEqual([]);
    expect(code).toBe(1);
  });

  test('leaves open orders of virtual payment, which have no merchant number, out of the warning', async (context) => {
    const shop = await shopWith(context, [virtual('city'), product('market')], { isRunning: true });
    openOrders(shop.standIn.account, '', 3);
    const { output } = await shop.deploy('--dry-run');
    expect(output).not.toContain('open orders');
  });
});

describe('settings that items need', () => {
  const variables = { VIRTUAL_PAY_OFFER_ID: '', VIRTUAL_PAY_ITEM_URL: '' };

  test('and that are missing stop the deployment where the file has such products', async (context) => {
    const shop = await shopWith(context, [virtual('city')], { variables });
    const { code, output } = await shop.deploy();
    expect(output).toMatch(
      /^problem +VIRTUAL_PAY_OFFER_ID: is missing, and products are paid by virtual payment/m,
    );
    expect(output).toMatch(/^problem +VIRTUAL_PAY_ITEM_URL: is missing/m);
    expect(shop.standIn.calls).toEqual([]);
    expect(code).toBe(1);
  });

  test('are asked for by hand where only the environment has such products, and the rest is deployed', async (context) => {
    const shop = await shopWith(context, [product('city'), product('market')], {
      isRunning: true,
      variables,
    });
    shop.products().set('own', virtual('own'));
    const { code, output } = await shop.deploy();
    expect(output).toMatch(
      /^- Items of virtual payment cannot be published without VIRTUAL_PAY_OFFER_ID, VIRTUAL_PAY_ITEM_URL\. /m,
    );
    expect(output).toMatch(/^!= +products item own_3m_4800 +published +missing$/m);
    expect(shop.idsAtWeChat()).toEqual([]);
    expect(code).toBe(1);
  });
});
