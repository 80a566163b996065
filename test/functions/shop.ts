import * as v from 'valibot';
import {
  type WeChatPayFields,
  WeChatPayFieldsSchema,
} from '../../cloudfunctions/_shared/channels/wechatpay.ts';
import { readOrder } from '../../cloudfunctions/_shared/cloud/database/stores/orders.ts';
import { readRefund } from '../../cloudfunctions/_shared/cloud/database/stores/refunds.ts';
import type {
  CreateOrderAnswer,
  CreateOrderRequest,
  ErrorAnswer,
  ErrorCode,
  OperatorErrorCode,
  OrderAnswer,
  PaymentParameters,
  RefundOrderAnswer,
  RefundOrderRequest,
} from '../../cloudfunctions/_shared/contract.ts';
import type { Order } from '../../cloudfunctions/_shared/order/order.ts';
import type { Refund } from '../../cloudfunctions/_shared/order/refunds/refund.ts';
import type { SweepReport } from '../../cloudfunctions/_shared/order/sweep.ts';
import { FUNCTIONS_DIRECTORY } from '../../scripts/build.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import { stringifyExtendedJson } from '../../scripts/local/cloud/database/extended-json.ts';
import type { Document } from '../../scripts/local/cloud/database/value.ts';
import {
  type LocalWorld,
  MERCHANT,
  startLocalWorld,
  type WorldOptions,
} from '../../scripts/local/local-world.ts';
import { QUERY_ORDERS_EVERY_MINUTES } from '../../scripts/manifest.ts';
import { explainFailures } from '../failures.ts';

export const MINUTE_MS = 60_000;
/** From one run of the timer to the next, at full minutes by the clock. */
export const TIMER_MS = QUERY_ORDERS_EVERY_MINUTES * MINUTE_MS;
/** After so long an order that was just placed is due, on a slow machine as well. */
const DUE_MS = 40_000;
/** Half past ten in the morning in Beijing. */
const BIRTH_MS = Date.UTC(2027, 0, 15, 2, 30);

export type OperatorErrorAnswer = ErrorAnswer<ErrorCode | OperatorErrorCode>;

export interface Shopper {
  readonly openid: string;
  readonly appid: string;
  /** IPv4 or IPv6, as the platform gives it. */
  readonly clientIp?: string;
}

/** An order of WeChat Pay and what pays it. */
export interface Placed extends CreateOrderAnswer {
  payment: PaymentParameters;
}

/** The whole local world, with the built functions, seen as a shop; its clock moves only by `advance`. */
export interface Shop extends LocalWorld {
  /** Somebody who was never here before. */
  newShopper(): Shopper;
  /** A request for three months of city, under a request_id of its own. */
  newRequest(change?: Partial<CreateOrderRequest>): CreateOrderRequest;
  createOrder(shopper: Shopper, request: object): Promise<Placed | ErrorAnswer>;
  checkOrder(shopper: Shopper, out_trade_no: string): Promise<OrderAnswer | ErrorAnswer>;
  cancelOrder(shopper: Shopper, out_trade_no: string): Promise<OrderAnswer | ErrorAnswer>;
  /** A shopper who is one of the merchant's people. */
  newOperator(): Promise<Shopper>;
  refundOrder(operator: Shopper, request: object): Promise<RefundOrderAnswer | OperatorErrorAnswer>;
  /** A request to give back 1000 fen of an order of which nothing was given back, under a request_id of its own. */
  newRefund(out_trade_no: string, change?: Partial<RefundOrderRequest>): RefundOrderRequest;
  /** What an administrator does from a terminal. */
  operate(act: object): Promise<Readonly<Record<string, unknown>>>;
  /** An order of three months of city that is paid and settled. */
  placePaid(shopper: Shopper, change?: Partial<CreateOrderRequest>): Promise<string>;
  /** Somebody edits a document in the console. */
  edit(collectionName: string, _id: string, change: Document): Promise<void>;
  /** Refunds of an order as they are stored, the oldest first. */
  refunds(out_trade_no: string): Refund[];
  /** Places an order that must succeed. */
  place(shopper: Shopper, change?: Partial<CreateOrderRequest>): Promise<Placed>;
  /** Pays in the cashier, which must succeed; the notice is on its way afterwards. */
  pay(shopper: Shopper, answer: CreateOrderAnswer): void;
  /** Pays, and WeChat's notices get lost from then on. */
  paySilently(shopper: Shopper, answer: CreateOrderAnswer): void;
  /** Lets the notices arrive that are due by now. */
  deliver(): Promise<void>;
  /** Moves the clock to the first run of the timer that finds orders due which were placed by now. */
  untilAsked(): Promise<void>;
  /** Moves the clock to a run of the timer, so that none comes for a whole period. */
  untilTimer(): Promise<void>;
  /** Runs queryOrders now, as its timer does. */
  sweep(): Promise<SweepReport>;
  /** The order as it is stored. */
  stored(out_trade_no: string): Order;
  /** What WeChat Pay keeps with the order. */
  weChatPayFields(out_trade_no: string): WeChatPayFields;
  /** Until when the shopper holds city, if at all. */
  membership(shopper: Shopper): Date | undefined;
  atWeChat(out_trade_no: string): string | undefined;
  /** The codes of the alarms about a subject. */
  alarms(subject: string): string[];
  /** How often WeChat was asked this about this order. */
  asked(path: string, out_trade_no: string): number;
}

/** For a test in which days pass: every so often a timer runs in each step of the clock. */
export const DAYS_PASS = { timerRunsPerJumpMax: 6 } as const;

