import {
  refundedFee,
  shownStatus,
  tradeStateOf,
  type LedgerOrder as VirtualOrder,
} from '../virtualpay/ledger.ts';
import type { OrderSnapshot as WeChatPayOrder } from '../wechatpay/wechatpay.ts';
import type { ConsoleParts } from './parts.ts';
import type { Channel, Notices } from './wire.ts';

/** An order at WeChat, whichever way it is paid. */
export interface OrderThere {
  readonly channel: Channel;
  readonly body: string;
  readonly openid: string | null;
  readonly transaction_id: string | null;
  readonly trade_state: string;
  readonly created_at: Date;
  /** Fen. */
  readonly total_fee: number;
  readonly notices: Notices | null;
  /** Present from the payment on, in fen: what the order cost, what went back, what is on its way back. */
  readonly paid?: { readonly total: number; readonly refunded: number; readonly running: number };
}

/** Every order that WeChat knows, by its number. */
export function ordersAtWeChat({ wechatpay, virtualpay, clock }: ConsoleParts): Map<string, OrderThere> {
  const now = clock.now();
  return new Map([
    ...wechatpay.orders().map((order) => [order.out_trade_no, ordinary(order)] as const),
    ...virtualpay.orders().map((order) => [order.out_trade_no, virtual(order, now)] as const),
  ]);
}

function ordinary(order: WeChatPayOrder): OrderThere {
  const { parameters, trade_state, created_at, payment, refunds = [], notices, next_notice_at } = order;
  const total_fee = Number(parameters.total_fee) || 0;
  const reported: OrderThere = {
    channel: 'wechatpay',
    body: parameters.body ?? '',
    openid: parameters.openid ?? null,
    transaction_id: payment?.transaction_id ?? null,
    ...{ trade_state, created_at, total_fee },
    notices: payment ? noticesOf(notices, next_notice_at) : null,
  };
  if (!payment) return reported;
  const sum = (states: readonly string[]) =>
    sumOf(refunds.filter(({ refund_status }) => states.includes(refund_status)));
  const running = sum(['PROCESSING', 'CHANGE']);
  return { ...reported, paid: { total: total_fee, refunded: sum(['SUCCESS']), running } };
}

function virtual(order: VirtualOrder, now: Date): OrderThere {
  const { product_id: body, openid, created_at, payment, refunds, price: total_fee, event } = order;
  const reported: OrderThere = {
    channel: 'virtualpay',
    ...{ body, openid, created_at, total_fee },
    transaction_id: payment?.transaction_id ?? null,
    trade_state: tradeStateOf(shownStatus(order, now)),
    notices: payment ? noticesOf(event?.attempts ?? [], event?.next_at) : null,
  };
  if (!payment) return reported;
  const running = sumOf(refunds.filter(({ state }) => state === 'running'));
  return { ...reported, paid: { total: total_fee, refunded: refundedFee(order), running } };
}

function noticesOf(
  attempts: readonly { readonly outcome: string; readonly why?: string }[],
  next_at: Date | undefined,
): Notices {
  const last = attempts.at(-1);
  return {
    sent: attempts.length,
    last: last ? [last.outcome, last.why].filter(Boolean).join(': ') : null,
    next_at: next_at?.toISOString() ?? null,
  };
}

function sumOf(refunds: readonly { readonly refund_fee: number }[]): number {
  return refunds.reduce((total, { refund_fee }) => total + refund_fee, 0);
}
