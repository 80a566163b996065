import { openChannels } from '../channels/channels.ts';
import { answerByOf } from '../order/deadline.ts';
import type { Ledger, Ports } from '../order/ports.ts';
import type { MerchantConfig, OrderConfig } from './config.ts';
import { alarmsIn } from './database/stores/alarms.ts';
import { ledgerIn } from './database/stores/ledger.ts';
import { ordersIn } from './database/stores/orders.ts';
import { productsIn } from './database/stores/products.ts';
import { refundsIn } from './database/stores/refunds.ts';
import { usersIn } from './database/stores/users.ts';
import type { Runtime } from './runtime.ts';

/** The part of the ports that settling a notice takes; WeChat is not asked anything. */
export async function openLedger(
  runtime: Runtime,
): Promise<Pick<Ports, 'clock' | 'logger' | 'alarms'> & { ledger: Ledger }> {
  const database = await runtime.database();
  const alarms = alarmsIn(database, runtime.logger);
  return { clock: runtime.clock, logger: runtime.logger, alarms, ledger: ledgerIn(database) };
}

/**
 * Every port of the floor below, on the cloud database and WeChat Pay, for one call that must answer by `deadline`. With the
 * terms of new orders among the settings, orders can be made.
 */
export async function openServices(
  runtime: Runtime,
  config: MerchantConfig & Partial<OrderConfig>,
  deadline: Date,
): Promise<Ports> {
  const database = await runtime.database();
  const { clock, random } = runtime;
  const opened = await openLedger(runtime);
  const reporting = { alarms: opened.alarms, now: clock.now };
  return {
    ...opened,
    deadline,
    channelOf: openChannels({
      wechatpay: {
        merchant: config.merchant,
        hasCertificate: config.certificate !== undefined,
        transport: runtime.transport(config),
        random,
        clock,
        answerBy: answerByOf(deadline),
        ...newOrdersOf(config),
      },
    }),
    products: productsIn(database, reporting),
    users: usersIn(database),
    orders: ordersIn(database, reporting),
    refunds: refundsIn(database),
  };
}

function newOrdersOf({ notify_url, sign_type }: Partial<OrderConfig>) {
  return notify_url === undefined || sign_type === undefined ? {} : { newOrders: { notify_url, sign_type } };
}
