import { clockOffsetAfter } from '../logic/clock-offset';
import { momentIn } from '../logic/fields';

/** The offset of the server's clock from this phone's, as last received. Phones are minutes off; orders expire by the server. */
let offsetMs = 0;

/** The server's time. */
export function serverNow(): Date {
  return new Date(Date.now() + offsetMs);
}

/** Begins a question to the server; the answer is to be called with the `now` of its answer. */
export function askServer(): (now: unknown) => void {
  const askedAt = Date.now();
  return (now) => {
    const moment = momentIn(now);
    if (moment === undefined) return;
    offsetMs = clockOffsetAfter(offsetMs, { askedAt, receivedAt: Date.now(), now: Date.parse(moment) });
  };
}
