import { openChannels } from '../channels/channels.ts';
import { askerOf, type VirtualPayNeeds } from '../channels/virtualpay.ts';
import type { WeChatPayNeeds } from '../channels/wechatpay.ts';
import type { BillPorts } from '../order/bills/ports.ts';
import type { ChannelOf } from '../order/channel.ts';
import { answerByOf } from '../order/deadline.ts';
import type { Ledger, Ports } from '../order/ports.ts';
import type { Asker } from '../virtualpay/client.ts';
import { alarmsIn } from './database/stores/alarms.ts';
import { billedIn } from './database/stores/billed.ts';
import { billedRefundsIn } from './database/stores/billed-refunds.ts';
import { billsIn } from './database/stores/bills.ts';
import { ledgerIn } from './database/stores/ledger.ts';
import { ordersIn } from './database/stores/orders.ts';
import { productsIn } from './database/stores/products.ts';
import { refundsIn } from './database/stores/refunds.ts';
import { usersIn } from './database/stores/users.ts';
import type { Runtime } from './runtime.ts';
import type { ShippingConfig } from './shipping-config.ts';
import { type Problem, readVirtualPay, type ShopConfig } from './shop-config.ts';

/** The part of the ports that settling a notice takes; WeChat is not asked anything. */
export async function openLedger(
  runtime: Runtime,
): Promise<Pick<Ports, 'clock' | 'logger' | 'alarms'> & { ledger: Ledger }> {
  const database = await runtime.database();
  const alarms = alarmsIn(database, runtime.logger);
  return { clock: runtime.clock, logger: runtime.logger, alarms, ledger: ledgerIn(database) };
}

/**
 * Every port of the floor below, on the cloud database and every way to pay, for one call that must answer by `deadline`.
 * With the terms of new orders among the settings, orders can be made; with `shipping`, WeChat is told that they were fulfilled.
 */
export function openServices(
  runtime: Runtime,
  config: ShopConfig & { readonly shipping?: ShippingConfig | Problem },
  deadline: Date,
): Promise<Ports> {
  const answerBy = answerByOf(deadline);
  const wechatpay = weChatPayNeeds(runtime, config, answerBy);
  const virtualpay = virtualPayNeeds(runtime, config, answerBy);
  return openPorts(runtime, deadline, openChannels({ wechatpay, virtualpay }));
}

/** The same for the function that compares bills; `environment` is what orders carry as attach. */
export async function openBillServices(
  runtime: Runtime,
  config: ShopConfig,
  { deadline, environment }: { readonly deadline: Date; readonly environment: string | undefined },
): Promise<BillPorts> {
  const ports = await openServices(runtime, config, deadline);
  const database = await runtime.database();
  const reporting = { alarms: ports.alarms, now: runtime.clock.now };
  const billed = { billed: billedIn(database, reporting), billedRefunds: billedRefundsIn(database) };
  return { ...ports, ...billed, environment, bills: billsIn(database) };
}

/** The same for a function that is given no secret of WeChat Pay. */
export function openVirtualPayServices(runtime: Runtime, deadline: Date): Promise<Ports> {
  const config = { virtualpay: readVirtualPay(runtime.variables) };
  const virtualpay = virtualPayNeeds(runtime, config, answerByOf(deadline));
  return openPorts(runtime, deadline, openChannels({ virtualpay }));
}

/**
 * Virtual payment itself, for a function that asks about no order of ours, and so has nothing to save afterwards.
 * @throws ChannelError MISCONFIGURED
 */
export function openVirtualPayAsker(runtime: Runtime, appid: string, answerBy: Date): Asker {
  const config = { virtualpay: readVirtualPay(runtime.variables) };
  return askerOf(virtualPayNeeds(runtime, config, answerBy), appid);
}

async function openPorts(runtime: Runtime, deadline: Date, channelOf: ChannelOf): Promise<Ports> {
  const database = await runtime.database();
  const opened = await openLedger(runtime);
  const reporting = { alarms: opened.alarms, now: runtime.clock.now };
  return {
    ...opened,
    deadline,
    channelOf,
    products: productsIn(database, reporting),
    users: usersIn(database),
    orders: ordersIn(database, reporting),
    refunds: refundsIn(database),
  };
}

function weChatPayNeeds(
  runtime: Runtime,
  { wechatpay: config, shipping }: Parameters<typeof openServices>[1],
  answerBy: Date,
): WeChatPayNeeds {
  const { clock, random } = runtime;
  if ('problem' in config) return { settings: config, clock, random, answerBy };
  const { merchant, notify_url, sign_type, ships } = config;
  const hasCertificate = config.certificate !== undefined;
  const isMaking = notify_url !== undefined && sign_type !== undefined;
  const settings = {
    ...{ merchant, hasCertificate, transport: runtime.transport(config), ships },
    ...(isMaking && { newOrders: { notify_url, sign_type } }),
    ...(ships && shipping && { shipping: shippingOn(runtime, shipping) }),
  };
  return { settings, clock, random, answerBy };
}

function shippingOn(
  runtime: Runtime,
  shipping: ShippingConfig | Problem,
): Exclude<WeChatPayNeeds['settings'], Problem>['shipping'] {
  if ('problem' in shipping) return shipping;
  const { weixin, app_secret } = shipping;
  return { app_secret, ...runtime.weixin(weixin) };
}

function virtualPayNeeds(
  runtime: Runtime,
  { virtualpay: config }: Pick<ShopConfig, 'virtualpay'>,
  answerBy: Date,
): VirtualPayNeeds {
  const { clock } = runtime;
  if ('problem' in config) return { settings: config, clock, answerBy };
  const { weixin, ...settings } = config;
  return { settings: { ...settings, ...runtime.weixin(weixin) }, clock, answerBy };
}
