import * as v from 'valibot';
import { DeployError } from '../deploy/errors.ts';
import { wayOutOf } from './way-out.ts';

/** Calls operateShop, wherever it runs, and gives what it answered. */
export type Call = (event: Readonly<Record<string, unknown>>) => Promise<unknown>;

const moment = v.nullish(v.pipe(v.string(), v.isoTimestamp()));
const text = v.optional(v.unknown());
const fee = v.optional(v.number());

/** A document as it crosses in JSON: what is not looked at here, or is not as it should be, must not stop a look at it. */
export const Order = v.looseObject({
  _id: v.string(),
  trade_state: text,
  total_fee: fee,
  refunded_fee: fee,
  refund_reserved_fee: fee,
  refunds: v.fallback(v.optional(v.array(v.unknown())), undefined),
  created_at: v.optional(v.unknown()),
});
export const Refund = v.looseObject({
  out_refund_no: v.string(),
  out_trade_no: v.string(),
  refund_fee: v.number(),
  state: v.string(),
  takes: v.unknown(),
  err_code: v.nullish(v.string()),
  err_code_des: v.nullish(v.string()),
  sent_at: moment,
});
/** A day of bills, with what is counted in it; in a document that was edited it may be anything. */
const Sum = v.fallback(v.object({ count: v.number(), fee: v.number() }), { count: 0, fee: 0 });
const BillDay = v.looseObject({
  payments: Sum,
  refunds: Sum,
  fees: v.fallback(v.number(), 0),
  differences: v.fallback(v.record(v.string(), v.number()), {}),
  details: v.fallback(v.array(v.looseObject({})), []),
  awaited: v.fallback(v.array(v.string()), []),
});
export type BillDay = v.InferOutput<typeof BillDay>;

const Documents = v.array(v.looseObject({}));

export type Document = Readonly<Record<string, unknown>>;

export const Answers = {
  orders: v.object({ orders: Documents }),
  refunds: v.object({ refunds: Documents }),
  alarms: v.object({ alarms: Documents }),
  operators: v.object({ operators: Documents }),
  /** `now` is the shop's time, which in a local world is another than the terminal's. */
  bills: v.object({ bills: v.array(BillDay), now: v.optional(v.pipe(v.string(), v.isoTimestamp())) }),
  order: v.object({
    order: v.nullable(Order),
    user: v.nullish(v.looseObject({})),
    refunds: Documents,
    alarms: Documents,
    audit: Documents,
  }),
  refund: v.object({ refund: Refund }),
  operator: v.object({ operator: v.looseObject({}) }),
  alarm: v.object({ alarm: v.looseObject({ _id: v.string() }) }),
} as const;

const Refusal = v.object({ errcode: v.string(), errmsg: v.string() });

/** The function said no, and has done nothing. */
export class Refused extends DeployError {}

/** After these nobody knows whether something was done: the function itself failed. */
const OPEN = new Set(['INTERNAL_ERROR', 'WECHATPAY_UNAVAILABLE', 'MERCHANT_MISCONFIGURED']);

const SEE_ALARMS =
  'See npm run ops -- alarms, and the logs of operateShop (CloudBase console, Cloud Functions 云函数)';

/** Calls, and reads the answer. @throws DeployError with the errcode of a refusal */
export async function ask<Schema extends v.GenericSchema>(
  call: Call,
  event: Readonly<Record<string, unknown>>,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const answer = await call(event);
  const refused = v.safeParse(Refusal, answer);
  if (refused.success) {
    const { errcode, errmsg } = refused.output;
    const message = `${errcode}: ${errmsg}`;
    if (OPEN.has(errcode)) throw new DeployError(errcode, message, { wayOut: SEE_ALARMS });
    throw new Refused(errcode, message, { wayOut: wayOutOf(errcode) });
  }
  const read = v.safeParse(schema, answer);
  if (read.success) return read.output;
  throw new DeployError('ANSWER_UNREADABLE', 'operateShop did not answer as this release does', {
    wayOut: 'Deploy this release: npm run deploy',
  });
}
