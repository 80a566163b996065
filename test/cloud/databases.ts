import { createRequire } from 'node:module';
import type { Database } from '../../cloudfunctions/_shared/cloud/database/database.ts';
import { wrapDatabase } from '../../cloudfunctions/_shared/cloud/database/database.ts';
import { loadSdk } from '../../cloudfunctions/_shared/cloud/database/sdk.ts';
import { realTimers } from '../../cloudfunctions/_shared/cloud/timers.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import { Cloud } from '../../scripts/local/cloud/cloud.ts';
import { serveCloud } from '../../scripts/local/cloud/server.ts';
import { Trace } from '../../scripts/local/trace.ts';
import { collections } from '../../scripts/manifest.ts';

const RESTS = { random: Math.random, timers: realTimers };

/** A database of floor 2 and the cloud behind it. */
export interface OpenDatabase {
  readonly database: Database;
  readonly cloud: Cloud;
  close(): Promise<void>;
}

/** A local cloud with the collections of the manifest, and nothing in them. */
async function emptyCloud(clock: WorldClock): Promise<Cloud> {
  const cloud = new Cloud({ clock, random: Math.random, trace: new Trace(() => clock.now()), envId: 'test' });
  await cloud.declare(collections);
  return cloud;
}

/** The SDK as it is deployed, over a socket. */
export async function overHttp(clock = new WorldClock()): Promise<OpenDatabase> {
  const cloud = await emptyCloud(clock);
  const server = await serveCloud({ cloud });
  Object.assign(process.env, server.env);
  const sdk = await loadSdk();
  const close = async () => {
    await server.dispose();
    await cloud.dispose();
  };
  return { database: wrapDatabase(sdk.database(), RESTS), cloud, close };
}

/**
 * The SDK with its serializer and its error mapping, and no socket: what it would send is handed to the cloud.
 * @param away waits for as long as a call is on its way, for a measurement
 */
export async function inProcess(
  clock = new WorldClock(),
  away?: () => Promise<unknown>,
): Promise<OpenDatabase> {
  const cloud = await emptyCloud(clock);
  Object.assign(process.env, {
    TENCENTCLOUD_RUNENV: 'SCF',
    SCF_NAMESPACE: 'test',
    TENCENTCLOUD_REGION: 'local',
  });
  Object.assign(process.env, { TENCENTCLOUD_SECRETID: 'local', TENCENTCLOUD_SECRETKEY: 'local' });
  const sdk = (await loadSdk()).database();
  const require = createRequire(import.meta.url);
  const { Db } = createRequire(require.resolve('@cloudbase/node-sdk'))('@cloudbase/database');
  // Opening the database set the request class that speaks HTTP; every query takes the class that is set there then.
  Db.reqClass = class {
    async send(action: string, parameters: object) {
      await away?.();
      return cloud.dispatch(JSON.parse(JSON.stringify({ ...parameters, action })));
    }
  };
  return { database: wrapDatabase(sdk, RESTS), cloud, close: () => cloud.dispose() };
}
