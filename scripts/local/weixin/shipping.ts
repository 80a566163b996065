import type { WorldClock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import { type Api, answered } from './api.ts';
import { type Refused, refuse } from './errors.ts';
import { problemOf, readShipping, type ShippingRequest } from './shipping-request.ts';

/** What WeChat Pay knows of a payment. */
export interface ShippablePayment {
  readonly openid: string;
  readonly paid_at: Date;
  /** All of it was given back. */
  readonly isRefunded: boolean;
}

/** A payment whose order was shipped, as its merchant said last. */
export interface ShippedOrder {
  readonly out_trade_no: string;
  readonly at: Date;
  readonly item_desc: string;
  /** 2 after the one correction that there is. */
  readonly times: number;
}

export interface ShippingWorld {
  readonly clock: Pick<WorldClock, 'now'>;
  readonly trace: Trace;
  readonly appid: string;
  /** A payment of WeChat Pay by the merchant's number of its order. */
  readonly paymentOf: (mch_id: string, out_trade_no: string) => ShippablePayment | undefined;
}

/** A payment is known here so long after it was made: "wait a minute", says WeChat's staff. */
export const KNOWN_AFTER_MS = 60_000;

/** WeChat's shipping service: whether it keeps the mini-program's money until orders were shipped, and which were. */
export class ShippingService {
  /** Switched on by WeChat, for kinds of mini-programs. */
  isManaged = false;
  readonly #world: ShippingWorld;
  readonly #shipped = new Map<string, ShippedOrder & { readonly said: string }>();

  constructor(world: ShippingWorld) {
    this.#world = world;
  }

  get appid(): string {
    return this.#world.appid;
  }

  shipped(): readonly ShippedOrder[] {
    return [...this.#shipped.values()];
  }

  /** What is wrong with it, or undefined when it was taken. */
  upload(body: Readonly<Record<string, unknown>>): Refused | undefined {
    const problem = problemOf(body);
    if (problem) return problem;
    const request = readShipping(body);
    const { out_trade_no, mch_id, openid, item_desc } = request;
    const payment = this.#world.paymentOf(mch_id, out_trade_no);
    const now = this.#world.clock.now();
    if (!this.isManaged)
      return refuse(10060001, 'the mini-program does not take part in the shipping service');
    if (!payment) return refuse(10060001, 'nobody has paid an order of this number to this merchant');
    if (now.getTime() - payment.paid_at.getTime() < KNOWN_AFTER_MS)
      return refuse(10060001, 'the payment is not known here yet: it takes a minute');
    if (payment.openid !== openid) return refuse(10060031, 'somebody else has paid it');
    if (payment.isRefunded) return refuse(10060004, 'all of it was given back');
    return this.#take(request, now) ?? this.#record(out_trade_no, item_desc);
  }

  #take({ said, out_trade_no, item_desc }: ShippingRequest, at: Date): Refused | undefined {
    const before = this.#shipped.get(out_trade_no);
    if (before?.said === said) return refuse(10060023, 'it was shipped, and nothing of it is new');
    if (before && before.times > 1) return refuse(10060003, 'it was corrected once already');
    this.#shipped.set(out_trade_no, { out_trade_no, at, item_desc, said, times: (before?.times ?? 0) + 1 });
    return undefined;
  }

  /** The shopper reads of it. */
  #record(out_trade_no: string, item_desc: string): undefined {
    const payload = { title: '商家已发货', item_desc, out_trade_no };
    this.#world.trace.record({
      from: 'weixin',
      to: 'mini-program',
      kind: 'call',
      label: '服务通知',
      payload,
    });
    return undefined;
  }
}

/** POST /wxa/sec/order/is_trade_managed */
export function isTradeManaged(shipping: ShippingService): Api {
  return {
    ...POST,
    work({ body = {} }) {
      if (body.appid !== shipping.appid) return refuse(40013, 'only the own mini-program can be asked about');
      return answered({ errcode: 0, errmsg: 'ok', is_trade_managed: shipping.isManaged });
    },
  };
}

/** POST /wxa/sec/order/upload_shipping_info */
export function uploadShippingInfo(shipping: ShippingService): Api {
  return {
    ...POST,
    work: ({ body = {} }) => shipping.upload(body) ?? answered({ errcode: 0, errmsg: 'ok' }),
    orderOf: ({ body = {} }) => readShipping(body).out_trade_no,
  };
}

const POST = { method: 'POST', takesToken: true, contentType: 'application/json; encoding=utf-8' } as const;
