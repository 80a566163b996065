import { describe, expect, test } from 'vitest';
import { UPLOADED_FILES } from '../../scripts/built-files.ts';
import { fallbackRuntime, functions, runtime } from '../../scripts/manifest.ts';
import { API_KEY } from './project.ts';
import { deployHere, setUp, setUpDeployed } from './set-up.ts';
import type { StandIn } from './stand-in.ts';

const runtimesIn = ({ account }: StandIn): readonly string[] => [
  ...new Set([...account.functions.values()].map((fn) => fn.runtime)),
];

describe('an environment whose rules cannot be set is reported before anything is changed:', () => {
  test.for([
    {
      kind: 'PostgreSQL, by its mode',
      environment: { RuntimeMode: 'postgresql' },
      reported: 'PostgreSQL kind',
    },
    {
      kind: 'PostgreSQL, by its databases',
      environment: { PostgreSQL: [{ InstanceId: 'pg-1' }] },
      reported: 'PostgreSQL kind',
    },
    {
      kind: 'PostgreSQL, by one database',
      environment: { PostgreSQL: { InstanceId: 'pg-1' } },
      reported: 'PostgreSQL kind',
    },
    {
      kind: 'PostgreSQL, by its meta',
      environment: { Meta: [{ Key: 'postgresql', Value: 'enable' }] },
      reported: 'PostgreSQL kind',
    },
    {
      kind: 'policies',
      environment: { Meta: [{ Key: 'authz_engine', Value: 'opa' }] },
      reported: 'authorization policies',
    },
  ])('$kind', async ({ environment, reported }, context) => {
    const { standIn, deploy } = await setUp(context);
    standIn.account.environment = environment;
    const { code, output } = await deploy();
    expect(output).toContain(`shop-1a2b3c`);
    expect(output).toContain(reported);
    expect(output).toMatch(
      /^way out .*rules that guard orders .*Create an environment with the document database/m,
    );
    expect(standIn.calls.map(({ action }) => action)).toEqual(['DescribeEnvInfo']);
    expect(code).toBe(1);
  });

  test('also where only a refusal says so', async (context) => {
    const { standIn, deploy } = await setUp(context);
    const message =
      '[DescribeResourcePermission] The current API does not support PostgreSQL type environments.';
    standIn.failures.push({ action: 'DescribeResourcePermission', code: 'OperationDenied', message });
    const { code, output } = await deploy();
    expect(output).toMatch(/^way out +The environment is of PostgreSQL kind/m);
    expect(standIn.changes).toEqual([]);
    expect(code).toBe(1);
  });

  test.for([
    { environment: { RuntimeMode: 'nosql', PostgreSQL: [], Meta: [{ Key: 'authz_engine', Value: 'rule' }] } },
    { environment: { RuntimeMode: null, PostgreSQL: null, Meta: null } },
    { environment: { PostgreSQL: {} } },
  ])('but not one that says $environment', async ({ environment }, context) => {
    const { standIn, deploy } = await setUp(context);
    standIn.account.environment = environment;
    expect((await deploy('--dry-run')).code).toBe(0);
  });
});

describe('the runtime', () => {
  test('of a new function is the one of the manifest', async (context) => {
    const { standIn, deploy } = await setUp(context);
    const { output } = await deploy();
    expect(runtimesIn(standIn)).toEqual([runtime]);
    expect(output).not.toContain('stays on');
  });

  test('is the older one where the environment refuses the new one, and a line says so', async (context) => {
    const { standIn, deploy } = await setUp(context);
    standIn.account.runtimes = ['Nodejs16.13', 'Nodejs18.15', fallbackRuntime];
    const { code, output } = await deploy();
    expect(runtimesIn(standIn)).toEqual([fallbackRuntime]);
    for (const { name } of functions)
      expect(output).toContain(`${runtime} is refused here, so ${name} is created on ${fallbackRuntime}`);
    expect(output).toContain('found as wanted');
    expect(code).toBe(0);
  });

  test('is tried once more only: where that is refused too, the refusal is explained', async (context) => {
    const { standIn, deploy } = await setUp(context);
    standIn.account.runtimes = ['Nodejs26.1'];
    const { code, output } = await deploy();
    expect(output).toMatch(/Could not create function payNotify \(InvalidParameterValue\.Runtime/);
    expect(standIn.calls.filter(({ action }) => action === 'CreateFunction')).toHaveLength(2);
    expect(code).toBe(1);
  });

  test('of a function that is there is left, and a line says so', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    Object.assign(standIn.account.functions.get('checkOrder') ?? {}, { runtime: 'Nodejs18.15' });
    const { code, output } = await deploy();
    expect(output).toMatch(
      /^note +checkOrder stays on Nodejs18\.15, which cannot be changed.*Nodejs24\.11$/m,
    );
    expect(output).toMatch(/ok +checkOrder runtime +Nodejs18\.15 index\.main/);
    expect(output.match(/stays on/g)).toHaveLength(1);
    expect(standIn.changes).toEqual([]);
    expect(code).toBe(0);
  });
});

