import { gzipSync } from 'node:zlib';
import { writeBill } from './bill.ts';
import type { BillType } from './bill-columns.ts';
import { type Refused, refuse } from './errors.ts';
import { readTime } from './spelling.ts';
import type { FileAnswer, Work } from './work.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A day's bill is made at nine o'clock the next morning; WeChat says to fetch it after ten. */
const MADE_AFTER_MS = DAY_MS + 9 * HOUR_MS;
/** Bills of three months are kept. */
const KEPT_MS = 90 * DAY_MS;

const TYPES: readonly (BillType | 'RECHARGE_REFUND')[] = ['ALL', 'SUCCESS', 'REFUND', 'RECHARGE_REFUND'];

/** Gives the bill of a day as text, or packed: every payment and refund of the merchant, whichever app it was made in. */
export function downloadbill({ ledger, request, merchant, now, faults }: Work): FileAnswer | Refused {
  const { bill_date = '', bill_type = 'ALL', tar_type } = request;
  const type = TYPES.find((each) => each === bill_type);
  if (!type) return refuse('INVALID_BILL_TYPE', `bill_type is one of ${TYPES.join(', ')}`);
  const from = readTime(`${bill_date}000000`);
  if (!from) return refuse('DATA_FORMAT_ERROR', 'bill_date is yyyyMMdd');
  const made = new Date(from.getTime() + MADE_AFTER_MS);
  const before = new Date(from.getTime() + DAY_MS);
  if (now < before) return refuse('NO_BILL_EXIST', 'the day is not over');
  if (now < made) return refuse('BILL_CREATING', 'the bill is made at nine o’clock the next morning');
  if (now.getTime() - from.getTime() > KEPT_MS)
    return refuse('NO_BILL_EXIST', 'bills are kept for three months');
  // Recharged coupons are not known here, so nobody has refunded one.
  if (type === 'RECHARGE_REFUND') return refuse('NO_BILL_EXIST', 'nothing of that kind is known here');
  const orders = ledger.all().filter(({ mch_id }) => mch_id === merchant.mch_id);
  const bill = writeBill(orders, { from, before, made, type }, faults);
  if (bill === undefined) return refuse('NO_BILL_EXIST', 'nothing was paid or refunded on that day');
  const isPacked = tar_type === 'GZIP';
  const file = isPacked ? gzipSync(bill.bytes) : bill.bytes;
  const contentType = isPacked ? 'application/x-gzip' : 'text/plain;charset=utf-8';
  const summary = { bill_date, lines: String(bill.lines), bytes: String(file.length) };
  return { kind: 'file', contentType, file, summary };
}
