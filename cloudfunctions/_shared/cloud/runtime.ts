import { randomBytes } from 'node:crypto';
import type { Logger } from '../order/ports.ts';
import type { Post } from '../robot/robot.ts';
import type { Transport } from '../wechatpay/client.ts';
import { type AccessTokens, createAccessTokens } from '../weixin/access-token.ts';
import { createManagedApps, type ManagedApps } from '../weixin/managed-apps.ts';
import type { Transport as WeixinTransport } from '../weixin/transport.ts';
import type { MerchantConfig, Variables } from './config.ts';
import { type Database, wrapDatabase } from './database/database.ts';
import { loadSdk, type Sdk } from './database/sdk.ts';
import { type Identity, identityFromWXContext, identityOf } from './functions/identity.ts';
import { createTransport } from './http.ts';
import { createLogger } from './log.ts';
import { pooledRandom } from './pooled-random.ts';
import type { RobotConfig } from './robot-config.ts';
import { createRobotPost } from './robot-http.ts';
import { realTimers, type Timers } from './timers.ts';
import type { WeixinConfig } from './virtual-pay-config.ts';
import { createWeixinTransport } from './weixin-http.ts';

/** Everything a function needs that is not a rule of ours. A test builds a function on a runtime of its own. */
export interface Runtime {
  readonly clock: { now(): Date };
  readonly timers: Timers;
  readonly random: (bytes: number) => Buffer;
  readonly variables: Variables;
  readonly logger: Logger;
  /** The way to WeChat Pay. */
  readonly transport: (config: MerchantConfig) => Transport;
  /** The way to api.weixin.qq.com, the tokens that it takes there, and what was asked there; all are kept from call to call. */
  readonly weixin: (config: WeixinConfig) => Weixin;
  /** The way to the robot of the merchant's group chat. */
  readonly robot: (config: RobotConfig) => Post;
  /** The cloud database; whatever opening it takes happens the first time. */
  readonly database: () => Promise<Database>;
  /** Who makes this call. */
  readonly identity: (context: unknown) => Promise<Identity>;
}

interface Weixin {
  readonly transport: WeixinTransport;
  readonly tokens: AccessTokens;
  readonly managed: ManagedApps;
}

/** What a function lives on: the process of a deployed one, or a simulation's. Time, timers and chance are its own. */
export interface Platform extends Pick<Runtime, 'clock' | 'timers' | 'random' | 'variables'> {
  /** A number from 0 up to 1, for what needs no secret. */
  readonly chance: () => number;
  readonly write: (line: string) => void;
  readonly loadSdk: () => Promise<Sdk>;
  readonly connect: (config: MerchantConfig) => Transport;
  readonly connectWeixin: (config: WeixinConfig) => WeixinTransport;
  readonly connectRobot: (config: RobotConfig) => Post;
}

/** The runtime of a deployed function. It is built once an instance; connections and the SDK are kept from call to call. */
export function platformRuntime(): Runtime {
  const clock = { now: () => new Date() };
  return runtimeOn({
    clock,
    timers: realTimers,
    random: pooledRandom(randomBytes),
    variables: process.env,
    chance: Math.random,
    write: (line) => console.log(line),
    loadSdk,
    connect: ({ timeout_ms, base_url, certificate }) =>
      createTransport({
        timeout_ms,
        certificate,
        timers: realTimers,
        clock,
        ...(base_url === undefined ? {} : { urls: [base_url] }),
      }),
    connectWeixin: (config) => createWeixinTransport({ ...config, timers: realTimers, clock }),
    connectRobot: (config) => createRobotPost(config, realTimers),
  });
}

export function runtimeOn({ clock, timers, random, variables, ...platform }: Platform): Runtime {
  const sdk = keep(platform.loadSdk);
  const rests = { random: platform.chance, timers };
  const transports = new Map<string, Transport>();
  const weixin = new Map<string, Weixin>();
  return {
    clock,
    timers,
    random,
    variables,
    logger: createLogger({ now: clock.now, write: platform.write }),
    database: keep(async () => wrapDatabase((await sdk()).database(), rests)),
    transport(config) {
      const key = `${config.base_url ?? ''} ${config.timeout_ms}`;
      const transport = transports.get(key) ?? platform.connect(config);
      transports.set(key, transport);
      return transport;
    },
    weixin(config) {
      const key = `${config.origin} ${config.timeout_ms}`;
      const known = weixin.get(key) ?? {
        transport: platform.connectWeixin(config),
        tokens: createAccessTokens(),
        managed: createManagedApps(),
      };
      weixin.set(key, known);
      return known;
    },
    robot: platform.connectRobot,
    identity: async (context) => identityOf(context) ?? identityFromWXContext((await sdk()).getWXContext()),
  };
}

function keep<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => {
    // What failed once is made again: an instance must not be lost to one bad moment.
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
