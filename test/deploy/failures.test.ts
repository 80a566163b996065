import { describe, expect, test, vi } from 'vitest';
import { collections, functions } from '../../scripts/manifest.ts';
import { API_KEY, renderEnv, VARIABLES } from './project.ts';
import { setUp, setUpDeployed } from './set-up.ts';
import type { Failure } from './stand-in.ts';

interface Refused extends Failure {
  /** What we were doing when it happened. */
  readonly doing: string;
  readonly wayOut: RegExp;
}

const REFUSALS: readonly Refused[] = [
  {
    action: 'DescribeEnvInfo',
    code: 'AuthFailure.SecretIdNotFound',
    doing: 'find environment shop-1a2b3c',
    wayOut: /SECRETID or TENCENTCLOUD_SECRETKEY is wrong/,
  },
  {
    action: 'DescribeEnvInfo',
    code: 'AuthFailure.SignatureExpire',
    doing: 'find environment',
    wayOut: /clock is wrong/,
  },
  {
    action: 'DescribeEnvInfo',
    code: 'ResourceNotFound.Env',
    doing: 'find environment',
    wayOut: /no such environment for this key/,
  },
  {
    action: 'DescribeTable',
    code: 'AuthFailure.UnauthorizedOperation',
    doing: 'read collection',
    wayOut: /QcloudTCBFullAccess/,
  },
  {
    action: 'CreateTable',
    code: 'LimitExceeded.OutOfTableQuota',
    doing: 'create collection products',
    wayOut: /plan of the environment is full/,
  },
  {
    action: 'UpdateTable',
    code: 'ResourceInUse.IndexCreating',
    doing: 'create index on_sale of products',
    wayOut: /still being built/,
  },
  {
    action: 'UpdateTable',
    code: 'ResourceUnavailable.IndexOptionsConflict',
    doing: 'create index on_sale of products',
    wayOut: /Delete it/,
  },
  {
    action: 'ModifyResourcePermission',
    about: '"orders"',
    code: 'OperationDenied',
    doing: 'set the rule of orders',
    wayOut: /linked to the Tencent Cloud account/,
  },
  {
    action: 'CreateFunction',
    code: 'LimitExceeded.Function',
    doing: 'create function payNotify',
    wayOut: /plan of the environment is full/,
  },
  {
    action: 'CreateHTTPServiceRoute',
    code: 'HTTPSERVICE_NONACTIVATED',
    doing: 'create the route /payNotify',
    wayOut: /HTTP access is off/,
  },
  {
    action: 'ModifyResourcePermission',
    about: '"function"',
    code: 'InternalError',
    doing: 'set who may call functions',
    wayOut: /Run this again/,
  },
  {
    action: 'RunCommands',
    about: 'INSERT',
    code: 'RequestLimitExceeded',
    doing: 'put first documents into products',
    wayOut: /again in a minute/,
  },
  {
    action: 'BatchCreateTrigger',
    code: 'FailedOperation',
    doing: 'create the timer of queryOrders',
    wayOut: /Run this again/,
  },
];

