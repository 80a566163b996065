import { momentIn } from '../logic/fields';

/** How far the server's clock is ahead of this phone's, as last heard. Phones are minutes off; orders expire by the server. */
let aheadMs = 0;

/** The server's time. */
export function serverNow(): Date {
  return new Date(Date.now() + aheadMs);
}

export function heardFromServer(now: unknown): void {
  const moment = momentIn(now);
  if (moment !== undefined) aheadMs = Date.parse(moment) - Date.now();
}
