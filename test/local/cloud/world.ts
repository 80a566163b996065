import { WorldClock } from '../../../scripts/local/clock.ts';
import { type Cloud, type CloudOptions, createCloud } from '../../../scripts/local/cloud/cloud.ts';
import { type CloudServer, serveCloud } from '../../../scripts/local/cloud/server.ts';
import { Trace } from '../../../scripts/local/trace.ts';
import type { CollectionManifest, IndexManifest } from '../../../scripts/manifest.ts';
import { type Database, loadSdk, type Sdk } from './wx-server-sdk.ts';

export const BIRTH = Date.UTC(2027, 0, 1);

export interface TestWorld {
  readonly clock: WorldClock;
  readonly trace: Trace;
  readonly cloud: Cloud;
}

/** A world of one collection, `things`, whose clock moves only by `advance`. */
export async function smallWorld({
  indexes = [],
  ...options
}: Partial<CloudOptions> & { indexes?: CollectionManifest['indexes'] } = {}): Promise<TestWorld> {
  const clock = options.clock ?? new WorldClock({ source: () => BIRTH });
  const trace = new Trace(() => clock.now());
  const cloud = createCloud({
    clock,
    trace,
    random: Math.random,
    envId: 'local-test',
    warn: false,
    ...options,
  });
  await cloud.declare([{ name: 'things', indexes, rule: { read: false, write: false } }]);
  return { clock, trace, cloud };
}

export function index(name: string, fields: readonly string[], unique = false): IndexManifest {
  return { name, keys: fields.map((field) => [field, 1] as const), unique };
}

/** The unmodified wx-server-sdk of this project, pointed at a cloud by nothing but the printed environment. */
export async function onTheWire(cloud: Cloud): Promise<{ server: CloudServer; sdk: Sdk; db: Database }> {
  const server = await serveCloud({ cloud });
  Object.assign(process.env, server.env);
  const sdk = loadSdk();
  sdk.init({ env: cloud.envId });
  return { server, sdk, db: sdk.database() };
}
