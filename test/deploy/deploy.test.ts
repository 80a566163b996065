import { describe, expect, test } from 'vitest';
import { collections, functions } from '../../scripts/manifest.ts';
import { API_KEY, product, VARIABLES } from './project.ts';
import { setUp, setUpDeployed } from './set-up.ts';
import { SECRET, type StandIn } from './stand-in.ts';
import { DEFAULT_DOMAIN } from './stand-in-account.ts';
import { filesOf, runFunction } from './stand-in-code.ts';

const ALL_WANTED = /All \d+ found as wanted\./;

describe('npm run deploy', () => {
  test('fills an empty environment, in the order that loses no payment', async (context) => {
    const { standIn, project } = await setUp(context);
    const { code, output } = await project.run('deploy.ts', ['--yes'], standIn);
    expect(output).toMatch(ALL_WANTED);
    expect(code).toBe(0);
    const indexed = collections.flatMap(({ name, indexes }) => indexes.map(() => name));
    const updateTable = (name: string) => `UpdateTable ${name}`;
    const routed = functions.filter(({ route }) => route);
    const others = functions.filter(({ route }) => !route);
    expect(standIn.changes.map(({ action, body }) => `${action} ${subjectOf(body)}`)).toEqual([
      // Shoppers may write into a new collection until it has its rule.
      ...collections.flatMap(({ name }) => [`CreateTable ${name}`, `ModifyResourcePermission ${name}`]),
      // The first index is still being built when it is asked for again.
      ...indexed.slice(0, 1).map(updateTable),
      ...indexed.map(updateTable),
      ...routed.flatMap(({ name }) => [`CreateFunction ${name}`, `CreateHTTPServiceRoute ${DEFAULT_DOMAIN}`]),
      ...others.map(({ name }) => `CreateFunction ${name}`),
      'ModifyResourcePermission function',
      ...collections.flatMap(({ name, seed }) => (seed ? [`RunCommands ${name}`] : [])),
      ...functions.flatMap(({ name, trigger }) => (trigger ? [`BatchCreateTrigger ${name}`] : [])),
    ]);

    const notifyUrl = `https://${DEFAULT_DOMAIN}/payNotify`;
    expect(output).toContain(`Notify URL: ${notifyUrl}`);
    expect(output).toMatch(/default domain is for development only/);
    expect(variablesOf(standIn, 'createOrder')).toEqual({
      WECHAT_PAY_MCH_ID: '1900000109',
      WECHAT_PAY_API_KEY: API_KEY,
      WECHAT_PAY_NOTIFY_URL: notifyUrl,
    });
    expect(variablesOf(standIn, 'payNotify')).toEqual({
      WECHAT_PAY_MCH_ID: '1900000109',
      WECHAT_PAY_API_KEY: API_KEY,
    });
    for (const secret of [API_KEY, SECRET.id, SECRET.key]) expect(output).not.toContain(secret);
    expect(JSON.parse(standIn.account.functionRules)).toMatchObject({
      payNotify: { invoke: false },
      queryOrders: { invoke: false },
      createOrder: { invoke: 'auth != null' },
    });

    for (const { name } of functions) {
      const uploaded = standIn.account.functions.get(name) ?? { zip: new Uint8Array(), variables: [] };
      expect(filesOf(uploaded.zip)).toEqual(['index.js', 'package.json', 'sdk.js']);
      if (name !== 'payNotify') expect(await runFunction(uploaded, {})).toBe(name);
      expect(output).toMatch(new RegExp(`${name} +\\d+\\.\\d KB`));
    }
  });

  test('changes nothing when it is run again', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    respell(standIn);
    const { code, output } = await deploy();
    expect(output).toContain('nothing to change');
    expect(standIn.changes).toEqual([]);
    expect(code).toBe(0);
  });

  test('finds, reports and sets again what was changed by hand, and leaves the merchant his prices', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    const { collections, functions, domains } = standIn.account;
    const createOrder = functions.get('createOrder');
    const queryOrders = functions.get('queryOrders');
    const orders = collections.get('orders');
    const products = collections.get('products');
    const route = domains[1]?.Routes[0];
    if (!createOrder || !queryOrders || !orders || !products || !route) throw new Error('not deployed');
    orders.rule = { Permission: 'CUSTOM', SecurityRule: '{"read":true,"write":true}' };
    createOrder.timeout = 3;
    createOrder.variables = [
      { Key: 'WECHAT_PAY_API_KEY', Value: 'another' },
      { Key: 'TZ', Value: 'Asia/Shanghai' },
    ];
    queryOrders.zip = functions.get('checkOrder')?.zip ?? queryOrders.zip;
    queryOrders.triggers.length = 0;
    route.EnableAuth = true;
    products.documents.delete('market');
    const edited = { ...product('city'), options: [{ months: 1, total_fee: 990 }] };
    products.documents.set('city', edited);
    standIn.account.functionRules =
      '{"*":{"invoke":true},"theirs":{"invoke":false},"payNotify":{"invoke":true}}';

    const { code, output } = await deploy();
    for (const reported of [
      /orders rule +\{"read":true,"write":true\} +\{"read":"doc\._openid == auth\.openid","write":false\} +set rule/,
      /createOrder limits +3 s, 256 MB +20 s, 256 MB +update settings/,
      /createOrder variables +WECHAT_PAY_API_KEY differs, WECHAT_PAY_MCH_ID missing, WECHAT_PAY_NOTIFY_URL missing/,
      /queryOrders code +\w{12} +\w{12} +update code/,
      /queryOrders timer queryOrders +missing/,
      /payNotify route +.*, login asked/,
      /products first documents +city +city, market/,
      /invoke rules payNotify +\{"invoke":true\} +nobody/,
    ]) {
      expect(output).toMatch(reported);
    }
    expect(output).toMatch(ALL_WANTED);
    expect(code).toBe(0);
    expect(new Set(standIn.changes.slice(0, -1).map(({ action }) => action))).toContain(
      'ModifyHTTPServiceRoute',
    );
    expect(standIn.calls.filter(({ action }) => action === 'CreateFunction')).toEqual([]);
    expect(products.documents.get('city')).toEqual(edited);
    expect(variablesOf(standIn, 'createOrder')).toMatchObject({
      TZ: 'Asia/Shanghai',
      WECHAT_PAY_API_KEY: API_KEY,
    });
    expect(JSON.parse(standIn.account.functionRules)).toMatchObject({
      '*': { invoke: true },
      theirs: { invoke: false },
      payNotify: { invoke: false },
    });
  });

  test('reports what it cannot set without destroying something, and exits 1', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    const { collections, functions, domains } = standIn.account;
    collections.get('orders')?.indexes.splice(0, 1, {
      Name: 'due',
      Unique: true,
      Keys: [{ Name: 'trade_state', Direction: '1' }],
    });
    Object.assign(functions.get('createOrder') ?? {}, { runtime: 'Nodejs10.15' });
    Object.assign(functions.get('checkOrder') ?? {}, { status: 'CreateFailed' });
    Object.assign(domains[1]?.Routes[0] ?? {}, { UpstreamResourceName: 'theirs' });
    standIn.account.gateway = false;

    const { code, output } = await deploy();
    expect(code).toBe(1);
    expect(standIn.changes).toEqual([]);
    for (const reported of [
      /- Index due of orders is another one\. Delete it/,
      /- The runtime of createOrder cannot be changed/,
      /- checkOrder is CreateFailed/,
      /payNotify leads to theirs\. Free the path/,
      /- HTTP access is off, so WeChat Pay would be answered 403 HTTPSERVICE_NONACTIVATED\. Switch it on/,
    ]) {
      expect(output).toMatch(reported);
    }
  });

  test('takes an index of the same fields for ours, whatever it is called', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    const orders = standIn.account.collections.get('orders');
    const rename = (from: string, to: string, Unique = false) => {
      const index = orders?.indexes.find(({ Name }) => Name === from);
      if (!index) throw new Error('not deployed');
      orders?.indexes.splice(orders.indexes.indexOf(index), 1, { ...index, Name: to, Unique });
    };
    rename('newest', 'created_at_-1');
    const { code, output } = await deploy();
    expect(output).toContain('nothing to change');
    expect(code).toBe(0);

    rename('payment', 'transaction_id_1', true);
    const unique = await deploy();
    expect(unique.output).toMatch(/^- Index transaction_id_1 of orders is another one\. Delete it/m);
    expect(standIn.changes).toEqual([]);
    expect(unique.code).toBe(1);
  });

  test('reports what is attached to things of ours and is not wanted, and deletes none of it', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    const { collections, functions, domains } = standIn.account;
    const timer = { TriggerName: 'myTrigger', Type: 'timer', TriggerDesc: '* * * * * * *', Enable: 1 };
    functions.get('queryOrders')?.triggers.push(timer);
    functions.get('checkOrder')?.triggers.push({ ...timer, Enable: 0 });
    collections
      .get('orders')
      ?.indexes.push(
        { Name: 'paid', Unique: true, Keys: [{ Name: 'prepay_id', Direction: '1' }] },
        { Name: 'report', Unique: false, Keys: [{ Name: 'created_at', Direction: '1' }] },
      );
    const [route] = domains[1]?.Routes ?? [];
    if (!route) throw new Error('not deployed');
    domains[1]?.Routes.push({ ...route, Path: '/sweep', UpstreamResourceName: 'queryOrders' });

    const { code, output } = await deploy();
    for (const reported of [
      /!= +queryOrders timer myTrigger +not wanted +\* \* \* \* \* \* \*$/m,
      /!= +checkOrder timer myTrigger +not wanted +\* \* \* \* \* \* \*, off/,
      /!= +orders index paid +not wanted +prepay_id 1, unique/,
      /!= +queryOrders route +not wanted +\S+\/sweep to queryOrders/,
      /- Timer myTrigger of queryOrders is not in scripts\/manifest\.ts\. Delete it \(console/,
      /- Index paid of orders is unique .* Delete it/,
      /- \S+\/sweep leads to queryOrders, which .* Delete it/,
    ]) {
      expect(output).toMatch(reported);
    }
    expect(output).not.toContain('report');
    expect(output).toMatch(/ok +queryOrders timer queryOrders/);
    expect(standIn.changes).toEqual([]);
    expect(code).toBe(1);
  });

  test('leaves the rule of an earlier release, which old pages on phones need, until it is asked for it', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    const products = standIn.account.collections.get('products');
    if (!products) throw new Error('not deployed');
    products.rule = { Permission: 'CUSTOM', SecurityRule: '{"write": false, "read": true}' };
    Object.assign(standIn.account.functions.get('createOrder') ?? {}, { timeout: 3 });

    const upgrade = await deploy();
    for (const reported of [
      /products rule +\{"read":true,"write":false\} +\{"read":"doc\.on_sale == true","write":false\} +by hand/,
      /!= +products rule/,
      /- The rule of products .* was not tightened: .* npm run deploy -- --only products$/m,
    ]) {
      expect(upgrade.output).toMatch(reported);
    }
    expect(standIn.changes.map(({ action }) => action)).toEqual(['UpdateFunctionConfiguration']);
    expect(upgrade.code).toBe(1);

    const other = await deploy('--only', 'orders');
    expect(other.code).toBe(0);
    expect(products.rule.SecurityRule).toBe('{"write": false, "read": true}');

    const asked = await deploy('--only', 'products');
    expect(asked.output).toMatch(/products rule +\{"read":true.* set rule$/m);
    expect(asked.code).toBe(0);
    expect(JSON.parse(products.rule.SecurityRule)).toEqual({ read: 'doc.on_sale == true', write: false });
    expect((await deploy()).output).toMatch(ALL_WANTED);
  });

  test.for([
    ['PRIVATE', '', 'a collection that was made by hand'],
    ['CUSTOM', '{"read":true,"write":true}', 'a rule that lets everybody write'],
  ])('sets the rule at once in the place of %s %s: %s', async ([Permission, SecurityRule], context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    Object.assign(standIn.account.collections.get('products') ?? {}, { rule: { Permission, SecurityRule } });
    const { code, output } = await deploy();
    expect(output).toMatch(/products rule .* set rule$/m);
    expect(output).toMatch(ALL_WANTED);
    expect(code).toBe(0);
  });

  test('leaves only createOrder for later where no domain leads to payNotify yet, and says why', async (context) => {
    const { standIn, deploy } = await setUp(context);
    const { domains } = standIn.account;
    standIn.account.gateway = false;
    const withheld = domains.splice(0);
    const first = await deploy();
    expect(first.output).toMatch(/!= +createOrder function +Active +missing/);
    expect(first.output).toMatch(/- HTTP access is off/);
    expect(first.output).toMatch(/- createOrder is left for later/);
    expect(first.code).toBe(1);
    const withoutUrl = functions.filter(({ environment }) => !environment.includes('WECHAT_PAY_NOTIFY_URL'));
    expect([...standIn.account.functions.keys()]).toEqual(withoutUrl.map(({ name }) => name));

    standIn.account.gateway = true;
    domains.push(...withheld);
    const second = await deploy();
    expect(second.output).toMatch(ALL_WANTED);
    expect(second.code).toBe(0);
  });

  test('reports that the gateway refuses although it is said to be on', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    standIn.account.refusesHttp = true;
    const { code, output } = await deploy();
    expect(output).toMatch(/payNotify answers +FAIL to an empty notice +403 .*HTTPSERVICE_NONACTIVATED/);
    expect(output).toMatch(/Switch HTTP access on/);
    expect(code).toBe(1);
  });

  test('reports that payNotify is reached but cannot work', async (context) => {
    const { project, deploy } = await setUpDeployed(context);
    const body =
      '<xml><return_code>FAIL</return_code><return_msg>The function is not configured.</return_msg></xml>';
    const code = `exports.main = async () => ({ statusCode: 500, body: '${body}' });`;
    await project.write('dist/cloudfunctions/payNotify/index.js', code);
    const outcome = await deploy();
    expect(outcome.output).toMatch(/!= +payNotify answers +FAIL to an empty notice +500 /);
    expect(outcome.output).toContain('which variable the logs of payNotify name');
    expect(outcome.code).toBe(1);
  });

  test('with --dry-run shows the plan and changes nothing', async (context) => {
    const { standIn, deploy } = await setUp(context);
    const { code, output } = await deploy('--dry-run');
    expect(output).toMatch(/createOrder function +missing +Active +create function/);
    expect(standIn.changes).toEqual([]);
    expect(code).toBe(0);
  });

  test('without --yes and without a terminal changes nothing and says so', async (context) => {
    const { standIn, project } = await setUp(context);
    const { code, output } = await project.run('deploy.ts', [], standIn);
    expect(output).toContain('Say --yes');
    expect(standIn.changes).toEqual([]);
    expect(code).toBe(1);
  });

  test('with --only touches that one thing', async (context) => {
    const { standIn, deploy } = await setUp(context);
    const { code } = await deploy('--only', 'orders');
    expect(code).toBe(0);
    expect(new Set(standIn.changes.map(({ body }) => subjectOf(body)))).toEqual(new Set(['orders']));
  });

  test('puts the route on the own domain that the notify URL names', async (context) => {
    const { standIn, deploy } = await setUp(context, {
      variables: { ...VARIABLES, WECHAT_PAY_NOTIFY_URL: 'https://pay.shop.example/payNotify' },
    });
    standIn.account.domains.push({
      Domain: 'pay.shop.example',
      DomainType: 'HTTPSERVICE',
      IsDefault: false,
      Enable: true,
      Routes: [],
    });
    const { code, output } = await deploy();
    expect(output).toContain('Notify URL: https://pay.shop.example/payNotify');
    expect(output).not.toContain('for development only');
    expect(code).toBe(0);
    expect(output).not.toContain('notices go elsewhere');
    const routed = functions.filter(({ route }) => route !== undefined);
    expect(standIn.account.domains[2]?.Routes).toHaveLength(routed.length);
  });

  test('warns of a notify URL that stayed from another environment', async (context) => {
    const { deploy } = await setUp(context, {
      variables: { ...VARIABLES, WECHAT_PAY_NOTIFY_URL: 'https://pay.other.example/payNotify' },
    });
    const { output } = await deploy();
    expect(output).toMatch(
      /warning +pay\.other\.example is no domain of this environment.*notices go elsewhere/,
    );
  });
});

/** The console and the API give back in their own spelling what they were given. */
function respell({ account }: StandIn): void {
  Object.assign(account.collections.get('users')?.rule ?? {}, {
    SecurityRule: '{\n  "write": false,\n  "read": "doc._openid == auth.openid"\n}',
  });
  const cron = functions.find(({ name }) => name === 'queryOrders')?.trigger?.config;
  Object.assign(account.functions.get('queryOrders')?.triggers[0] ?? {}, {
    TriggerDesc: JSON.stringify({ cron }),
    Enable: 'OPEN',
  });
}

function subjectOf(body: Readonly<Record<string, unknown>>): unknown {
  const { TableName, FunctionName, Resource, ResourceType, MgoCommands, Domain } = body;
  const nested = JSON.stringify(MgoCommands ?? Domain ?? '');
  return (
    TableName ??
    FunctionName ??
    Resource ??
    ResourceType ??
    /"(?:TableName|Domain)":"([^"]+)"/.exec(nested)?.[1]
  );
}

function variablesOf({ account }: StandIn, name: string) {
  return Object.fromEntries(
    account.functions.get(name)?.variables.map(({ Key, Value }) => [Key, Value]) ?? [],
  );
}
