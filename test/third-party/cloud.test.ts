import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WorldClock } from '../../scripts/local/clock.ts';
import { type Cloud, createCloud } from '../../scripts/local/cloud/cloud.ts';
import { FunctionError } from '../../scripts/local/cloud/functions/function-error.ts';
import { type CloudServer, serveCloud } from '../../scripts/local/cloud/server.ts';
import { Trace } from '../../scripts/local/trace.ts';
import { collections } from '../../scripts/manifest.ts';
import { isInstalled } from './installed.ts';

let cloud: Cloud;
let server: CloudServer;

beforeEach(async () => {
  const clock = new WorldClock();
  const trace = new Trace(() => clock.now());
  const options = { clock, trace, random: Math.random, envId: 'local-third-party', warn: false } as const;
  const invokeFunction = async (name: string, data: unknown) => {
    if (name === 'echo') return data;
    throw new FunctionError('FUNCTIONS_EXECUTE_FAIL', `${name} fell over`);
  };
  cloud = createCloud({ ...options, invokeFunction });
  cloud.openapi.on('subscribeMessage.send', () => ({ errcode: 0, errmsg: 'ok' }));
  cloud.openapi.on('cloudPay.unifiedOrder', () => ({ return_code: 'SUCCESS', prepay_id: 'p1' }));
  await cloud.declare(collections);
  server = await serveCloud({ cloud });
});

afterEach(async () => {
  await server.dispose();
  await cloud.dispose();
});

/** Runs a program as a third party would: its own process, nothing but the printed environment. */
async function run(program: string, ...parameters: string[]): Promise<unknown> {
  const path = join(import.meta.dirname, 'programs', program);
  const options = { env: { PATH: process.env.PATH, ...server.env } };
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...parameters], options);
  const saw: unknown = JSON.parse(stdout.slice(stdout.indexOf('{')));
  return saw;
}

/** What every wx-server-sdk shows its caller. */
const SEEN = {
  added: 'n1',
  read: { _id: 'n1', state: 'NOTPAY', fee: 100, created: '2023-11-14T22:13:20.000Z', tags: ['new'] },
  again: [-502001, true],
  paid: [1, 0],
  user: { _id: 'u1', spent: 100 },
  rollback: 'changed my mind',
  found: [
    { _id: 'n2', fee: 50 },
    { _id: 'n1', fee: 100 },
  ],
  sum: [{ _id: null, sum: 150 }],
  regexp: 1,
  removed: 1,
  missing: -502005,
  madeTwice: true,
  batch: ['a', 'b'],
  replaced: { updated: 1, created: 0 },
  after: { _id: 'a', m: 2 },
  offset: 60_000,
  gone: [1, 0],
  over: 'DATABASE_TRANSACTION_FAIL',
  counted: 2,
  called: { said: '你好' },
  failed: true,
  sent: 0,
  ordered: ['SUCCESS', 'p1'],
  file: [0, 255, 13, 10, 1],
  urls: [0],
  deleted: [0, -503003],
  badPath: true,
};

test('a program with wx-server-sdk 4.0.2 works', async () => {
  expect(await run('wx-server-sdk.cjs', createRequire(import.meta.url).resolve('wx-server-sdk'))).toEqual(
    SEEN,
  );
});

test.skipIf(!isInstalled('wx-server-sdk-3'))('a program with wx-server-sdk 3.0.4 works', async () => {
  expect(await run('wx-server-sdk.cjs', 'wx-server-sdk-3')).toEqual(SEEN);
});

test.skipIf(!isInstalled('wx-server-sdk-2'))('a program with wx-server-sdk 2.6.3 works', async () => {
  expect(await run('wx-server-sdk.cjs', 'wx-server-sdk-2')).toEqual(SEEN);
});

test.skipIf(!isInstalled('@cloudbase/node-sdk'))('a program with @cloudbase/node-sdk works', async () => {
  expect(await run('node-sdk.cjs')).toEqual({
    added: 'n1',
    read: [{ _id: 'n1', state: 'NOTPAY', fee: 100 }],
    again: 'DATABASE_REQUEST_FAILED',
    returned: { _id: 'n1', state: 'NOTPAY', fee: 101 },
    conflict: 'DATABASE_TRANSACTION_CONFLICT',
    kept: 1,
    removed: 1,
  });
});
