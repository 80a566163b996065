/** How WeChat Pay spells moments and identifiers. `random` answers like Math.random. */
export type Random = () => number;

const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** A moment as yyyyMMddHHmmss in UTC+8, whole seconds. */
export function spellTime(moment: Date): string {
  return new Date(moment.getTime() + BEIJING_OFFSET_MS).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
}

/** Reads what spellTime writes; undefined for anything else, a 30th of February included. */
export function readTime(text: string): Date | undefined {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  const moment = new Date(Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`) - BEIJING_OFFSET_MS);
  return !Number.isNaN(moment.getTime()) && spellTime(moment) === text ? moment : undefined;
}

/** `wx`, the moment, 20 more: the shape of the prepay_id in the official samples. */
export function newPrepayId(now: Date, random: Random): string {
  return `wx${spellTime(now)}${pick('0123456789abcdef', 20, random)}`;
}

/** 28 digits with the day in the middle, as since 2016. */
export function newTransactionId(now: Date, random: Random): string {
  const digits = (count: number) => pick('0123456789', count, random);
  return `420000${digits(4)}${spellTime(now).slice(0, 8)}${digits(10)}`;
}

/** A moment as yyyy-MM-dd HH:mm:ss in UTC+8, as refunds spell theirs. */
export function spellRefundTime(moment: Date): string {
  return new Date(moment.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** 29 digits that begin with 50, as in the samples. */
export function newRefundId(now: Date, random: Random): string {
  const digits = (count: number) => pick('0123456789', count, random);
  return `50${digits(7)}${spellTime(now).slice(0, 8)}${digits(12)}`;
}

/** Digits, as in the samples and in logs. */
export function newCouponId(random: Random): string {
  return pick('123456789', 11, random);
}

export function newNonce(random: Random): string {
  return pick('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 16, random);
}

function pick(alphabet: string, count: number, random: Random): string {
  return Array.from({ length: count }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}