describe('a refusal of the cloud', () => {
  test.for(REFUSALS)(
    '$action answering $code is explained, and the exit code is 1',
    async ({ doing, wayOut, ...failure }, context) => {
      const { standIn, deploy } = await setUp(context);
      standIn.failures.push(failure);
      const { code, output } = await deploy();
      expect(output).toContain(`Could not ${doing}`);
      expect(output).toContain(failure.code);
      expect(output).toMatch(wayOut);
      expect(output).not.toMatch(/^ +at /m);
      expect(code).toBe(1);
    },
  );

  test('that came in the middle leaves a state from which the next run goes on', async (context) => {
    const { standIn, deploy } = await setUp(context);
    standIn.failures.push({ action: 'CreateFunction', about: 'checkOrder', code: 'InternalError', times: 1 });
    const first = await deploy();
    expect(first.code).toBe(1);
    expect([...standIn.account.functions.keys()]).toEqual(['payNotify', 'refundNotify', 'createOrder']);
    const second = await deploy();
    expect(second.output).toContain('found as wanted');
    expect(second.code).toBe(0);
  });

  test('of one timer keeps no other from being made', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    const timersOf = (name: string) => standIn.account.functions.get(name)?.triggers ?? [];
    Object.assign(timersOf('queryOrders')[0] ?? {}, { TriggerDesc: '0 * * * * * *' });
    timersOf('reconcileBills').length = 0;
    standIn.failures.push({
      action: 'BatchCreateTrigger',
      about: 'queryOrders',
      code: 'ResourceInUse.Trigger',
    });
    const { code, output } = await deploy();
    expect(timersOf('reconcileBills')).toHaveLength(1);
    expect(output).toMatch(/^way out .*delete the trigger in the console .*queryOrders/m);
    expect(output).toMatch(/^!= +queryOrders timer queryOrders .* 0 \* \* \* \* \* \*$/m);
    expect(output).toMatch(/\b1 of \d+ not as wanted/);
    expect(code).toBe(1);
  });

  test.for([
    { what: 'shown late is waited for', late: 4, ignored: [], code: 0 },
    {
      what: 'never shown is sent once, and the rest is deployed',
      late: 0,
      ignored: ['ModifyHTTPServiceRoute'],
      code: 1,
    },
  ])('of none, but a changed route that is $what', async ({ late, ignored, code }, context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    const createOrder = standIn.account.functions.get('createOrder');
    const [route] = standIn.account.domains[1]?.Routes ?? [];
    if (!createOrder || !route) throw new Error('not deployed');
    createOrder.timeout = 3;
    route.EnableAuth = true;
    standIn.account.routesLate = late;
    standIn.ignored.push(...ignored);
    const outcome = await deploy();
    const sent = standIn.changes.filter(({ action }) => action === 'ModifyHTTPServiceRoute');
    expect(sent).toHaveLength(1);
    expect(createOrder.timeout).toBe(20);
    expect(outcome.code).toBe(code);
  });

  test('of none, but a new route that is never shown leaves only createOrder', async (context) => {
    const { standIn, deploy } = await setUp(context);
    standIn.ignored.push('CreateHTTPServiceRoute');
    const { code, output } = await deploy();
    const sent = standIn.changes.filter(({ action }) => action === 'CreateHTTPServiceRoute');
    expect(sent).toHaveLength(functions.filter(({ route }) => route).length);
    expect(functions.map(({ name }) => name).filter((name) => !standIn.account.functions.has(name))).toEqual([
      'createOrder',
    ]);
    expect(output).toMatch(/^!= +payNotify route .* missing$/m);
    expect(code).toBe(1);
  });

  test('leaves no collection open to shoppers', async (context) => {
    const { standIn, deploy } = await setUp(context);
    standIn.failures.push({ action: 'UpdateTable', code: 'ResourceUnavailable.IndexOptionsConflict' });
    expect((await deploy()).code).toBe(1);
    const rules = [...standIn.account.collections.values()].map(({ rule }) => rule.Permission);
    expect(rules).toEqual(collections.map(() => 'CUSTOM'));
  });

  test('of an update, which the vendors only warn of, is found by reading back', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    const createOrder = standIn.account.functions.get('createOrder');
    Object.assign(createOrder ?? {}, { timeout: 3 });
    standIn.ignored.push('UpdateFunctionConfiguration');
    const { code, output } = await deploy();
    expect(output).toMatch(/!= +createOrder limits +20 s, 256 MB +3 s, 256 MB/);
    expect(output).toMatch(/\b1 of \d+ not as wanted/);
    expect(code).toBe(1);
  });

  test('never makes the library delete a function that is in the way', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    vi.spyOn(console, 'warn')
      .mockImplementationOnce(() => {})
      .mockImplementationOnce(() => {}); // the library's own remarks
    Object.assign(standIn.account.functions.get('checkOrder') ?? {}, { status: 'CreateFailed' });
    standIn.failures.push({
      action: 'GetFunction',
      about: 'checkOrder',
      code: 'ResourceNotFound.FunctionName',
      times: 1,
    });
    const { code, output } = await deploy();
    expect(output).toContain('Could not create function checkOrder');
    expect(code).toBe(1);
    expect(standIn.account.functions.has('checkOrder')).toBe(true);
  });

  test('that quotes a key does not bring it to the terminal', async (context) => {
    const { standIn, deploy } = await setUp(context);
    standIn.failures.push({
      action: 'CreateFunction',
      code: 'InvalidParameterValue',
      message: `bad value ${API_KEY}`,
    });
    const { output } = await deploy();
    expect(output).toContain('bad value (secret)');
    expect(output).not.toContain(API_KEY);
  });

  test('of ours, to create orders before notices have somewhere to go, names the way out', async (context) => {
    const { standIn, deploy } = await setUp(context);
    const { code, output } = await deploy('--only', 'createOrder');
    expect(output).toContain('createOrder needs WECHAT_PAY_NOTIFY_URL');
    expect(output).toContain('--only payNotify');
    expect(standIn.changes).toEqual([]);
    expect(code).toBe(1);
  });

  test('to know the environment is explained', async (context) => {
    const { deploy } = await setUp(context);
    const { code, output } = await deploy('--env', 'other-4d5e6f');
    expect(output).toContain('There is no environment other-4d5e6f for this key');
    expect(output).toContain('Compare CLOUDBASE_ENV_ID (or --env)');
    expect(code).toBe(1);
  });

  test('of the signature, because the key is wrong, is explained', async (context) => {
    const { deploy } = await setUp(context, {
      variables: { ...VARIABLES, TENCENTCLOUD_SECRETKEY: 'not-the-key' },
    });
    const { code, output } = await deploy();
    expect(output).toContain('AuthFailure.SignatureFailure');
    expect(output).toContain('TENCENTCLOUD_SECRETID or TENCENTCLOUD_SECRETKEY is wrong');
    expect(code).toBe(1);
  });

  test('to answer at all is explained too', async (context) => {
    const { standIn, deploy } = await setUp(context);
    await standIn.dispose();
    const { code, output } = await deploy();
    expect(output).toMatch(/Tencent Cloud could not be reached/);
    expect(code).toBe(1);
  });
});

