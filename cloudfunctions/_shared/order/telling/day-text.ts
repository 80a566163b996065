import type { ChannelName } from '../../contract.ts';

/** One day of one channel, as its bill has it. Amounts in fen. */
export interface DayOfChannel {
  readonly channel: ChannelName;
  /** yyyymmdd, in China. */
  readonly bill_date: string;
  readonly payments: Sum;
  readonly refunds: Sum;
  /** What the payment side keeps. */
  readonly fees: number;
  readonly differences: {
    /** Paid there and not here: found by the bill and booked. */
    readonly repaired: number;
    /** What a human has to look at. */
    readonly alarmed: number;
  };
}

interface Sum {
  readonly count: number;
  readonly fee: number;
}

/** How many alarms nobody is done with; `isMore` where not all were counted. */
export interface OpenAlarms {
  readonly count: number;
  readonly isMore: boolean;
}

const NAMES: Readonly<Record<ChannelName, string>> = { wechatpay: '微信支付', virtualpay: '虚拟支付' };

/** What the shop did on a day, in a line for each channel. */
export function dayText(days: readonly [DayOfChannel, ...DayOfChannel[]], open: OpenAlarms): string {
  const alarms =
    open.count === 0 ? '没有未处理的告警' : `未处理告警 ${open.count}${open.isMore ? '+' : ''} 条`;
  return [`【店铺日报】${dateOf(days[0].bill_date)}`, ...days.map(lineOf), alarms].join('\n');
}

function lineOf({ channel, payments, refunds, fees, differences }: DayOfChannel): string {
  const { repaired, alarmed } = differences;
  const compared =
    repaired + alarmed === 0 ? '对账无差异' : `对账：补上 ${repaired} 笔，要查看 ${alarmed} 笔`;
  return `${NAMES[channel]}：收款 ${sumOf(payments)}，退款 ${sumOf(refunds)}，手续费 ${yuan(fees)} 元，${compared}`;
}

function sumOf({ count, fee }: Sum): string {
  return `${count} 笔 ${yuan(fee)} 元`;
}

/** Yuan exists only where it is shown. */
function yuan(fee: number): string {
  const digits = String(Math.abs(fee)).padStart(3, '0');
  return `${fee < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function dateOf(bill_date: string): string {
  return `${Number(bill_date.slice(4, 6))} 月 ${Number(bill_date.slice(6))} 日`;
}
