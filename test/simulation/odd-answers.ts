import type { AlarmBook } from './alarms.ts';
import type { Chance } from './chance.ts';

/** What query_order may say of an order that nobody paid, and what it must not be believed for. */
const ODD = {
  'another env': { env_type: 2 },
  'another kind': { order_type: 3 },
  'status unknown': { status: 9 },
  'another fee': { order_fee: 1 },
  'another order': { order_id: 'f'.repeat(32) },
} as const;

const KINDS = ['another env', 'another kind', 'status unknown', 'another fee', 'another order'] as const;
type Odd = (typeof KINDS)[number];

/** An answer that says paid, and in one field something that is not true of the order that was asked about. */
export interface OddAnswer {
  readonly kind: Odd;
  readonly body: string;
}

/** Makes an odd answer of one that says "created"; undefined for any other. */
export function oddAnswer(body: string, chance: Chance): OddAnswer | undefined {
  const { order, ...rest } = JSON.parse(body);
  if (order?.status !== 1) return undefined;
  const kind = chance.pick(KINDS);
  const paid = { ...order, status: 2, paid_fee: order.order_fee, left_fee: order.order_fee };
  return { kind, body: JSON.stringify({ ...rest, order: { ...paid, ...ODD[kind] } }) };
}

/** The alarm that an odd answer calls for once it reached a function. */
export function callForAlarm(alarms: AlarmBook, kind: Odd, out_trade_no: string): void {
  if (kind === 'another fee') alarms.expect('wrong amount', out_trade_no, { isSure: false });
  // The line in the log is written in the same breath in which the answer is read.
  else alarms.expect('unclear payment', out_trade_no, { isSure: true });
}
