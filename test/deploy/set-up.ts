import { expect, type TestContext } from 'vitest';
import { type Outcome, Project, VARIABLES } from './project.ts';
import { StandIn } from './stand-in.ts';
import { type Account, emptyAccount } from './stand-in-account.ts';

export interface Scene {
  readonly standIn: StandIn;
  readonly project: Project;
  /** `npm run deploy` without the question, in the project, against the stand-in. */
  readonly deploy: (...args: readonly string[]) => Promise<Outcome>;
}

/** An empty environment and a project beside it, gone after the test. Whatever happened, nothing was ever deleted. */
export async function setUp(
  { onTestFinished }: TestContext,
  { variables = VARIABLES, account = emptyAccount() } = {},
): Promise<Scene> {
  const standIn = await StandIn.start(account);
  const project = await Project.create(variables);
  onTestFinished(async () => {
    await Promise.all([standIn.dispose(), project.dispose()]);
    expect(standIn.calls.filter(({ action }) => /Delete|Drop|Destroy|Remove/.test(action))).toEqual([]);
  });
  return { standIn, project, deploy: (...args) => project.run('deploy.ts', ['--yes', ...args], standIn) };
}

/** The same after a first deployment, which every test of what comes later starts from. */
export async function setUpDeployed(context: TestContext): Promise<Scene> {
  deployed ??= deployOnce();
  return setUp(context, { account: structuredClone(await deployed) });
}

let deployed: Promise<Account> | undefined;

async function deployOnce(): Promise<Account> {
  const standIn = await StandIn.start();
  const project = await Project.create();
  const { code, output } = await project.run('deploy.ts', ['--yes'], standIn);
  await Promise.all([standIn.dispose(), project.dispose()]);
  if (code !== 0) throw new Error(output);
  return standIn.account;
}
