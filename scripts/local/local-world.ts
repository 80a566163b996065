import path from 'node:path';
import type { FunctionManifest } from '../manifest.ts';
import type { ApiServer, OwnWorld } from './api-server.ts';
import { WorldClock } from './clock.ts';
import { Cloud } from './cloud/cloud.ts';
import { fileJournal } from './cloud/database/journal-file.ts';
import { FunctionHost } from './cloud/functions/host.ts';
import { Timers } from './cloud/functions/timers.ts';
import { type Gateway, openGateway } from './cloud/http/gateway.ts';
import { type CloudServer, serveCloud } from './cloud/server.ts';
import { folderFiles } from './cloud/storage/file-folder.ts';
import { type ConsoleServer, serveConsole } from './console/console.ts';
import { masked } from './console/mask.ts';
import { type Deployed, fill, ownShop } from './deployed.ts';
import { OwnOrigins } from './guard.ts';
import { phoneBackend } from './phone.ts';
import { openRefundDoor } from './refund-door.ts';
import { createRobot, type LocalRobot, serveRobot } from './robot/robot.ts';
import { keepTrace } from './saved-trace.ts';
import { SavedWorld } from './saved-world.ts';
import { seededRandom } from './seeded-random.ts';
import { type LocalShopper, localShopper } from './shopper.ts';
import { PhoneNetwork } from './simulator/phone-network.ts';
import { createSimulator } from './simulator/simulator.ts';
import type { Shopper } from './simulator/wire.ts';
import { Trace } from './trace.ts';
import { deployedVirtually, startVirtualWorld, VIRTUAL_PAY, type VirtualWorld } from './virtual-world.ts';
import type { LocalVirtualPay } from './virtualpay/virtualpay.ts';
import { serveWeChatPay, type WeChatPayServer } from './wechatpay/server.ts';
import { createWeChatPay, type LocalWeChatPay, type OrderSnapshot } from './wechatpay/wechatpay.ts';
import type { ShippablePayment } from './weixin/shipping.ts';

/** The shop of the local world. Its key is no secret: nothing but this machine knows it. */
export const MERCHANT = {
  appid: 'wx10ca110ca110ca11',
  mch_id: '1230000109',
  api_key: 'thiskeyisonlyforthelocalworld000',
} as const;

/** Three people with a phone. */
export const SHOPPERS = [
  { openid: 'oLocalShopper-Li-000000000001', name: '李雷' },
  { openid: 'oLocalShopper-Wang-0000000002', name: '王芳' },
  { openid: 'oLocalShopper-Chen-0000000003', name: '陈晨' },
] as const;

/** Where the merchant's group chat listens; whoever has the key speaks in it. */
export const ROBOT_KEY = 'local-robot-key-0123456789abcdef';

/** The template of the message by which shoppers are reminded, as the shop has taken it. */
export const REMINDER_TEMPLATE = {
  id: 'local-reminder-template-0123456789abcdefghi',
  title: '会员到期提醒',
  fields: ['thing1', 'time2', 'thing3'],
} as const;

export const ENV_ID = 'local';

/** What is shown nowhere and kept nowhere, whatever field it is in. */
const SECRETS = [MERCHANT.api_key, ROBOT_KEY, VIRTUAL_PAY.app_secret, ...Object.values(VIRTUAL_PAY.app_keys)];

