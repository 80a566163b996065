import assert from 'node:assert/strict';
import fc from 'fast-check';
import { outTradeNo } from '../../cloudfunctions/_shared/order/order.ts';
import { endOfTerm } from '../../cloudfunctions/_shared/order/term.ts';
import { parts, shortYuan, yuan } from '../../miniprogram/logic/money.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEIJING_MS = 8 * HOUR_MS;

/** Fen are shown as yuan without a rounding error, up to more than anybody pays, and can be read back from it. */
export function moneyIsExact() {
  return fc.property(fc.nat({ max: 2 ** 53 - 1 }), (fen) => {
    const shown = `${BigInt(fen) / 100n}.${String(BigInt(fen) % 100n).padStart(2, '0')}`;
    assert.equal(yuan(fen), shown);
    assert.equal(BigInt(yuan(fen).replace('.', '')), BigInt(fen));
    assert.equal(shortYuan(fen), shown.replace(/\.00$/, ''));
    const { whole, fraction } = parts(fen);
    assert.equal(whole + fraction, shown);
  });
}

/** The day in Beijing, counted from 1970 by the rule of leap years alone. */
function dayOf(moment: Date): { year: number; month: number; day: number } {
  let days = Math.floor((moment.getTime() + BEIJING_MS) / DAY_MS);
  let year = 1970;
  for (; days >= daysOfYear(year); year++) days -= daysOfYear(year);
  let month = 0;
  for (; days >= daysOfMonth(year, month); month++) days -= daysOfMonth(year, month);
  return { year, month, day: days + 1 };
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysOfYear = (year: number) => (isLeap(year) ? 366 : 365);
const daysOfMonth = (year: number, month: number) =>
  [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month] ?? 0;

/** Months are added by Beijing's calendar: same day and time, or the whole of the month's last day where there is no such day. */
export function monthsAreAddedByTheCalendar() {
  const from = fc.date({ min: new Date('2020-01-01'), max: new Date('2150-01-01'), noInvalidDate: true });
  return fc.property(from, fc.integer({ min: 1, max: 120 }), (begin, months) => {
    const end = endOfTerm(begin, { months });
    const [there, here] = [dayOf(begin), dayOf(end)];
    const count = there.year * 12 + there.month + months;
    const [year, month] = [Math.floor(count / 12), count % 12];
    assert.deepEqual(here, { year, month, day: Math.min(there.day, daysOfMonth(year, month)) });
    assert.equal(timeOfDay(end), here.day === there.day ? timeOfDay(begin) : DAY_MS - 1);
    // One month more is never less, and at most 31 days more.
    const further = endOfTerm(begin, { months: months + 1 }).getTime() - end.getTime();
    assert.ok(further >= 28 * DAY_MS && further <= 31 * DAY_MS);
  });
}

const timeOfDay = (moment: Date) => (moment.getTime() + BEIJING_MS) % DAY_MS;

/** Two wishes have one number only if they are the same request, wherever their parts end. */
export function orderNumbersDiffer() {
  const part = fc.oneof(fc.string(), fc.constantFrom('a', '1:a', '2:ab', '', ':', 'a2:'));
  const request = fc.record({ environment: part, appid: part, openid: part, request_id: part });
  return fc.property(request, request, (one, other) => {
    const isSame = JSON.stringify(one) === JSON.stringify(other);
    assert.equal(outTradeNo(one) === outTradeNo(other), isSame);
    assert.match(outTradeNo(one), /^[0-9a-f]{32}$/);
  });
}
