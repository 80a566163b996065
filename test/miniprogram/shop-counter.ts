import type { CreateOrderRequest, ErrorCode } from '../../cloudfunctions/_shared/contract.ts';
import type { Answered } from '../../miniprogram/logic/answer.ts';
import type { Attempt } from '../../miniprogram/logic/order/attempts.ts';
import type { Order, OrderCreated } from '../../miniprogram/logic/order/order.ts';
import type { Checkout } from '../../miniprogram/logic/shop/buying.ts';
import { LOST, memoryStore, NOW, order } from './samples.ts';

/**
 * A counter that keeps createOrder's promises: one request_id is one order, whatever happens to the answer, and it is
 * refused with another choice or another price; an order that is superseded is given up, unless it is paid. Prices and
 * mishaps are set by the test.
 */
export function openCounter() {
  const orders = new Map<string, Order>();
  const cashier: string[] = [];
  const counter = {
    /** The price of any choice, in fen. */
    price: 4800,
    losesAnswers: false,
    /** Answers with an order at another price than was asked for. */
    isLying: false,
    /** How the shopper leaves the cashier. */
    leaves: 'done' as Attempt['kind'],
    orders,
    /** The out_trade_no for which the cashier was opened, in order. */
    cashier,
    requestIdsMade: 0,
    requests: [] as CreateOrderRequest[],
    change(out_trade_no: string, changes: Partial<Order>) {
      for (const [request_id, known] of orders) {
        if (known.out_trade_no === out_trade_no) orders.set(request_id, { ...known, ...changes });
      }
    },
  };
  const checkout: Checkout = {
    store: memoryStore(),
    newRequestId: async () => {
      counter.requestIdsMade += 1;
      return `request-id-number-${counter.requestIdsMade}`;
    },
    async createOrder(request) {
      counter.requests.push(request);
      const answered = answer(request);
      return counter.losesAnswers ? LOST : answered;
    },
    async pay({ package: prepay }) {
      cashier.push(prepay);
      return { kind: counter.leaves, at: NOW.toISOString() };
    },
  };

  function answer(request: CreateOrderRequest): Answered<OrderCreated> {
    const { request_id, product_id, months, expected_total_fee, supersedes } = request;
    const known = orders.get(request_id);
    if (known !== undefined) {
      const { out_trade_no } = known;
      if (known.product_id !== product_id || known.months !== months) return refused('REQUEST_ID_REUSED');
      if (known.under_review) return refused('ORDER_HELD', { out_trade_no });
      if (known.trade_state === 'SUCCESS') return refused('ORDER_PAID', { out_trade_no });
      if (known.trade_state === 'CLOSED' || known.cancelled_at !== null)
        return refused('ORDER_CLOSED', { out_trade_no });
      if (known.total_fee !== expected_total_fee) {
        return expected_total_fee === counter.price
          ? refused('REQUEST_ID_REUSED')
          : refused('PRICE_CHANGED', { total_fee: counter.price });
      }
      return answeredWith(known);
    }
    if (expected_total_fee !== counter.price) return refused('PRICE_CHANGED', { total_fee: counter.price });
    const old = orders.get(supersedes ?? '');
    if (old?.trade_state === 'SUCCESS') return refused('ORDER_PAID', { out_trade_no: old.out_trade_no });
    if (old !== undefined) counter.change(old.out_trade_no, { cancelled_at: NOW.toISOString() });
    const out_trade_no = `order-of-${request_id}`;
    const placed = order({ out_trade_no, request_id, product_id, months, total_fee: counter.price });
    orders.set(request_id, placed);
    return answeredWith(counter.isLying ? { ...placed, total_fee: placed.total_fee + 1 } : placed);
  }

  return { counter, checkout };
}

function answeredWith(placed: Order): Answered<OrderCreated> {
  const payment = {
    timeStamp: '1795400656',
    nonceStr: 'nonce',
    package: placed.out_trade_no,
    signType: 'MD5',
    paySign: 'sign',
  } as const;
  return { kind: 'answered', answer: { order: placed, payment, now: NOW.toISOString() } };
}

function refused(
  errcode: ErrorCode,
  more: { total_fee?: number; out_trade_no?: string } = {},
): Answered<OrderCreated> {
  return { kind: 'refused', error: { errcode, errmsg: errcode, now: NOW.toISOString(), ...more } };
}