export interface WorldOptions {
  /** Holds `<name>/index.js` for each function, as `npm run build` made them; `dist/cloudfunctions` unless said. */
  readonly functionsDirectory?: string;
  readonly clock?: WorldClock;
  /** The first of a row of ports; 0 takes any that are free. */
  readonly port?: number;
  /** Where documents are kept between runs; without it they live as long as the process. */
  readonly dataDirectory?: string;
  /** Environment variables of the functions, over the local world's own. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Called with what works here and would hurt on the real platform. */
  readonly onWarning?: (message: string) => void;
  /** Who has a phone; the three of SHOPPERS unless said. The first one's phone is shown to begin with. */
  readonly shoppers?: readonly [Shopper, ...Shopper[]];
  /** The mini-program project that the phone in the browser runs; without it there is no phone. */
  readonly project?: string;
  /** The page of the mini-program at which the phone in the console begins; its first one unless said. */
  readonly phonePath?: string;
  /** Through which channel the first products are sold; ordinary WeChat Pay unless said. */
  readonly sellsBy?: 'virtualpay';
  /** Everything that is left to chance (numbers, delays, ids) is the same again for the same seed. */
  readonly seed?: number;
  /** Shoppers are asked after paying whether they want to be reminded before their membership ends; only where this says so. */
  readonly remindsShoppers?: boolean;
  /** WeChat keeps the shop's money until it knows that orders were fulfilled, and the functions tell it; only where this says so. */
  readonly ships?: boolean;
  /** Another project in this shop's place; what is saved in its functions runs from the next call on. */
  readonly deployed?: Deployed;
  /** How often a timer runs at most while the clock is moved over a long time; 60 times unless said. */
  readonly timerRunsPerJumpMax?: number;
  /** Called once with each element or API that the mini-program asks for and the phone has not, and the page or component that asked. */
  readonly onMissing?: (name: string, usedBy: string) => void;
  /** Called with each part as it starts. */
  readonly onProgress?: (part: string, url?: string) => void;
}

/** Everything that is usually in the cloud and at WeChat, on this machine. */
export interface LocalWorld extends VirtualWorld {
  readonly clock: WorldClock;
  readonly trace: Trace;
  readonly cloud: Cloud;
  readonly cloudServer: CloudServer;
  readonly host: FunctionHost;
  readonly timers: Timers;
  readonly gateway: Gateway;
  readonly wechatpay: LocalWeChatPay;
  readonly wechatpayServer: WeChatPayServer;
  readonly robot: LocalRobot;
  readonly robotServer: ApiServer;
  readonly console: ConsoleServer;
  /** The phone in the browser, where a project was given. */
  readonly phone?: { readonly url: string };
  /**
   * A shopper of this world, for tests and scripts.
   * @param name one of `shoppers`; the first unless said
   * @throws Error when nobody here has that name
   */
  shopper(name?: string): LocalShopper;
  /** Ends every child process and closes every port. */
  close(): Promise<void>;
}