export async function openShop(
  variables: Record<string, string> = {},
  options: Pick<WorldOptions, 'timerRunsPerJumpMax'> = {},
): Promise<Shop> {
  const clock = new WorldClock({ source: () => BIRTH_MS });
  const world = await startLocalWorld({
    ...{ functionsDirectory: FUNCTIONS_DIRECTORY, clock, variables },
    ...options,
  });
  const { host, cloud, wechatpay, timers, trace } = world;
  const asked: string[] = [];
  trace.subscribe(({ kind, to, label, payload }) => {
    if (kind === 'call' && to === 'wechatpay' && /^\/(secapi\/)?pay\//.test(label)) {
      asked.push(`${label} ${(payload as { out_trade_no?: string }).out_trade_no}`);
    }
  });
  // A test that failed for want of an order's settlement is explained by the alarm that was raised instead.
  const forget = explainFailures(() => {
    for (const { code, subject, message } of cloud.documents('alarms'))
      console.error(`alarm ${code} about ${subject}: ${message}`);
  });
  let count = 0;
  const call = (name: string, data: object, shopper: Shopper) => host.callFunction(name, data, shopper);

  const shop: Shop = {
    ...world,
    async close() {
      forget();
      await world.close();
    },
    newShopper: () => ({ openid: `oShopper-${String(++count).padStart(18, '0')}`, appid: MERCHANT.appid }),
    newRequest: (change = {}) => ({
      request_id: `request-${String(++count).padStart(12, '0')}`,
      product_id: 'city',
      months: 3,
      expected_total_fee: 4800,
      ...change,
    }),
    createOrder: async (shopper, request) =>
      (await call('createOrder', request, shopper)) as Placed | ErrorAnswer,
    checkOrder: async (shopper, out_trade_no) =>
      (await call('checkOrder', { out_trade_no }, shopper)) as OrderAnswer | ErrorAnswer,
    cancelOrder: async (shopper, out_trade_no) =>
      (await call('cancelOrder', { out_trade_no }, shopper)) as OrderAnswer | ErrorAnswer,
    async newOperator() {
      const shopper = shop.newShopper();
      const operator = { _id: shopper.openid, name: '店员', active: true, created_at: clock.now() };
      await cloud.insert('operators', operator);
      return shopper;
    },
    refundOrder: async (operator, request) =>
      (await call('refundOrder', request, operator)) as RefundOrderAnswer | OperatorErrorAnswer,
    newRefund: (out_trade_no, change = {}) => ({
      request_id: `refund-${String(++count).padStart(12, '0')}`,
      out_trade_no,
      refund_fee: 1000,
      reason: '买错了',
      expected_refunded_fee: 0,
      ...change,
    }),
    async edit(collectionName, _id, change) {
      await cloud.dispatch({
        ...{ action: 'database.modifyDocument', collectionName, merge: true },
        query: stringifyExtendedJson({ _id }),
        data: stringifyExtendedJson({ $set: change }),
      });
    },
    operate: async (act) =>
      (await host.callFromFunction('operateShop', act)) as Readonly<Record<string, unknown>>,
    async placePaid(shopper, change) {
      const answer = await shop.place(shopper, change);
      shop.pay(shopper, answer);
      await shop.deliver();
      return answer.order.out_trade_no;
    },
    refunds: (out_trade_no) =>
      cloud
        .documents('refunds')
        .map(readRefund)
        .filter((refund) => refund.out_trade_no === out_trade_no)
        .sort((one, other) => one.created_at.getTime() - other.created_at.getTime()),
    async place(shopper, change) {
      const answer = await shop.createOrder(shopper, shop.newRequest(change));
      if ('errcode' in answer) throw new Error(`${answer.errcode}: ${answer.errmsg}`);
      return answer;
    },
    pay(shopper, { payment }) {
      const { errMsg } = wechatpay.cashier.pay(payment, shopper);
      if (errMsg !== 'requestPayment:ok') throw new Error(errMsg);
    },
    paySilently(shopper, answer) {
      const { out_trade_no } = answer.order;
      wechatpay.faults.add({ kind: 'lose-notice', out_trade_no, count: Number.POSITIVE_INFINITY });
      shop.pay(shopper, answer);
    },
    async deliver() {
      await clock.advance(0);
      await wechatpay.noticesSettled();
    },
    untilAsked: () => clock.advance(DUE_MS + toTimer(clock.now().getTime() + DUE_MS)),
    untilTimer: () => clock.advance(toTimer(clock.now().getTime())),
    async sweep() {
      const answer = await timers.runNow('queryOrders');
      if (answer.kind === 'failed') throw answer.error;
      return JSON.parse(answer.result) as SweepReport;
    },
    stored: (out_trade_no) => readOrder(cloud.documents('orders').find(({ _id }) => _id === out_trade_no)),
    weChatPayFields: (out_trade_no) =>
      v.parse(WeChatPayFieldsSchema, shop.stored(out_trade_no).by_channel.wechatpay),
    membership({ openid }) {
      const document = cloud.documents('users').find(({ _id }) => _id === openid);
      const memberships = document?.memberships as { city?: { expires_at: Date } } | undefined;
      return memberships?.city?.expires_at;
    },
    atWeChat: (out_trade_no) => wechatpay.order(MERCHANT.mch_id, out_trade_no)?.trade_state,
    alarms: (subject) =>
      cloud.documents('alarms').flatMap((alarm) => (alarm.subject === subject ? [String(alarm.code)] : [])),
    asked: (path, out_trade_no) => asked.filter((entry) => entry === `${path} ${out_trade_no}`).length,
  };
  return shop;
}

/** How long from `at` to the next run of the timer. */
function toTimer(at: number): number {
  return TIMER_MS - (at % TIMER_MS);
}

/** So many months after `from`, where the day exists. */
export function monthsAfter(from: Date, months: number): Date {
  const moved = new Date(from);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  return moved;
}
