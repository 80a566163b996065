import type { ChannelName, CreateOrderRequest, ErrorCode } from '../../cloudfunctions/_shared/contract.ts';
import type { Answered } from '../../miniprogram/logic/answer.ts';
import type { Attempt } from '../../miniprogram/logic/order/attempts.ts';
import type { Order, OrderCreated } from '../../miniprogram/logic/order/order.ts';
import type { Checkout } from '../../miniprogram/logic/shop/checkout.ts';
import type { Terminal } from '../../miniprogram/logic/shop/terminal.ts';
import { type VirtualAnswer, virtualAttemptOf } from '../../miniprogram/logic/shop/virtual-payment.ts';
import { LOST, memoryStore, NOW, order } from './samples.ts';

export const ANDROID: Terminal = {
  platform: 'android',
  system: 'Android 14',
  version: '8.0.50',
  hasVirtualPayment: true,
};

/**
 * A counter that keeps createOrder's promises: one request_id is one order, whatever happens to the answer, and it is
 * refused with another choice or another price; an order that is superseded is given up, unless it is paid; virtual payment
 * wants a code with each call. Prices and mishaps are set by the test.
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
    /** The template that createOrder names, and what the shopper answers when asked about it. */
    template: undefined as string | undefined,
    consent: 'accept' as 'accept' | 'reject' | 'unasked',
    /** How often the shopper was asked, and the orders that they want to be reminded of. */
    asked: 0,
    reminded: [] as string[],
    /** How the product is paid. */
    channel: 'wechatpay' as ChannelName,
    terminal: ANDROID as Terminal,
    /** What the cashier of virtual payment says next, before it says how the shopper left it. */
    refusals: [] as VirtualAnswer[],
    /** Whether `wx.login` gives a code, and whether the network is there. */
    login: 'works' as 'works' | 'fails' | 'offline',
    codesMade: 0,
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
    terminal: () => counter.terminal,
    async signIn() {
      if (counter.login !== 'works') return { kind: 'lost', offline: counter.login === 'offline' };
      counter.codesMade += 1;
      return { kind: 'signed-in', code: `code-${counter.codesMade}` };
    },
    newRequestId: async () => {
      counter.requestIdsMade += 1;
      return `request-id-number-${counter.requestIdsMade}`;
    },
    async createOrder(request) {
      counter.requests.push(request);
      const answered = withTemplate(answer(request));
      return counter.losesAnswers ? LOST : answered;
    },
    async askForMessage() {
      counter.asked++;
      return counter.consent;
    },
    wantReminder: (out_trade_no) => void counter.reminded.push(out_trade_no),
    async pay(payment) {
      const at = NOW.toISOString();
      if (!('signData' in payment)) {
        cashier.push(payment.package);
        return { kind: counter.leaves, at };
      }
      const refused = counter.refusals.shift() ?? useNumber(payment.signData);
      cashier.push(payment.signData);
      return refused ? virtualAttemptOf(refused, NOW) : { kind: counter.leaves, at };
    },
  };
  const codesUsed = new Set<string>();
  const numbersUsed = new Set<string>();

  /** Virtual payment takes a number once. */
  function useNumber(number: string): VirtualAnswer | undefined {
    if (numbersUsed.has(number)) return { errMsg: 'requestVirtualPayment:fail', errCode: -15002 };
    numbersUsed.add(number);
    return undefined;
  }

  /** A code is good once, for whoever wants an order of virtual payment. */
  function isCodeTaken({ code = '' }: CreateOrderRequest): boolean {
    if (code === '' || codesUsed.has(code)) return false;
    codesUsed.add(code);
    return true;
  }

  function withTemplate(answered: Answered<OrderCreated>): Answered<OrderCreated> {
    const { template: template_id } = counter;
    if (answered.kind !== 'answered' || template_id === undefined) return answered;
    return { ...answered, answer: { ...answered.answer, reminder: { template_id } } };
  }

  function answer(request: CreateOrderRequest): Answered<OrderCreated> {
    const { request_id, product_id, months, expected_total_fee, supersedes } = request;
    const known = orders.get(request_id);
    const channel = known?.channel ?? counter.channel;
    if (channel === 'virtualpay' && request.code === undefined) return refused('INVALID_PARAMETERS');
    if (channel === 'virtualpay' && !isCodeTaken(request)) return refused('LOGIN_CODE_INVALID');
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
    const placed = order({ out_trade_no, request_id, channel, product_id, months, total_fee: counter.price });
    orders.set(request_id, placed);
    return answeredWith(counter.isLying ? { ...placed, total_fee: placed.total_fee + 1 } : placed);
  }

  return { counter, checkout };
}

function answeredWith(placed: Order): Answered<OrderCreated> {
  const number = placed.out_trade_no;
  const payment =
    placed.channel === 'virtualpay'
      ? ({ signData: number, mode: 'short_series_goods', paySig: 'sig', signature: 'signature' } as const)
      : ({
          timeStamp: '1795400656',
          nonceStr: 'nonce',
          package: number,
          signType: 'MD5',
          paySign: 'sign',
        } as const);
  return { kind: 'answered', answer: { order: placed, payment, now: NOW.toISOString() } };
}

function refused(
  errcode: ErrorCode,
  more: { total_fee?: number; out_trade_no?: string } = {},
): Answered<OrderCreated> {
  return { kind: 'refused', error: { errcode, errmsg: errcode, now: NOW.toISOString(), ...more } };
}
