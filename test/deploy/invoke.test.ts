import { expect, test } from 'vitest';
import { openCloudOf, setUpDeployed } from './set-up.ts';

test('a deployed function is called with an event, and what it returns comes back', async (context) => {
  const { standIn, project, deploy } = await setUpDeployed(context);
  await project.write(
    'dist/cloudfunctions/checkOrder/index.js',
    'exports.main = async (event) => [event];\n',
  );
  await deploy();
  const cloud = await openCloudOf(standIn);
  expect(await cloud.invoke('checkOrder', { ask: '付款' })).toEqual([{ ask: '付款' }]);
});

test('a function that throws is an error with what it said, and where its logs are', async (context) => {
  const { standIn, project, deploy } = await setUpDeployed(context);
  const throwing = 'exports.main = async () => { throw new Error("no\\nconnection"); };\n';
  await project.write('dist/cloudfunctions/checkOrder/index.js', throwing);
  await deploy();
  const cloud = await openCloudOf(standIn);
  await expect(cloud.invoke('checkOrder', {})).rejects.toMatchObject({
    code: 'FUNCTION_FAILED',
    message: expect.stringMatching(/^Could not call function checkOrder: .*no connection$/),
    wayOut: expect.stringContaining('checkOrder, Logs'),
  });
});
