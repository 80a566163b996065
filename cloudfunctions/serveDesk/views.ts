import * as v from 'valibot';
import { viewOf } from '../_shared/channels/view.ts';
import type { StoredAlarm } from '../_shared/cloud/database/stores/alarm-done.ts';
import { readOrder } from '../_shared/cloud/database/stores/orders.ts';
import type { AlarmsPlace } from '../_shared/cloud/database/stores/overview.ts';
import { CloudError } from '../_shared/cloud/errors.ts';
import type { DeskAlarm, DeskOrder, DeskPlace, Unreadable } from '../_shared/desk-contract.ts';
import type { Order } from '../_shared/order/order.ts';
import { adviceOf } from '../_shared/order/telling/advice.ts';

/** An order in a list. */
export function orderView(document: unknown): DeskOrder | Unreadable {
  return readOr(document, () => orderViewOf(readOrder(document)));
}

export function orderViewOf(order: Order): DeskOrder {
  return { ...viewOf(order), openid: order._openid };
}

export function alarmView({ _id, code, subject, message, done_by, ...moments }: StoredAlarm): DeskAlarm {
  return {
    ...{ alarm_id: _id, code, ...adviceOf(code), subject, message, done_by },
    created_at: moments.created_at?.toISOString() ?? null,
    done_at: moments.done_at?.toISOString() ?? null,
  };
}

/** Where the next page begins, where there is one. */
export function placeView(next: AlarmsPlace | undefined): { next?: DeskPlace } {
  if (!next) return {};
  const { at, after_id, done } = next;
  return {
    next: {
      at: at.toISOString(),
      ...(after_id !== undefined && { after_id }),
      ...(done !== undefined && { done }),
    },
  };
}

const Named = v.object({ _id: v.string() });

/** What `read` gives, or the name of the document that cannot be read. */
export function readOr<View>(document: unknown, read: () => View): View | Unreadable {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CloudError) || error.code !== 'DOCUMENT_UNREADABLE') throw error;
    return { unreadable: v.is(Named, document) ? document._id : '' };
  }
}
