import type { DeskHistory, DeskOrderInFull } from '../../../cloudfunctions/_shared/desk-contract.ts';
import { type History, historyFrom } from '../../../miniprogram/desk/logic/history.ts';

/** A quarter past ten in Beijing. */
export const NOW = new Date('2027-01-15T02:15:00Z');

export const OPERATOR = 'oOperator-0000000000000001';

/** An order of three months of city, paid and settled, as serveDesk answers it. */
export function answeredOrder(change: Partial<DeskOrderInFull> = {}): DeskOrderInFull {
  return {
    out_trade_no: '0123456789abcdef0123456789abcdef',
    request_id: 'request-0000000001',
    product_id: 'city',
    months: 3,
    body: '城市版 3 个月',
    total_fee: 4800,
    trade_state: 'SUCCESS',
    created_at: '2027-01-14T02:00:00.900Z',
    time_expire: '2027-01-14T02:30:00.000Z',
    held: false,
    cancelled_at: null,
    time_end: '2027-01-14T02:00:00.000Z',
    expires_at: '2027-04-14T02:00:01.000Z',
    transaction_id: '4200000000202701140000000001',
    bank_type: 'CFT',
    openid: 'oShopper-00000000000000001',
    next_query_at: null,
    queried_at: null,
    query_count: 0,
    supersedes: null,
    superseded_by: null,
    gives: [{ membership: 'city', days: 90 }],
    ...change,
  };
}

export function answered(change: Partial<DeskHistory> = {}): DeskHistory {
  return {
    order: answeredOrder(),
    refunds: [],
    alarms: [],
    audit: [],
    grants: [
      {
        membership: 'city',
        granted_at: '2027-01-14T02:00:01.000Z',
        cut_at: null,
        taken_days: null,
        expires_at: '2027-04-14T02:00:01.000Z',
      },
    ],
    names: { [OPERATOR]: '小李' },
    now: NOW.toISOString(),
    ...change,
  };
}

/** What the phone makes of it. */
export function history(change: Partial<DeskHistory> = {}): History {
  const read = historyFrom(JSON.parse(JSON.stringify(answered(change))));
  if (read === undefined || 'unreadable' in read) throw new Error('the sample cannot be read');
  return read;
}

export function refund(change: Partial<Extract<DeskHistory['refunds'][number], { state: string }>> = {}) {
  return {
    out_refund_no: 'f'.repeat(32),
    out_trade_no: '0123456789abcdef0123456789abcdef',
    refund_fee: 1600,
    reason: '买错了',
    takes: { days: 30 },
    state: 'SUCCESS',
    requested_by: OPERATOR,
    requested_at: '2027-01-14T03:00:00.000Z',
    sent_at: '2027-01-14T03:00:00.000Z',
    ended_at: '2027-01-14T03:01:00.000Z',
    success_time: '2027-01-14T03:01:00.000Z',
    err_code: null,
    err_code_des: null,
    ...change,
  } as const;
}

export function alarm(change: Partial<DeskHistory['alarms'][number]> = {}) {
  return {
    alarm_id: 'PAID_TWICE:0123456789abcdef0123456789abcdef:12345678',
    code: 'PAID_TWICE',
    title: '同一次购买付了两笔',
    advice: '退掉其中一笔。',
    subject: '0123456789abcdef0123456789abcdef',
    message: 'Both were paid.',
    created_at: '2027-01-14T04:00:00.000Z',
    done_at: null,
    done_by: null,
    ...change,
  };
}
