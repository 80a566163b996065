import { checkVariables } from '../deploy/check/check-variables.ts';
import { openCloud } from '../deploy/cloud/open-cloud.ts';
import { readEnvFile } from '../deploy/env-file.ts';
import { DeployError } from '../deploy/errors.ts';
import { discreet } from '../deploy/print.ts';
import { readVariables, secretsOf, type Variables } from '../deploy/variables.ts';
import type { OpsMachine } from './machine.ts';
import type { Call } from './shop.ts';

/** The function of the environment that .env names, called as its administrator. No secret of .env is printed. */
export async function connectCloud(machine: OpsMachine): Promise<Call> {
  const { text } = await readEnvFile(machine.root);
  const { variables } = readVariables(text, machine.processEnvironment);
  checkCredentials(variables);
  const print = discreet(machine.print, secretsOf(variables));
  const cloud = await openCloud(variables, { ...machine, print });
  return (event) => cloud.invoke('operateShop', event);
}

/** What names the environment, and who may act on it. The rest of .env is the functions' own affair. */
const CREDENTIALS = ['CLOUDBASE_ENV_ID', 'TENCENTCLOUD_SECRETID', 'TENCENTCLOUD_SECRETKEY'];

/** @throws DeployError ENV_INCOMPLETE */
function checkCredentials(variables: Variables): void {
  const problems = checkVariables(variables, []).filter(
    ({ name, level }) => level === 'problem' && CREDENTIALS.includes(name),
  );
  if (problems.length === 0) return;
  const message = problems.map((each) => `${each.name} ${each.message}`).join('. ');
  throw new DeployError('ENV_INCOMPLETE', message, { wayOut: 'Copy .env.example to .env and fill it in' });
}