/** @throws NodeJS.ErrnoException EADDRINUSE when a port is taken; whatever was started by then is stopped again */
export async function startLocalWorld(options: WorldOptions = {}): Promise<LocalWorld> {
  const closing: (() => unknown)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    return { ...(await start(options, closing)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every part says in `closing` how it ends, as soon as it runs. */
async function start(options: WorldOptions, closing: (() => unknown)[]): Promise<Omit<LocalWorld, 'close'>> {
  const { clock = new WorldClock(), port = 0 } = options;
  const { shoppers = SHOPPERS, onProgress = () => {} } = options;
  const random = options.seed === undefined ? Math.random : seededRandom(options.seed);
  const portAt = (place: number) => (port === 0 ? 0 : port + place);
  closing.push(() => clock.dispose());
  const trace = new Trace(
    () => clock.now(),
    () => clock.offset,
  );
  const origins = new OwnOrigins();
  const own = { origins, invocationAt: (port: number) => host.invocationAt(port) };
  const { appid, mch_id, api_key } = MERCHANT;

  const { dataDirectory } = options;
  const invocationOf = (id: string | undefined) => host.running.find((invocation) => invocation.id === id);
  // First of all: it refuses data that another world is using, before anything of them is read or sent.
  const cloud = new Cloud({
    clock,
    random,
    trace,
    envId: ENV_ID,
    ...(dataDirectory !== undefined && {
      journal: fileJournal(path.join(dataDirectory, 'database')),
      files: folderFiles(path.join(dataDirectory, 'files')),
    }),
    warn: options.onWarning ?? false,
    invokeFunction: (name, data, { invocation }) =>
      host.callFromFunction(name, Object(data), invocationOf(invocation)),
    killInvocation: (invocation) => host.kill(invocation),
  });
  closing.push(() => cloud.dispose());

  const saved = dataDirectory === undefined ? undefined : new SavedWorld(dataDirectory);
  if (saved) closing.push(() => saved.close());
  // Before anything is scheduled: the time that passed while the world was off is nobody's.
  if (saved) clock.begin(saved.offset);
  if (dataDirectory !== undefined)
    closing.push(keepTrace(trace, dataDirectory, (payload) => masked(payload, SECRETS)));
  const merchants = [{ mch_id, api_key, appids: [appid] }];
  const orders = saved?.orders ?? [];
  const onChange = (order: object) => saved?.saveOrder(order);
  const wechatpay = createWeChatPay({ clock, random, trace, merchants, orders, onChange });
  if (saved) closing.push(trace.subscribe(() => saved.saveOffset(clock.offset)));
  const wechatpayServer = await serveWeChatPay(wechatpay, portAt(4), own);
  closing.push(() => wechatpayServer.close());
  onProgress('WeChat Pay', wechatpayServer.url);

  const virtualWorld = await startVirtualWorld({
    ...{ clock, random, trace, appid, saved, origins, port: portAt(5) },
    host: () => host,
    paymentOf: (merchant, out_trade_no) => paymentOf(wechatpay.order(merchant, out_trade_no)),
  });
  const { weixin, virtualpay, weixinServer } = virtualWorld;
  closing.push(() => weixinServer.close());
  weixin.subscriptions.addTemplate(REMINDER_TEMPLATE);
  weixin.shipping.isManaged = options.ships ?? false;
  onProgress('WeChat', weixinServer.url);

  const robot = createRobot({ clock, trace, key: ROBOT_KEY });
  const robotServer = await serveRobot(robot, portAt(6), own);
  closing.push(() => robotServer.close());
  onProgress('group chat', robotServer.url);

  const deployed = options.deployed ?? (await shop(options, virtualpay));
  await fill(cloud, deployed);
  const functionOf = (invocation: string) => invocationOf(invocation)?.functionName;
  const cloudServer = await serveCloud({ cloud, port: portAt(2), functionOf, origins });
  closing.push(() => cloudServer.dispose());
  onProgress('CloudBase', cloudServer.url);

  const variables: Record<string, string> = {
    WECHAT_PAY_MCH_ID: mch_id,
    WECHAT_PAY_API_KEY: api_key,
    WECHAT_PAY_BASE_URL: wechatpayServer.url,
    WEIXIN_APP_SECRET: VIRTUAL_PAY.app_secret,
    VIRTUAL_PAY_OFFER_ID: VIRTUAL_PAY.offer_id,
    VIRTUAL_PAY_APP_KEY: VIRTUAL_PAY.app_keys[0],
    WEIXIN_API_ORIGIN: weixinServer.url,
    ALARM_WEBHOOK_URL: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${ROBOT_KEY}`,
    ALARM_WEBHOOK_ORIGIN: robotServer.url,
    ...(options.remindsShoppers && {
      REMINDER_TEMPLATE_ID: REMINDER_TEMPLATE.id,
      REMINDER_FIELDS: 'thing1=name,time2=end,thing3=note',
    }),
    ...(options.ships && { UPLOAD_SHIPPING_INFO: 'on' }),
    ...deployed.variables,
    ...options.variables,
  };
  const { functionsDirectory: directory, functions } = deployed;
  // Refunds want TLS with certificates on both sides; nobody waits for those before a function that may refund is called.
  let secured: Promise<void> | undefined;
  const prepare = ({ environment }: FunctionManifest) => {
    if (!environment.includes('WECHAT_PAY_CERT')) return undefined;
    secured ??= secureRefunds(wechatpay, { own, closing, variables });
    return secured;
  };
  const host = new FunctionHost({
    clock,
    trace,
    functions,
    directory,
    envId: ENV_ID,
    baseEnv: cloudServer.env,
    variables,
    prepare,
  });
  closing.push(() => host.close());
  const gateway = await openGateway({ host, functions, envId: ENV_ID, port: portAt(3), origins });
  closing.push(() => gateway.close());
  // Only now is it known where payNotify can be reached; no function has started yet.
  variables.WECHAT_PAY_NOTIFY_URL ??= `${gateway.url}/payNotify`;
  onProgress('HTTP access', gateway.url);

  const { timerRunsPerJumpMax: runsPerJumpMax } = options;
  const timers = new Timers({
    ...{ clock, host, directory },
    ...(runsPerJumpMax === undefined ? {} : { runsPerJumpMax }),
  });
  closing.push(() => timers.dispose());
  onProgress('functions', functions.map(({ name }) => name).join(', '));

  // The phone runs before the console that shows it in a frame.
  const phoneNetwork = new PhoneNetwork();
  let framedBy: readonly string[] = [];
  const phone = options.project === undefined ? undefined : await startPhone(options.project, portAt(1));
  onProgress('phone', phone?.url);
  const console = await serveConsole({
    ...{ clock, trace, cloud, host, timers, wechatpay, weixin, virtualpay, shoppers },
    secrets: SECRETS,
    addresses: {
      cloud: cloudServer.url,
      http: gateway.url,
      wechatpay: wechatpayServer.url,
      weixin: weixinServer.url,
    },
    async reset(name) {
      await cloud.hands.clear(name);
      for (const document of deployed.documents[name] ?? []) await cloud.insert(name, document);
    },
    ...(phone ? { simulatorUrl: phone.url, phoneNetwork } : {}),
    ...(options.phonePath === undefined ? {} : { phonePath: options.phonePath }),
    port: portAt(0),
    origins,
  });
  framedBy = console.origins;
  closing.push(() => console.close());
  onProgress('console', console.url);
  const parts = {
    clock,
    trace,
    cloud,
    cloudServer,
    host,
    timers,
    gateway,
    wechatpay,
    wechatpayServer,
    ...virtualWorld,
    robot,
    robotServer,
    console,
    shopper: (name: string = shoppers[0].name) => localShopper(parts, { openid: openidOf(name), appid }),
  };
  return phone ? { ...parts, phone } : parts;

  function openidOf(wanted: string): string {
    const found = shoppers.find(({ name }) => name === wanted);
    if (!found)
      throw new Error(`Nobody here is called ${wanted}: ${shoppers.map(({ name }) => name).join(', ')}`);
    return found.openid;
  }

  async function startPhone(project: string, at: number): Promise<{ readonly url: string }> {
    const backend = phoneBackend({ host, cloud, wechatpay, ...virtualWorld, appid, shoppers });
    const simulator = createSimulator({
      ...{ project, backend, clock, origins, network: phoneNetwork },
      framedBy: () => framedBy,
      ...(options.onMissing && { onMissing: options.onMissing }),
    });
    closing.push(() => simulator.dispose());
    return simulator.start(at);
  }
}

/** Opens the door for refunds, and gives the functions what they show there, where nothing else was said. */
async function secureRefunds(
  wechatpay: LocalWeChatPay,
  {
    own,
    closing,
    variables,
  }: { own: OwnWorld; closing: (() => unknown)[]; variables: Record<string, string> },
): Promise<void> {
  const door = await openRefundDoor(wechatpay, { mch_id: MERCHANT.mch_id, ...own });
  closing.push(() => door.close());
  for (const [name, value] of Object.entries(door.variables)) variables[name] ??= value;
}

/** A payment of WeChat Pay as the shipping service knows it. */
function paymentOf(order: OrderSnapshot | undefined): ShippablePayment | undefined {
  const { payment, parameters, refunds = [] } = order ?? {};
  if (!payment) return undefined;
  const back = refunds.filter(({ refund_status }) => refund_status === 'SUCCESS');
  const refunded = back.reduce((sum, { refund_fee }) => sum + refund_fee, 0);
  const isRefunded = refunded >= Number(parameters?.total_fee);
  return { openid: parameters?.openid ?? '', paid_at: payment.time_end, isRefunded };
}

/** This shop, sold through virtual payment where that is asked for. */
async function shop(
  { functionsDirectory, sellsBy }: WorldOptions,
  virtualpay: LocalVirtualPay,
): Promise<Deployed> {
  const own = await ownShop(functionsDirectory);
  return sellsBy === 'virtualpay' ? deployedVirtually(own, virtualpay) : own;
}