const { WECHAT_PAY_API_KEY: _, ...WITHOUT_KEY } = VARIABLES;

describe('before anything is sent', () => {
  test.for([
    {
      name: 'an undefined variable',
      file: renderEnv(WITHOUT_KEY),
      reported: /WECHAT_PAY_API_KEY: is missing/,
    },
    {
      name: 'a value of several lines',
      file: `${renderEnv(WITHOUT_KEY)}WECHAT_PAY_API_KEY="0123456789abcdef\n0123456789abcdef"\n`,
      reported: /WECHAT_PAY_API_KEY: has several lines/,
    },
    { name: 'no .env at all', file: '', reported: /TENCENTCLOUD_SECRETID: is missing/ },
  ])('$name is refused', async ({ file, reported }, context) => {
    const { standIn, project, deploy } = await setUp(context);
    await project.write('.env', file);
    const { code, output } = await deploy();
    expect(output).toMatch(reported);
    expect(output).toContain('Nothing was sent');
    expect(standIn.calls).toEqual([]);
    expect(code).toBe(1);
  });

  test.for([
    { path: 'dist/cloudfunctions/payNotify/.env', reported: /\.env does not belong in an uploaded folder/ },
    {
      path: 'dist/cloudfunctions/createOrder/apiclient_key.pem',
      reported: /apiclient_key\.pem does not belong/,
    },
    { path: 'dist/cloudfunctions/createOrder/index.test.js', reported: /index\.test\.js does not belong/ },
  ])('$path is refused', async ({ path, reported }, context) => {
    const { standIn, project, deploy } = await setUp(context);
    await project.write(path, 'secret');
    const { code, output } = await deploy();
    expect(output).toMatch(reported);
    expect(standIn.calls).toEqual([]);
    expect(code).toBe(1);
  });

  test.for([
    { args: ['--dryrun'], reported: /Unknown option '--dryrun'/ },
    { args: ['--only', 'paynotify'], reported: /--only takes one of: products, users/ },
  ])('$args is refused', async ({ args, reported }, context) => {
    const { standIn, deploy } = await setUp(context);
    const { code, output } = await deploy(...args);
    expect(output).toMatch(reported);
    expect(standIn.calls).toEqual([]);
    expect(code).toBe(1);
  });
});
