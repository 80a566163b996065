import { createRequire } from 'node:module';
import { expect, type TestContext } from 'vitest';
import type { Cloud } from '../../scripts/deploy/cloud/cloud.ts';
import { openCloud } from '../../scripts/deploy/cloud/open-cloud.ts';
import type { Machine } from '../../scripts/deploy/machine.ts';
import { runDeploy } from '../../scripts/deploy/main.ts';
import type { FunctionManifest } from '../../scripts/manifest.ts';
import * as manifest from '../../scripts/manifest.ts';
import { type Outcome, Project, VARIABLES } from './project.ts';
import { StandIn } from './stand-in.ts';
import { type Account, emptyAccount } from './stand-in-account.ts';

// The same shim as in a process of its own, before the vendors' code is used for the first time.
createRequire(import.meta.url)('./shim.cjs');

export interface Scene {
  readonly standIn: StandIn;
  readonly project: Project;
  /**
   * `npm run deploy -- --yes` in the test's process: a tenth of the time of starting one. Everything but the few lines of
   * scripts/deploy.ts is the same. Tests that use it run one after the other.
   */
  readonly deploy: (...args: readonly string[]) => Promise<Outcome>;
}

/** An empty environment and a project beside it, gone after the test. Whatever happened, nothing was ever deleted. */
export async function setUp(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  { variables = VARIABLES, account = emptyAccount() } = {},
): Promise<Scene> {
  const standIn = await StandIn.start(account);
  const project = await Project.create(variables);
  onTestFinished(async () => {
    await Promise.all([standIn.dispose(), project.dispose()]);
    expect(standIn.calls.filter(({ action }) => /Delete|Drop|Destroy|Remove/.test(action))).toEqual([]);
  });
  return { standIn, project, deploy: (...args) => deployHere({ standIn, project }, ['--yes', ...args]) };
}

/** The same after a first deployment, which every test of what comes later starts from. */
export async function setUpDeployed(context: Pick<TestContext, 'onTestFinished'>): Promise<Scene> {
  deployed ??= deployOnce();
  return setUp(context, { account: structuredClone(await deployed) });
}

/** What this process sends to Tencent Cloud goes to that stand-in from now on. */
export function turnTo(standIn: StandIn): void {
  process.env.STAND_IN_PORT = String(standIn.port);
}

export async function deployHere(
  { standIn, project }: Pick<Scene, 'standIn' | 'project'>,
  args: readonly string[],
  {
    functions = manifest.functions,
    wait = () => Promise.resolve(),
    now = () => new Date(),
  }: { readonly functions?: readonly FunctionManifest[] } & Partial<Pick<Machine, 'wait' | 'now'>> = {},
): Promise<Outcome> {
  turnTo(standIn);
  const lines: string[] = [];
  const code = await runDeploy({ ...manifest, functions }, args, {
    root: project.folder,
    processEnvironment: {},
    print: (text) => lines.push(text),
    confirm: undefined,
    wait,
    now,
    fetch: globalThis.fetch,
  });
  return { code, output: lines.join('\n') };
}

/** The way to that stand-in's environment, below the deployment. */
export function openCloudOf(standIn: StandIn): Promise<Cloud> {
  turnTo(standIn);
  const wait = () => Promise.resolve();
  return openCloud(VARIABLES, { wait, processEnvironment: {}, print: () => {} });
}

let deployed: Promise<Account> | undefined;

async function deployOnce(): Promise<Account> {
  const standIn = await StandIn.start();
  const project = await Project.create();
  const { code, output } = await deployHere({ standIn, project }, ['--yes']);
  await Promise.all([standIn.dispose(), project.dispose()]);
  if (code !== 0) throw new Error(output);
  return standIn.account;
}
