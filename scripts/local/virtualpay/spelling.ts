import { pick, type Random } from '../weixin/spelling.ts';

const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** Unix seconds, as every moment of virtual payment. */
export function seconds(moment: Date | undefined): number {
  return moment ? Math.floor(moment.getTime() / 1000) : 0;
}

/** `VPO`, the second in UTC+8, nine digits: an order as WeChat calls it. */
export function newWxOrderId(now: Date, random: Random): string {
  return `VPO${spell(now).slice(2)}${digits(9, random)}`;
}

/** The same for a refund. */
export function newWxRefundId(now: Date, random: Random): string {
  return `VPR${spell(now).slice(2)}${digits(9, random)}`;
}

/** The merchant's number that the shopper sees in WeChat. */
export function newChannelOrderId(now: Date, random: Random): string {
  return `${spell(now).slice(0, 8)}${digits(10, random)}`;
}

/** 28 digits with the day in the middle: the number of the payment at WeChat Pay. */
export function newTransactionId(now: Date, random: Random): string {
  return `450000${digits(4, random)}${spell(now).slice(0, 8)}${digits(10, random)}`;
}

/** What Apple calls the payment. */
export function newAppleTransactionId(random: Random): string {
  return `4${digits(14, random)}`;
}

function digits(count: number, random: Random): string {
  return pick('0123456789', count, random);
}

function spell(moment: Date): string {
  return new Date(moment.getTime() + BEIJING_OFFSET_MS).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
}
