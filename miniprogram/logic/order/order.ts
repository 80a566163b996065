import type {
  ChannelName,
  CreateOrderAnswer,
  OrderAnswer,
  OrderView,
  PaymentParameters,
  TradeState,
  VirtualPaymentParameters,
} from '../../../cloudfunctions/_shared/contract';
import { countIn, type Fields, fieldsOf, momentIn, textIn } from '../fields';
import { type Term, termIn, termInWords } from '../term';
import { type Refund, refundsIn } from './refunds';

const TRADE_STATES: readonly TradeState[] = [
  'NOTPAY',
  'USERPAYING',
  'PAYERROR',
  'SUCCESS',
  'CLOSED',
  'REFUND',
];

/** An order as the phone knows it. A document of `orders` and a function's answer call `under_review` `held`. */
export interface Order extends Omit<OrderView, 'held' | 'channel' | 'apple' | 'refunded_fee' | 'refunds'> {
  channel: ChannelName;
  /** Whether Apple took the money: a refund is then Apple's to make. */
  apple: boolean;
  /** What was given back of it, in fen. */
  refunded_fee: number;
  refunds: readonly Refund[];
  /** Whether the merchant is looking into a payment of it. */
  under_review: boolean;
}

/** What `checkOrder` and `cancelOrder` answered. */
export interface OrderAnswered extends Omit<OrderAnswer, 'order'> {
  order: Order;
}

/** What `createOrder` answered. */
export interface OrderCreated extends Omit<CreateOrderAnswer, 'order'> {
  order: Order;
}

/** An order, from a document of `orders` or from a function's answer; undefined when it is neither. */
export function orderFrom(found: unknown): Order | undefined {
  const fields = fieldsOf(found);
  if (fields === undefined) return undefined;
  const out_trade_no = textIn(fields.out_trade_no) ?? textIn(fields._id);
  const request_id = textIn(fields.request_id);
  const product_id = textIn(fields.product_id);
  const term = termIn(fields);
  const body = textIn(fields.body) ?? '';
  const total_fee = countIn(fields.total_fee);
  const trade_state = TRADE_STATES.find((state) => state === fields.trade_state);
  const created_at = momentIn(fields.created_at);
  const time_expire = momentIn(fields.time_expire);
  if (!out_trade_no || !request_id || !product_id || !term || !total_fee) return undefined;
  if (!trade_state || !created_at || !time_expire) return undefined;
  return {
    out_trade_no,
    request_id,
    channel: channelIn(fields),
    product_id,
    ...term,
    body,
    total_fee,
    trade_state,
    under_review: fields.held === true,
    created_at,
    time_expire,
    cancelled_at: momentIn(fields.cancelled_at) ?? null,
    time_end: momentIn(fields.time_end) ?? null,
    expires_at: momentIn(fields.expires_at) ?? null,
    transaction_id: textIn(fields.transaction_id) ?? null,
    bank_type: textIn(fields.bank_type) ?? null,
    apple: fields.apple === true || fieldsOf(fields.virtualpay)?.apple === true,
    refunded_fee: countIn(fields.refunded_fee) ?? 0,
    refunds: refundsIn(fields.refunds),
  };
}

/** The order as `orderFrom` reads it. It is kept for its payment, and nothing is refunded before that. */
export function viewOf({ under_review, apple, refunded_fee, refunds, ...same }: Order): OrderView {
  return { ...same, held: under_review, ...(apple ? { apple } : {}) };
}

/** The way to pay that a product or an order names; one that names none is paid through WeChat Pay. */
export function channelIn({ channel }: Fields): ChannelName {
  return channel === 'virtualpay' ? 'virtualpay' : 'wechatpay';
}

/** What the cashier is to be given; undefined when something of it is missing. */
export function paymentFrom(found: unknown): PaymentParameters | VirtualPaymentParameters | undefined {
  const fields = fieldsOf(found);
  if (fields === undefined) return undefined;
  return fields.signData === undefined ? wechatPaymentFrom(fields) : virtualPaymentFrom(fields);
}

/** `signData` goes on as the text that was signed. */
function virtualPaymentFrom({ mode, ...fields }: Fields): VirtualPaymentParameters | undefined {
  const signData = textIn(fields.signData);
  const paySig = textIn(fields.paySig);
  const signature = textIn(fields.signature);
  if (!signData || !paySig || !signature || mode !== 'short_series_goods') return undefined;
  return { signData, mode, paySig, signature };
}

function wechatPaymentFrom(fields: Fields): PaymentParameters | undefined {
  const timeStamp = textIn(fields.timeStamp);
  const nonceStr = textIn(fields.nonceStr);
  const prepay = textIn(fields.package);
  const paySign = textIn(fields.paySign);
  const { signType } = fields;
  if (!timeStamp || !nonceStr || !prepay || !paySign) return undefined;
  if (signType !== 'MD5' && signType !== 'HMAC-SHA256') return undefined;
  return { timeStamp, nonceStr, package: prepay, signType, paySign };
}

/** The product's name as it was ordered, for when it is no longer in the shop: `body` is the name and the term. */
export function nameIn({ body, ...order }: Pick<Order, 'body'> & Term): string {
  const term = ` ${termInWords(order)}`;
  return body.endsWith(term) ? body.slice(0, -term.length) : body;
}

/** Newest first, without doubles: what was read just now replaces what was known. */
export function mergeOrders(known: readonly Order[], read: readonly Order[]): Order[] {
  const byNumber = new Map([...known, ...read].map((order) => [order.out_trade_no, order]));
  return [...byNumber.values()].sort((a, b) => b.created_at.localeCompare(a.created_at));
}
