import { describe, expect, test } from 'vitest';
import FIRST_PRODUCTS from '../../scripts/products.json' with { type: 'json' };
import { product, VARIABLES } from './project.ts';
import { openCloudOf, setUp, setUpDeployed } from './set-up.ts';
import { openOrders } from './stand-in-account.ts';

describe('open orders of another merchant number', () => {
  test('are a warning before and after, with the way out, and the deployment goes on', async (context) => {
    const { standIn, project, deploy } = await setUpDeployed(context);
    openOrders(standIn.account, VARIABLES.WECHAT_PAY_MCH_ID ?? '', 4);
    const file = { ...VARIABLES, WECHAT_PAY_MCH_ID: '1900000222' };
    await project.write(
      '.env',
      Object.entries(file)
        .map((pair) => pair.join('='))
        .join('\n'),
    );

    const { code, output } = await deploy();
    const warned =
      /^warning +WECHAT_PAY_MCH_ID: is 1900000222, and open orders are of 1900000109 \(4: order1, order2, order3, …\)/gm;
    expect(output.match(warned)).toHaveLength(2);
    expect(output).toMatch(
      /Let them end first: keep the old number and its key, set on_sale of every product to false/,
    );
    expect(output.search(warned)).toBeLessThan(output.indexOf('update settings: createOrder'));
    expect(code).toBe(0);
  });

  test('are also those in which a refund is under way', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    const orders = standIn.account.collections.get('orders')?.documents;
    const paid = { mch_id: '1900000108', trade_state: 'SUCCESS' };
    orders?.set('refunding', { _id: 'refunding', ...paid, refund_reserved_fee: 500 });
    orders?.set('refunded', { _id: 'refunded', ...paid, trade_state: 'REFUND', refund_reserved_fee: 0 });
    orders?.set('paid', { _id: 'paid', ...paid });
    const { output } = await deploy('--dry-run');
    expect(output).toMatch(/open orders are of 1900000108 \(1: refunding\)\. .*no refund is under way/);
  });

  test('are reported by number, and many as many', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    openOrders(standIn.account, '1900000108', 150);
    standIn.account.collections
      .get('orders')
      ?.documents.set('a', { _id: 'a', mch_id: '1900000107', trade_state: 'NOTPAY' });
    const { output } = await deploy('--dry-run');
    expect(output).toMatch(/open orders are of 1900000108 \(100 or more: /);
  });

  test('of our own number are nothing to be said about', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    openOrders(standIn.account, VARIABLES.WECHAT_PAY_MCH_ID ?? '', 4);
    const { output } = await deploy();
    expect(output).not.toContain('open orders');
    expect(standIn.changes).toEqual([]);
  });
});

describe('a product that cannot be sold', () => {
  test('in the database is reported, everything else is deployed, and the exit code is 1', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    Object.assign(standIn.account.functions.get('checkOrder') ?? {}, { timeout: 3 });
    const products = standIn.account.collections.get('products')?.documents;
    products?.set('pasted', { ...product('pasted'), name: 'a\u001b[2Jb\n' });
    products?.set('draft', { _id: 'draft', on_sale: false });
    products?.set('typed', { ...product('typed'), on_sale: 'true' });
    const { code, output } = await deploy();
    expect(output).toMatch(/!= +products that can be sold +all +not pasted, typed$/m);
    expect(output).toMatch(
      /^- Product pasted cannot be sold \(name: .*\); Product typed cannot be sold .* set on_sale to false$/m,
    );
    expect(output).not.toContain('\u001b');
    expect(standIn.account.functions.get('checkOrder')?.timeout).toBe(20);
    expect(code).toBe(1);
  });

  test('among the first documents stops the deployment before anything is sent', async (context) => {
    const { standIn, project, deploy } = await setUp(context);
    await project.write(
      'scripts/products.json',
      JSON.stringify([{ ...product('city'), options: [{ months: 1, total_fee: 0.5 }] }]),
    );
    const { code, output } = await deploy();
    expect(output).toMatch(
      /^problem +scripts\/products\.json: Product city cannot be sold \(options\.0\.total_fee: /m,
    );
    expect(output).toContain('Nothing was sent.');
    expect(standIn.calls).toEqual([]);
    expect(code).toBe(1);
  });
});

describe('how a product is paid', () => {
  const undecided = (_id: string) => ({ ...product(_id), channel: undefined });

  test('is asked of its owner until he has decided, while the rest is deployed and the exit code is 1', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    Object.assign(standIn.account.functions.get('checkOrder') ?? {}, { timeout: 3 });
    const products = standIn.account.collections.get('products')?.documents;
    products?.set('own', undecided('own'));
    products?.set('emptied', { ...product('emptied'), channel: null });
    products?.set('draft', { ...undecided('draft'), on_sale: false });
    const { code, output } = await deploy();
    expect(output).toMatch(/^ok +products channel of city +wechatpay +wechatpay$/m);
    expect(output).toMatch(/^!= +products channel of own +decided +undecided$/m);
    expect(output.match(/^- Nobody has decided how .*/gm)).toEqual([
      expect.stringMatching(/how own, emptied is paid\. .*"channel": "virtualpay"/),
    ]);
    expect(standIn.account.functions.get('checkOrder')?.timeout).toBe(20);
    expect(products?.get('own')).toEqual(undecided('own'));
    expect(code).toBe(1);
  });

  test('that is decided in the file is written to where none is, and nowhere else', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    const products = standIn.account.collections.get('products')?.documents;
    const edited = { ...undecided('city'), options: [{ months: 1, total_fee: 990 }] };
    products?.set('city', edited);
    products?.set('market', { ...product('market'), channel: 'virtualpay', on_sale: false });
    const { code, output } = await deploy();
    expect(output).toMatch(/products channel of city +undecided +wechatpay +set channel$/m);
    expect(products?.get('city')).toEqual({ ...edited, channel: 'wechatpay' });
    expect(products?.get('market')).toMatchObject({ channel: 'virtualpay' });
    expect(standIn.changes).toHaveLength(1);
    expect(code).toBe(0);
  });

  test('that its owner decides in the meantime is not overwritten', async (context) => {
    const { standIn } = await setUpDeployed(context);
    const products = standIn.account.collections.get('products')?.documents;
    const cloud = await openCloudOf(standIn);
    await cloud.setMissing('products', 'city', { channel: 'virtualpay' });
    expect(products?.get('city')).toMatchObject({ channel: 'wechatpay' });
  });

  test('must be decided before a first document is put in; those that are decided are', async (context) => {
    const { standIn, project, deploy } = await setUp(context);
    const file = 'scripts/products.json';
    await project.write(file, JSON.stringify([product('city'), undecided('market')]));
    const first = await deploy();
    const products = standIn.account.collections.get('products')?.documents;
    expect([...(products?.keys() ?? [])]).toEqual(['city']);
    expect(first.output).toMatch(/^!= +products first documents +city, market +city$/m);
    expect(first.output).toMatch(/^- Nobody has decided how market is paid/m);
    expect(first.code).toBe(1);

    await project.write(file, JSON.stringify([product('city'), product('market')]));
    const second = await deploy();
    expect([...(products?.keys() ?? [])]).toEqual(['city', 'market']);
    expect(second.code).toBe(0);
  });

  test('is left open in the catalogue that comes with the project', async () => {
    expect(FIRST_PRODUCTS.filter((each) => 'channel' in each || 'virtual' in each)).toEqual([]);
  });
});
