import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { setUpDeployed } from './set-up.ts';
import { SECRET } from './stand-in.ts';

const CLOUDBASERC = fileURLToPath(new URL('../../cloudbaserc.json', import.meta.url));
const TCB = createRequire(import.meta.url).resolve('@cloudbase/cli/bin/tcb');

test('the CLI updates a function by it and leaves its variables and settings alone', async (context) => {
  const { standIn, project, deploy } = await setUpDeployed(context);
  await project.write('cloudbaserc.json', await readFile(CLOUDBASERC, 'utf8'));
  await project.write('dist/cloudfunctions/queryOrders/index.js', "exports.main = async () => 'newer';\n");
  const login = await project.node([TCB, 'login', '--apiKeyId', SECRET.id, '--apiKey', SECRET.key], standIn);
  expect(login.code, login.output).toBe(0);
  const update = await project.node(
    [TCB, 'fn', 'deploy', 'queryOrders', '--yes', '--deployMode', 'zip'],
    standIn,
  );
  expect(update.code, update.output).toBe(0);
  const { changes } = standIn;
  expect(changes.map(({ action }) => action)).toContain('UpdateFunctionCode');

  const { output } = await deploy();
  expect(output).toContain('nothing to change');
});
