import type { Chance } from '../chance.ts';
import { type Fields, readMoment, spelled } from './messages.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** Unpaid orders are closed by WeChat itself. */
const LIFE_MS = 7 * 24 * 60 * MINUTE_MS;
const PREPAY_LIFE_MS = 120 * MINUTE_MS;
const CLOSE_AFTER_MS = 5 * MINUTE_MS;
/** Later documents ask for more than one minute, older ones for more than five. */
const TIME_EXPIRE_MIN_MS = 5 * MINUTE_MS;
/** Payments were seen to be taken this long after time_expire. */
const TIME_EXPIRE_SLACK_MS = 10 * SECOND_MS;

export interface BookedOrder {
  readonly parameters: Readonly<Fields>;
  readonly created: number;
  /** When unifiedorder last named it. */
  named: number;
  readonly prepays: Map<string, number>;
  state: 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED';
  payment: Readonly<Fields> | undefined;
}

/** What an API says: fields of an answer, or an err_code. */
export type BookAnswer = Readonly<Fields> | { readonly err_code: string };

/** What differs from one call to the next although the order is the same. */
const NOT_THE_ORDERS_OWN = new Set(['nonce_str', 'sign']);
const UNIFIEDORDER_NEEDS = [
  'body',
  'out_trade_no',
  'total_fee',
  'spbill_create_ip',
  'notify_url',
  'trade_type',
  'openid',
];

/** The orders of one merchant, as the documents of unifiedorder, orderquery and closeorder describe them. */
export class OrderBook {
  readonly orders = new Map<string, BookedOrder>();
  readonly #now: () => number;
  readonly #chance: Chance;

  constructor(now: () => number, chance: Chance) {
    this.#now = now;
    this.#chance = chance;
  }

  find(out_trade_no: string): BookedOrder | undefined {
    const order = this.orders.get(out_trade_no);
    if (order?.state === 'NOTPAY' && this.#now() - order.created >= LIFE_MS) order.state = 'CLOSED';
    return order;
  }

  unifiedorder(request: Readonly<Fields>): BookAnswer {
    const missing = UNIFIEDORDER_NEEDS.find((name) => !request[name]);
    if (missing) return { err_code: 'LACK_PARAMS' };
    const { out_trade_no = '', total_fee = '', time_expire = '' } = request;
    if (!/^[1-9]\d*$/.test(total_fee) || Buffer.byteLength(request.body ?? '') > 127)
      return { err_code: 'PARAM_ERROR' };
    const parameters = Object.fromEntries(
      Object.entries(request).filter(([name]) => !NOT_THE_ORDERS_OWN.has(name)),
    );
    const known = this.find(out_trade_no);
    if (!known) {
      if (time_expire && readMoment(time_expire) - this.#now() < TIME_EXPIRE_MIN_MS)
        return { err_code: 'PARAM_ERROR' };
      const order: BookedOrder = {
        parameters,
        created: this.#now(),
        named: this.#now(),
        prepays: new Map(),
        state: 'NOTPAY',
        payment: undefined,
      };
      this.orders.set(out_trade_no, order);
      return this.#prepaid(order);
    }
    if (known.state === 'CLOSED') return { err_code: 'ORDERCLOSED' };
    if (known.state !== 'NOTPAY') return { err_code: 'ORDERPAID' };
    if (!isSame(known.parameters, parameters)) return { err_code: 'INVALID_REQUEST' };
    known.named = this.#now();
    return this.#prepaid(known);
  }

  orderquery({ out_trade_no = '' }: Readonly<Fields>): BookAnswer {
    const order = this.find(out_trade_no);
    if (!order) return { err_code: 'ORDERNOTEXIST' };
    const state = { out_trade_no, trade_state: order.state, trade_state_desc: '见文档' };
    return order.payment ? { ...this.paid(order), ...state } : state;
  }

  closeorder({ out_trade_no = '' }: Readonly<Fields>): BookAnswer {
    const order = this.find(out_trade_no);
    if (!order) return { err_code: 'ORDERNOTEXIST' };
    if (order.state === 'CLOSED') return this.#chance.happens(0.5) ? { err_code: 'ORDERCLOSED' } : {};
    if (order.state !== 'NOTPAY') return { err_code: 'ORDERPAID' };
    if (this.#now() - order.named < CLOSE_AFTER_MS)
      return { err_code: this.#chance.pick(['SYSTEMERROR', 'TRADE_STATE_ERROR'] as const) };
    order.state = 'CLOSED';
    return {};
  }

  /** Whether the phone may pay under this prepay_id now, and what it says where it may not. */
  payable(prepay_id: string, openid: string): BookedOrder | string {
    const order = [...this.orders.values()].find(({ prepays }) => prepays.has(prepay_id));
    if (!order) return 'prepay_id 无效';
    const { time_expire = '', out_trade_no = '' } = order.parameters;
    if (this.find(out_trade_no)?.state !== 'NOTPAY') return '订单已支付或已关闭';
    if (order.parameters.openid !== openid) return '不是下单的用户';
    if (this.#now() - (order.prepays.get(prepay_id) ?? 0) >= PREPAY_LIFE_MS) return '预付单过期';
    return time_expire && this.#now() > readMoment(time_expire) + TIME_EXPIRE_SLACK_MS ? '订单过期' : order;
  }

  pay(order: BookedOrder): void {
    order.state = 'SUCCESS';
    order.payment = {
      transaction_id: `42000${this.#chance.whole(10 ** 10, 10 ** 11)}`,
      time_end: spelled(this.#now()),
      bank_type: this.#chance.pick(['OTHERS', 'CMB_DEBIT'] as const),
      is_subscribe: 'N',
      trade_type: 'JSAPI',
      fee_type: 'CNY',
    };
  }

  /** What is said of a payment, in a query and in a notice. A coupon of WeChat's own may have paid a part. */
  paid({ parameters, payment = {} }: BookedOrder): Fields {
    const { openid = '', total_fee = '', out_trade_no = '', attach = '' } = parameters;
    return {
      ...payment,
      openid,
      total_fee,
      cash_fee: String(Math.ceil(Number(total_fee) * 0.9)),
      out_trade_no,
      attach,
    };
  }

  #prepaid(order: BookedOrder): Fields {
    const [last] = [...order.prepays.entries()].slice(-1);
    const keeps = last && this.#now() - last[1] < PREPAY_LIFE_MS && this.#chance.happens(0.5);
    const prepay_id = keeps ? last[0] : `wx${spelled(this.#now())}${this.#chance.bytes(11).toString('hex')}`;
    if (!keeps) order.prepays.set(prepay_id, this.#now());
    return { prepay_id, trade_type: 'JSAPI' };
  }
}

function isSame(a: Readonly<Fields>, b: Readonly<Fields>): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => (a[name] ?? '') === (b[name] ?? ''));
}
