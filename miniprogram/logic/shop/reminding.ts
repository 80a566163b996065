import { fieldsOf, momentIn } from '../fields';
import type { Store } from '../store';
import type { Checkout } from './checkout';

/** When the shopper last said no. */
const REFUSED_KEY = 'reminder-refused';
/** Whoever said no is left alone for so long. */
const LEFT_ALONE_MS = 180 * 86_400_000;

/**
 * Offers a reminder before the membership ends, right after paying: WeChat lets nobody ask later. A no is taken for half a
 * year, and whatever comes of it, the order goes on.
 */
export async function offerReminder(
  { store, askForMessage, wantReminder }: Pick<Checkout, 'store' | 'askForMessage' | 'wantReminder'>,
  { template_id, out_trade_no, now }: { template_id: string; out_trade_no: string; now: string },
): Promise<void> {
  if (isLeftAlone(store, now)) return;
  const answer = await askForMessage(template_id);
  if (answer === 'accept') wantReminder(out_trade_no);
  if (answer === 'reject') store.write(REFUSED_KEY, { at: now });
}

function isLeftAlone(store: Store, now: string): boolean {
  const at = momentIn(fieldsOf(store.read(REFUSED_KEY))?.at);
  return at !== undefined && Date.parse(now) - Date.parse(at) < LEFT_ALONE_MS;
}
