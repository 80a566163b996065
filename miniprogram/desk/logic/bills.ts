import type { ChannelName } from '../../../cloudfunctions/_shared/contract';
import { fieldsOf, textIn, wholeIn } from '../../logic/fields';
import type { Unreadable } from './desk-order';

interface Sum {
  readonly count: number;
  /** Fen. */
  readonly fee: number;
}

/** One day of one channel, as WeChat's bill has it. */
export interface Bill {
  readonly channel: ChannelName;
  /** yyyymmdd. */
  readonly bill_date: string;
  /** Compared to its end. */
  readonly isDone: boolean;
  readonly payments: Sum;
  readonly refunds: Sum;
  /** What WeChat keeps, in fen; it gives some back of what is refunded. */
  readonly fees: number;
  readonly repaired: number;
  readonly alarmed: number;
  readonly details: readonly {
    readonly kind: 'repaired' | 'alarmed';
    readonly out_trade_no: string;
    readonly fee: number;
  }[];
}

export interface Bills {
  readonly bills: readonly (Bill | Unreadable)[];
  readonly next: string | undefined;
}

export function billsFrom(found: unknown): Bills | undefined {
  const fields = fieldsOf(found);
  if (!Array.isArray(fields?.bills)) return undefined;
  return { bills: fields.bills.map(billFrom), next: textIn(fields.next) };
}

function billFrom(found: unknown): Bill | Unreadable {
  const fields = fieldsOf(found);
  const bill_date = textIn(fields?.bill_date);
  const payments = sumIn(fields?.payments);
  const refunds = sumIn(fields?.refunds);
  const { fees } = fields ?? {};
  if (!bill_date || !payments || !refunds || typeof fees !== 'number')
    return { unreadable: textIn(fields?.unreadable) ?? bill_date ?? '' };
  const differences = fieldsOf(fields?.differences);
  return {
    channel: fields?.channel === 'virtualpay' ? 'virtualpay' : 'wechatpay',
    ...{ bill_date, payments, refunds, fees },
    isDone: fields?.state === 'DONE',
    repaired: wholeIn(differences?.repaired) ?? 0,
    alarmed: wholeIn(differences?.alarmed) ?? 0,
    details: Array.isArray(fields?.details) ? fields.details.flatMap(detailFrom) : [],
  };
}

function sumIn(found: unknown): Sum | undefined {
  const count = wholeIn(fieldsOf(found)?.count);
  const fee = wholeIn(fieldsOf(found)?.fee);
  return count === undefined || fee === undefined ? undefined : { count, fee };
}

function detailFrom(found: unknown): Bill['details'] {
  const fields = fieldsOf(found);
  const out_trade_no = textIn(fields?.out_trade_no);
  const fee = wholeIn(fields?.fee);
  if (out_trade_no === undefined || fee === undefined) return [];
  return [{ kind: fields?.kind === 'repaired' ? 'repaired' : 'alarmed', out_trade_no, fee }];
}
