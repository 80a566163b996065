import { yuan } from '../../logic/money';
import type { Bill } from './bills';
import type { Unreadable } from './desk-order';
import { endOf } from './order-rows';

export interface BillRow {
  readonly key: string;
  /** `1 月 14 日 周四`, with the channel where it is not WeChat Pay. */
  readonly title: string;
  readonly about: string;
  /** What was paid on the day, in fen; null while it is not known. */
  readonly fen: number | null;
  readonly state: string;
  /** `same`: the books agree. `wait`: not compared to the end. `mended`: booked from the bill. `bad`: a human has to look. */
  readonly look: 'same' | 'wait' | 'mended' | 'bad';
  /** What is below when the row is unfolded. */
  readonly cells: readonly { readonly label: string; readonly value: string }[];
  readonly details: readonly {
    readonly key: number;
    readonly out_trade_no: string;
    readonly label: string;
    readonly value: string;
  }[];
}

/** Days under the month that they belong to. */
export interface Month {
  /** `2027 年 1 月` */
  readonly name: string;
  readonly rows: readonly BillRow[];
}

/** The latest first, as they come; of one day WeChat Pay's first. */
export function showBills(bills: readonly (Bill | Unreadable)[]): Month[] {
  const months: { name: string; rows: BillRow[] }[] = [];
  for (const bill of [...bills].sort(byDay)) {
    const name = monthOf('unreadable' in bill ? '' : bill.bill_date);
    const last = months[months.length - 1];
    const row = 'unreadable' in bill ? unreadableRow(bill.unreadable) : rowOf(bill);
    if (last !== undefined && (last.name === name || name === '')) last.rows.push(row);
    else months.push({ name, rows: [row] });
  }
  return months;
}

function byDay(one: Bill | Unreadable, other: Bill | Unreadable): number {
  if ('unreadable' in one || 'unreadable' in other || one.bill_date !== other.bill_date) return 0;
  return Number(one.channel === 'virtualpay') - Number(other.channel === 'virtualpay');
}

function rowOf(bill: Bill): BillRow {
  const { bill_date, channel, payments, refunds, fees } = bill;
  const amount = (fen: number) => `${fen < 0 ? '-' : ''}¥${yuan(Math.abs(fen))}`;
  const cell = (label: string, value: string) => ({ label, value });
  return {
    key: `${channel}:${bill_date}`,
    title: channel === 'virtualpay' ? `${dayOf(bill_date)} · 虚拟支付` : dayOf(bill_date),
    about: [`收款 ${payments.count} 笔`, ...(refunds.count > 0 ? [`退款 ${refunds.count} 笔`] : [])].join(
      ' · ',
    ),
    fen: payments.fee,
    ...stateOf(bill),
    cells: [
      cell(`收款 ${payments.count} 笔`, amount(payments.fee)),
      cell(`退款 ${refunds.count} 笔`, amount(refunds.fee)),
      cell('手续费', amount(fees)),
      cell('净收入', amount(payments.fee - refunds.fee - fees)),
    ],
    details: bill.details.map(({ kind, out_trade_no, fee }, index) => ({
      key: index,
      out_trade_no,
      label: `${kind === 'repaired' ? '已补记' : '待核对'} · 订单 ${endOf(out_trade_no)}`,
      value: amount(fee),
    })),
  };
}

function stateOf({ isDone, repaired, alarmed }: Bill): Pick<BillRow, 'state' | 'look'> {
  if (alarmed > 0) return { state: `${alarmed} 处待核对`, look: 'bad' };
  if (!isDone) return { state: '对账中', look: 'wait' };
  return repaired > 0 ? { state: `已补记 ${repaired} 笔`, look: 'mended' } : { state: '一致', look: 'same' };
}

function unreadableRow(name: string): BillRow {
  return {
    ...{ key: name, title: '无法读取的账单', about: name, fen: null, state: '待核对', look: 'bad' },
    ...{ cells: [], details: [] },
  };
}

function monthOf(bill_date: string): string {
  return bill_date === '' ? '' : `${bill_date.slice(0, 4)} 年 ${Number(bill_date.slice(4, 6))} 月`;
}

const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const;

/** `1 月 14 日 周四`: bills follow the week. */
function dayOf(bill_date: string): string {
  const [year, month, date] = [bill_date.slice(0, 4), bill_date.slice(4, 6), bill_date.slice(6, 8)].map(
    Number,
  );
  const weekday = WEEKDAYS[new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, date ?? 1)).getUTCDay()] ?? '';
  return `${month} 月 ${date} 日 ${weekday}`;
}
