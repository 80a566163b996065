import { openChannels } from '../../cloudfunctions/_shared/channels/channels.ts';
import { alarmsIn } from '../../cloudfunctions/_shared/cloud/database/stores/alarms.ts';
import { ledgerIn } from '../../cloudfunctions/_shared/cloud/database/stores/ledger.ts';
import { ordersIn } from '../../cloudfunctions/_shared/cloud/database/stores/orders.ts';
import { productsIn } from '../../cloudfunctions/_shared/cloud/database/stores/products.ts';
import { refundsIn } from '../../cloudfunctions/_shared/cloud/database/stores/refunds.ts';
import { storedOrder } from '../../cloudfunctions/_shared/cloud/database/stores/stored-order.ts';
import { usersIn } from '../../cloudfunctions/_shared/cloud/database/stores/users.ts';
import { answerByOf, deadlineOf, TIMER_RUN_MS } from '../../cloudfunctions/_shared/order/deadline.ts';
import type { Order } from '../../cloudfunctions/_shared/order/order.ts';
import type { Logger, Ports } from '../../cloudfunctions/_shared/order/ports.ts';
import { createAccessTokens } from '../../cloudfunctions/_shared/weixin/access-token.ts';
import { WeixinError } from '../../cloudfunctions/_shared/weixin/errors.ts';
import { createManagedApps } from '../../cloudfunctions/_shared/weixin/managed-apps.ts';
import type { Transport } from '../../cloudfunctions/_shared/weixin/transport.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import type { Document } from '../../scripts/local/cloud/database/value.ts';
import { inProcess } from '../cloud/databases.ts';
import { type Answer, answered, counted, type Gateway, gateway, merchant } from '../wechatpay/gateway.ts';
import { later } from './samples.ts';

type Question = Gateway['requests'][number]['fields'];

/** Every port on real parts, without a socket: the stores on wx-server-sdk, and a WeChat Pay that signs its answers. */
export interface OpenPorts {
  readonly ports: Ports;
  readonly clock: WorldClock;
  /** What WeChat was asked, in order: the out_trade_no of each question. */
  readonly asked: () => readonly string[];
  /** Facts at level ERROR or WARN, with what they are about. */
  readonly logged: readonly (readonly [fact: string, fields: object])[];
  /** Documents as they are stored. */
  documents(collection: string): readonly Readonly<Record<string, unknown>>[];
  insert(collection: string, document: Document): Promise<unknown>;
  add(...orders: readonly Order[]): Promise<void>;
  close(): Promise<void>;
}

/** What virtual payment is known by in these tests. */
export const VIRTUAL_PAY = {
  app_secret: '0123456789abcdef0123456789abcdef',
  app_key: 'demo-live-appkey-0123456789abcdef',
  env: 0,
  offer_id: '1450000000',
} as const;

/**
 * @param answer what WeChat Pay answers; unpaid when left out
 * @param clock one that stands at `now` when left out
 * @param away waits for as long as a call of the database is on its way; none waits when left out
 * @param weixin the way to api.weixin.qq.com; there is none when left out
 * @param virtualpay other settings of virtual payment
 * @param wechatpay what is wrong with the settings of WeChat Pay; nothing when left out
 * @param ships whether WeChat is told that orders of WeChat Pay were fulfilled
 */
export async function openPorts({
  now = later(10 * 60_000),
  answer = unpaid,
  clock = new WorldClock({ source: () => now.getTime() }),
  away,
  virtualpay = {},
  wechatpay,
  ships = false,
  weixin = () => Promise.reject(new WeixinError('UNREACHABLE', 'There is no api.weixin.qq.com here.')),
}: {
  now?: Date;
  answer?: (question: Question, path: string) => Answer | Promise<Answer>;
  weixin?: Transport;
  clock?: WorldClock;
  away?: () => Promise<unknown>;
  virtualpay?: { offer_id?: string };
  wechatpay?: { readonly problem: string };
  ships?: boolean;
} = {}): Promise<OpenPorts> {
  const { database, cloud, close } = await inProcess(clock, away);
  const logged: [string, object][] = [];
  const note = (fact: string, fields: object) => logged.push([fact, fields]);
  const logger: Logger = { info() {}, warn: note, error: note };
  const alarms = alarmsIn(database, logger);
  const reporting = { alarms, now: () => clock.now() };
  const { transport, requests } = gateway(answer);
  const deadline = deadlineOf(now, TIMER_RUN_MS);
  const random = counted();
  const ports: Ports = {
    clock,
    deadline,
    channelOf: openChannels({
      wechatpay: {
        settings: wechatpay ?? { merchant, hasCertificate: true, transport, ...shippingBy(weixin, ships) },
        random,
        clock,
        answerBy: answerByOf(deadline),
      },
      virtualpay: {
        settings: { ...VIRTUAL_PAY, ...virtualpay, transport: weixin, tokens: createAccessTokens() },
        clock,
        answerBy: answerByOf(deadline),
      },
    }),
    products: productsIn(database, reporting),
    users: usersIn(database),
    orders: ordersIn(database, reporting),
    refunds: refundsIn(database),
    ledger: ledgerIn(database),
    alarms,
    logger,
  };
  return {
    ports,
    clock,
    asked: () => requests.map(({ fields }) => fields.out_trade_no ?? ''),
    logged,
    documents: (collection) => cloud.documents(collection),
    insert: (collection, document) => cloud.insert(collection, document),
    async add(...orders) {
      for (const order of orders) await cloud.insert('orders', storedOrder(order));
    },
    async close() {
      await close();
      clock.dispose();
    },
  };
}

function shippingBy(transport: Transport, ships: boolean) {
  const { app_secret } = VIRTUAL_PAY;
  const way = { app_secret, transport, tokens: createAccessTokens(), managed: createManagedApps() };
  return { ships, ...(ships && { shipping: way }) };
}

/** WeChat has the order, and nobody has paid it. */
export function unpaid({ out_trade_no = '' }: Question): Answer {
  return answered({ trade_state: 'NOTPAY', out_trade_no });
}
