import * as v from 'valibot';
import { alarmId } from '../_shared/cloud/functions/alarm-input.ts';
import { outTradeNo, RefundRequestSchema } from '../_shared/cloud/functions/refund-input.ts';

/** Who acts, as the terminal says: it goes into the audit, and whoever holds the credentials is trusted with it. */
const by = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64));
const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 20);
const openid = v.pipe(v.string(), v.regex(/^[\w-]{8,128}$/, 'must be an openid'));

/** Everything an administrator may ask for. */
export const ActSchema = v.variant('act', [
  v.object({ act: v.literal('orders'), limit, openid: v.exactOptional(openid) }),
  v.object({ act: v.literal('order'), out_trade_no: outTradeNo }),
  v.object({ act: v.literal('refunds'), limit }),
  v.object({ act: v.literal('alarms'), limit }),
  v.object({ act: v.literal('alarm.done'), by, alarm_id: alarmId, done: v.boolean() }),
  v.object({
    act: v.literal('bills'),
    limit,
    bill_date: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{8}$/, 'must be a day: yyyymmdd'))),
  }),
  v.object({ act: v.literal('operators'), limit }),
  v.object({
    act: v.literal('operators.add'),
    by,
    openid,
    name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(32)),
  }),
  v.object({ act: v.literal('operators.remove'), by, openid }),
  v.object({ act: v.literal('refund'), by, request: RefundRequestSchema }),
  v.object({
    act: v.literal('give-up'),
    by,
    out_refund_no: v.pipe(v.string(), v.regex(/^[\w|*@-]{1,64}$/, 'must be the out_refund_no of a refund')),
  }),
]);