test('a function that needs no variable is given none, and one that it has from before is not kept in silence', async (context) => {
  const { standIn, project } = await setUp(context);
  for (const name of UPLOADED_FILES)
    await project.write(`dist/cloudfunctions/keyless/${name}`, 'exports.main = async () => 1;\n');
  const keyless = {
    name: 'keyless',
    timeout: 5,
    memorySize: 128,
    environment: [],
    invoke: 'shoppers',
  } as const;
  const deploy = () => deployHere({ standIn, project }, ['--yes'], { functions: [...functions, keyless] });
  expect((await deploy()).code).toBe(0);
  const deployed = standIn.account.functions.get('keyless');
  expect(deployed?.variables).toEqual([]);
  expect((await deploy()).output).toContain('nothing to change');

  deployed?.variables.push({ Key: 'WECHAT_PAY_API_KEY', Value: API_KEY });
  const { code, output } = await deploy();
  expect(output).toMatch(/!= +keyless variables +0 set +WECHAT_PAY_API_KEY not wanted/);
  expect(output).toMatch(/^- keyless needs no variables.*Delete them \(console/m);
  expect(code).toBe(1);
});

describe('settings', () => {
  test('that stand in functions and not in .env are named before they are taken away', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    for (const name of ['createOrder', 'queryOrders'])
      standIn.account.functions
        .get(name)
        ?.variables.push({ Key: 'UPLOAD_SHIPPING_INFO', Value: '1' }, { Key: 'OWN', Value: '1' });
    const { code, output } = await deploy();
    const warned = output.search(/^warning +UPLOAD_SHIPPING_INFO: set in functions and not in \.env/m);
    expect(warned).toBeGreaterThan(0);
    expect(warned).toBeLessThan(output.indexOf('update settings: createOrder'));
    expect(output.match(/^warning +UPLOAD/gm)).toHaveLength(1);
    expect(code).toBe(0);
  });

  test('that one endpoint does not know are sent to the other, without what that does not know', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    standIn.account.settingsService = 'tcb';
    const createOrder = standIn.account.functions.get('createOrder');
    const before = createOrder?.variables;
    Object.assign(createOrder ?? {}, { timeout: 3, variables: [], installDependency: 'TRUE' });
    const { code, output } = await deploy();
    expect(standIn.changes.map(({ service, action }) => `${service} ${action}`)).toEqual([
      'scf UpdateFunctionConfiguration',
      'tcb UpdateFunctionConfiguration',
    ]);
    expect(standIn.account.functions.get('createOrder')).toMatchObject({
      timeout: 20,
      variables: before,
      installDependency: 'FALSE',
    });
    expect(output).toContain('found as wanted');
    expect(code).toBe(0);
  });

  test('that are refused for another reason are not sent twice', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    Object.assign(standIn.account.functions.get('createOrder') ?? {}, { timeout: 3 });
    standIn.failures.push({
      action: 'UpdateFunctionConfiguration',
      code: 'InvalidParameterValue.MemorySize',
    });
    const { code, output } = await deploy();
    expect(output).toMatch(
      /Could not update the settings of createOrder \(InvalidParameterValue\.MemorySize/,
    );
    expect(standIn.changes).toHaveLength(1);
    expect(code).toBe(1);
  });
});

test('variables that are too much together with those of its owner are not sent, and reported', async (context) => {
  const { standIn, deploy } = await setUpDeployed(context);
  const variables = [{ Key: 'OWN', Value: 'x'.repeat(4_080) }];
  Object.assign(standIn.account.functions.get('checkOrder') ?? {}, { variables });
  const { code, output } = await deploy();
  expect(output).toMatch(
    /^- The variables of checkOrder take \d{4} bytes; .* less than 4096, with those of your own/m,
  );
  expect(standIn.changes).toEqual([]);
  expect(code).toBe(1);
});
