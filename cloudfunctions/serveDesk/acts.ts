import * as v from 'valibot';
import { alarmId } from '../_shared/cloud/functions/alarm-input.ts';
import { outTradeNo } from '../_shared/cloud/functions/refund-input.ts';
import type { DeskRequest } from '../_shared/desk-contract.ts';

/** The platform adds these to what a phone sends. */
const OF_PLATFORM = { userInfo: v.exactOptional(v.unknown()), tcbContext: v.exactOptional(v.unknown()) };

/** A number of an order or a payment, or an openid; what no such thing has in it is refused before the database is asked. */
const search = v.pipe(
  v.string(),
  v.regex(/^[\w|*@-]{1,64}$/, 'must be an out_trade_no, a transaction_id or an openid'),
);

const moment = v.pipe(v.string(), v.isoTimestamp('must be a moment'), v.toDate());
const placeEntries = { at: moment, after_id: v.exactOptional(v.pipe(v.string(), v.maxLength(256))) };
const place = v.strictObject(placeEntries);
const alarmsPlace = v.strictObject({ ...placeEntries, done: v.exactOptional(v.boolean()) });

const billDate = v.pipe(v.string(), v.regex(/^\d{8}$/, 'must be a bill_date'));

/** Everything that the desk may ask for; a field that is not here is refused. */
export const DeskRequestSchema = v.variant('act', [
  v.strictObject({ ...OF_PLATFORM, act: v.literal('me') }),
  v.strictObject({
    ...OF_PLATFORM,
    act: v.literal('orders'),
    search: v.exactOptional(search),
    from: v.exactOptional(place),
  }),
  v.strictObject({ ...OF_PLATFORM, act: v.literal('order'), out_trade_no: outTradeNo }),
  v.strictObject({ ...OF_PLATFORM, act: v.literal('alarms'), from: v.exactOptional(alarmsPlace) }),
  v.strictObject({ ...OF_PLATFORM, act: v.literal('bills'), before: v.exactOptional(billDate) }),
  v.strictObject({ ...OF_PLATFORM, act: v.literal('alarm.done'), alarm_id: alarmId, done: v.boolean() }),
]) satisfies v.GenericSchema<DeskRequest, unknown>;
