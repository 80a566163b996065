import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { product, VARIABLES } from './project.ts';
import { setUp, setUpDeployed } from './set-up.ts';
import type { StandIn } from './stand-in.ts';
import { DEFAULT_DOMAIN } from './stand-in-account.ts';
import { filesOf } from './stand-in-code.ts';

const CODE = zipSync({ 'index.js': strToU8("exports.main = async () => 'theirs';\n") });

/** A function that is there before the first deployment. */
function make({ account }: StandIn, name: string, variables: Readonly<Record<string, string>> = {}) {
  const made = {
    runtime: 'Nodejs18.15',
    handler: 'index.main',
    timeout: 3,
    memorySize: 128,
    installDependency: 'TRUE',
    variables: Object.entries(variables).map(([Key, Value]) => ({ Key, Value })),
    zip: CODE,
    status: 'Active',
    pending: 0,
    triggers: [{ TriggerName: name, Type: 'timer', TriggerDesc: '0 0 1 * * * *', Enable: 1 }],
  };
  account.functions.set(name, made);
  return made;
}

describe("in an environment that is in use, a function of its owner's with a name of ours", () => {
  test('stays as it is and is reported, while the rest is deployed', async (context) => {
    const { standIn, deploy } = await setUp(context);
    const theirs = [make(standIn, 'createOrder', { WECHAT_PAY_API_KEY: 'theirs' }), make(standIn, 'doctor')];
    const before = structuredClone(theirs);
    standIn.account.functionRules = '{"*":{"invoke":true},"doctor":{"invoke":true}}';
    const { code, output } = await deploy();
    expect(output).toMatch(/createOrder function +a function of your own +ours +by hand$/m);
    expect(output).toMatch(
      /^- doctor is a function of your own, .*another environment \(--env\), or say --take-over/m,
    );
    expect(theirs).toEqual(before.map((each) => ({ ...each, pending: expect.any(Number) })));
    expect(JSON.parse(standIn.account.functionRules)).toMatchObject({
      '*': { invoke: true },
      doctor: { invoke: true },
      payNotify: { invoke: false },
    });
    expect(JSON.parse(standIn.account.functionRules)).not.toHaveProperty('createOrder');
    expect(standIn.account.functions.get('checkOrder')?.status).toBe('Active');
    expect(code).toBe(1);
  });

  test('is given no address on the internet', async (context) => {
    const { standIn, deploy } = await setUp(context);
    make(standIn, 'payNotify');
    const { code, output } = await deploy();
    const routes = standIn.account.domains.flatMap(({ Routes }) => Routes);
    expect(routes.map(({ UpstreamResourceName }) => UpstreamResourceName)).toEqual(['refundNotify']);
    expect(output).toMatch(/^- createOrder is left for later/m);
    expect(code).toBe(1);
  });

  test('keeps its own address', async (context) => {
    const { standIn, deploy } = await setUp(context);
    make(standIn, 'payNotify');
    const route = {
      Path: '/payNotify',
      UpstreamResourceType: 'SCF',
      UpstreamResourceName: 'payNotify',
      EnableAuth: true,
      Enable: true,
    };
    standIn.account.domains.find(({ Domain }) => Domain === DEFAULT_DOMAIN)?.Routes.push(route);
    const { output } = await deploy();
    expect(route.EnableAuth).toBe(true);
    expect(output).not.toContain('Notify URL:');
  });

  test('is replaced with --take-over, which leaves its own variables', async (context) => {
    const { standIn, deploy } = await setUp(context);
    const theirs = make(standIn, 'createOrder', { TZ: 'Asia/Shanghai' });
    theirs.triggers.length = 0;
    const { code, output } = await deploy('--take-over');
    expect(output).toMatch(/^ok +createOrder code/m);
    expect(filesOf(theirs.zip)).toContain('sdk.js');
    expect(theirs.variables).toContainEqual({ Key: 'TZ', Value: 'Asia/Shanghai' });
    expect(code).toBe(0);
  });
});

describe('what earlier releases deployed is upgraded without being asked for:', () => {
  test('the one file of 0.1.0, by its variables', async (context) => {
    const { standIn, deploy } = await setUp(context);
    const { WECHAT_PAY_MCH_ID = '', WECHAT_PAY_API_KEY = '' } = VARIABLES;
    const earlier = make(standIn, 'queryOrders', { WECHAT_PAY_MCH_ID, WECHAT_PAY_API_KEY });
    const { code } = await deploy();
    expect(filesOf(earlier.zip)).toContain('sdk.js');
    expect(code).toBe(0);
  });

  test('a function that has no variables, by its files', async (context) => {
    const { standIn, project, deploy } = await setUpDeployed(context);
    const serveDesk = standIn.account.functions.get('serveDesk');
    const before = serveDesk?.zip;
    expect(serveDesk?.variables).toEqual([]);
    await project.write('dist/cloudfunctions/serveDesk/index.js', "exports.main = async () => 'newer';\n");
    expect((await deploy()).code).toBe(0);
    expect(serveDesk?.zip).not.toEqual(before);
  });
});

describe('a collection with another rule', () => {
  const users = () => ({
    indexes: [],
    documents: new Map([['o1', { _id: 'o1' }]]),
    rule: { Permission: 'PRIVATE', SecurityRule: '' },
    hidden: 0,
  });
  const warned = /^warning +users: already there with another rule, which is replaced/m;

  test('is warned of before the first deployment', async (context) => {
    const { standIn, deploy } = await setUp(context);
    standIn.account.collections.set('users', users());
    const { output } = await deploy('--dry-run');
    expect(output).toMatch(warned);
    expect(standIn.changes).toEqual([]);
  });

  test('is set again without a warning where we deployed before', async (context) => {
    const { standIn, deploy } = await setUpDeployed(context);
    standIn.account.collections.set('users', users());
    standIn.account.collections.get('products')?.documents.set('own', product('own'));
    const { code, output } = await deploy();
    expect(output).not.toMatch(warned);
    expect(code).toBe(0);
  });
});
