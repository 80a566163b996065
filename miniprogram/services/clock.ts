import { clockOffsetAfter } from '../logic/clock-offset';
import { momentIn } from '../logic/fields';

/** How far the server's clock is ahead of this phone's, as last heard. Phones are minutes off; orders expire by the server. */
let aheadMs = 0;

/** The server's time. */
export function serverNow(): Date {
  return new Date(Date.now() + aheadMs);
}

/** Begins a question to the server; the answer is to be called with the `now` of its answer. */
export function askServer(): (now: unknown) => void {
  const askedAt = Date.now();
  return (now) => {
    const moment = momentIn(now);
    if (moment === undefined) return;
    aheadMs = clockOffsetAfter(aheadMs, { askedAt, heardAt: Date.now(), now: Date.parse(moment) });
  };
}
