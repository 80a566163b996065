import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { expect, onTestFinished, test } from 'vitest';
import type { Environment } from '../../../scripts/local/cloud/functions/invocation.ts';
import { hostOf, SHOPPER } from './host-world.ts';

/** The SDK as it is published: what it makes of our environment is what counts. */
const SDK = JSON.stringify(createRequire(import.meta.url).resolve('wx-server-sdk'));
const DAY_MS = 86_400_000;

/** A database that is empty, and reports who asked. */
async function emptyDatabase(onCall: (seqId: string) => void): Promise<string> {
  const server = createServer((request, response) => {
    onCall(new URL(request.url ?? '/', 'http://database').searchParams.get('seqId') ?? '');
    request.resume().on('end', () => response.end('{"requestId":"1","data":{"list":[]}}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/admin`;
}

test('wx-server-sdk finds the shopper and the database, and its calls can be distinguished, whatever the time', async () => {
  const askers: (string | undefined)[] = [];
  const url = await emptyDatabase((seqId) => askers.push(host.invocationOf(seqId)?.id));
  const code = `
    const cloud = require(${SDK});
    cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
    exports.main = async (_, context) => {
      await cloud.database().collection('orders').get();
      return { ...cloud.getWXContext(), id: context.request_id };
    };`;
  const { host, clock } = hostOf({ ask: code }, { baseEnv: sdkEnvironment(url) });
  const expected = {
    OPENID: SHOPPER.openid,
    APPID: SHOPPER.appid,
    CLIENTIP: '127.0.0.1',
    ENV: 'local-1',
    SOURCE: 'wx_client',
    id: expect.any(String),
  };
  const first = await host.callFunction('ask', {}, SHOPPER);
  await clock.advance(400 * DAY_MS);
  const second = await host.callFunction('ask', {}, SHOPPER);
  expect([first, second]).toEqual([expected, expected]);
  expect([first, second]).toMatchObject(askers.map((id) => ({ id })));
});

test('a function can be killed while the database works for it', async () => {
  const url = await emptyDatabase((seqId) => killed.push(host.kill(host.invocationOf(seqId)?.id ?? '')));
  const killed: number[] = [];
  const code = `
    const cloud = require(${SDK});
    cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
    exports.main = () => cloud.database().collection('orders').get();`;
  const { host, trace } = hostOf({ ask: code }, { baseEnv: sdkEnvironment(url) });
  await expect(host.callFunction('ask', {}, SHOPPER)).rejects.toMatchObject({
    code: 'FUNCTIONS_EXECUTE_FAIL',
    message: 'SIGKILL',
  });
  expect(killed).toEqual([1]);
  expect(trace.since().map(({ kind }) => kind)).toEqual(['call', 'lost']);
});

function sdkEnvironment(url: string): Environment {
  return {
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-shanghai',
    TENCENTCLOUD_SECRETID: 'local',
    TENCENTCLOUD_SECRETKEY: 'local',
    TENCENTCLOUD_SESSIONTOKEN: 'local',
    SCF_NAMESPACE: 'local-1',
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: url }),
  };
}
