import { renderTable } from '../deploy/compare/table.ts';
import type { Document } from './shop.ts';

/** Columns of a list: a title, and the field or what is made of the document. */
export type Columns<Shown extends Document = Document> = readonly (readonly [
  title: string,
  field: string | ((document: Shown) => string),
])[];

const ORDERS: Columns = [
  ['out_trade_no', '_id'],
  ['created_at', ({ created_at }) => momentOf(created_at)],
  ['product_id', 'product_id'],
  ['trade_state', ({ trade_state, held }) => `${textOf(trade_state)}${held === true ? ' (held)' : ''}`],
  ['total_fee', 'total_fee'],
  ['refunded', ({ refunded_fee, refund_reserved_fee }) => withReserved(refunded_fee, refund_reserved_fee)],
  ['openid', '_openid'],
];
const REFUNDS: Columns = [
  ['out_refund_no', '_id'],
  ['created_at', ({ created_at }) => momentOf(created_at)],
  ['out_trade_no', 'out_trade_no'],
  ['state', 'state'],
  ['refund_fee', 'refund_fee'],
  ['takes', ({ takes }) => takesOf(takes)],
  ['by', ({ requested_by }) => (requested_by === null ? 'elsewhere' : textOf(requested_by))],
  ['WeChat said', ({ err_code }) => textOf(err_code)],
];
const ALARMS: Columns = [
  ['_id', '_id'],
  ['created_at', ({ created_at }) => momentOf(created_at)],
  ['done', ({ done_at, done_by }) => (done_at ? `${momentOf(done_at)} by ${textOf(done_by)}` : 'no')],
  ['message', 'message'],
];
const AUDIT: Columns = [
  ['created_at', ({ created_at }) => momentOf(created_at)],
  ['act', 'act'],
  ['by', 'by'],
  ['details', 'details'],
];
const OPERATORS: Columns = [
  ['openid', '_id'],
  ['name', 'name'],
  ['active', 'active'],
  ['created_at', ({ created_at }) => momentOf(created_at)],
];

export const tables = {
  orders: ORDERS,
  refunds: REFUNDS,
  alarms: ALARMS,
  operators: OPERATORS,
  audit: AUDIT,
} as const;

export function render<Shown extends Document>(columns: Columns<Shown>, documents: readonly Shown[]): string {
  if (documents.length === 0) return '(none)';
  const rows = documents.map((document) =>
    columns.map(([, field]) => (typeof field === 'string' ? textOf(document[field]) : field(document))),
  );
  return renderTable(
    columns.map(([title]) => title),
    rows,
  );
}

/** Yuan with two decimals, for people. */
export function yuan(fen: number): string {
  return `¥${(fen / 100).toFixed(2)}`;
}

export function takesOf(takes: unknown): string {
  if (typeof takes === 'object' && takes !== null && 'days' in takes) return `${textOf(takes.days)} days`;
  return textOf(takes);
}

function withReserved(refunded: unknown, reserved: unknown): string {
  const under = typeof reserved === 'number' && reserved > 0 ? ` (+${reserved} under way)` : '';
  return `${typeof refunded === 'number' ? refunded : 0}${under}`;
}

function momentOf(value: unknown): string {
  return textOf(value)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
