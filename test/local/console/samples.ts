import type { ConsoleEvent, OrderHereAndThere } from '../../../scripts/local/console/wire.ts';

export type Line = Partial<ConsoleEvent> & Pick<ConsoleEvent, 'from' | 'to'>;

/** Numbers the lines as the trace would. */
export function reported(...lines: readonly Line[]): ConsoleEvent[] {
  return lines.map((line, place) => ({
    ...{ seq: place + 1, at: '2026-11-23T02:24:06.012Z', kind: 'call' as const, label: '', offset: 0 },
    ...line,
  }));
}

export function orderOf(fields: Partial<OrderHereAndThere> = {}): OrderHereAndThere {
  return {
    ...{ out_trade_no: 'a', channel: 'wechatpay', body: '城市版 3 个月', openid: 'oLi', total_fee: 4800 },
    ...{ transaction_id: null, created_at: null, time_expire: null, expires_at: null, next_query_at: null },
    ...{ here: 'NOTPAY', there: 'NOTPAY', cancelled: false, under_review: false, notices: null },
    ...fields,
  };
}
