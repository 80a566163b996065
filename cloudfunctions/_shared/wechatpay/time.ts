import { WeChatPayError } from './errors.ts';

/** WeChat Pay writes every time of day in Beijing's time, which has no summer time. A cloud function runs in UTC. */
const BEIJING_OFFSET_MS = 8 * 3_600_000;

/**
 * `time_start`, `time_expire`, `time_end`: yyyyMMddHHmmss in UTC+8. Milliseconds are cut off.
 * @throws WeChatPayError PARAMETER_REFUSED for a Date that is invalid or beyond the year 9999
 */
export function toWeChatTime(moment: Date): string {
  const beijing = new Date(moment.getTime() + BEIJING_OFFSET_MS);
  const year = beijing.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) {
    throw new WeChatPayError('PARAMETER_REFUSED', 'a time is invalid or not within the years 0 to 9999');
  }
  const day = (year * 100 + beijing.getUTCMonth() + 1) * 100 + beijing.getUTCDate();
  const time = (beijing.getUTCHours() * 100 + beijing.getUTCMinutes()) * 100 + beijing.getUTCSeconds();
  return `${String(day).padStart(8, '0')}${String(time).padStart(6, '0')}`;
}

/** Reads yyyyMMddHHmmss in UTC+8; undefined for anything that is not such a moment, 30 February for one. */
export function fromWeChatTime(text: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const moment = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
  return Number.isNaN(moment.getTime()) || toWeChatTime(moment) !== text ? undefined : moment;
}

/** Reads yyyy-MM-dd HH:mm:ss in UTC+8, as refunds spell their moments; undefined for anything else. */
export function fromRefundTime(text: string): Date | undefined {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? fromWeChatTime(text.replace(/\D/g, '')) : undefined;
}

/** `timeStamp` of wx.requestPayment: whole seconds since 1970, as text. */
export function toTimeStamp(moment: Date): string {
  return String(Math.floor(moment.getTime() / 1000));
}
