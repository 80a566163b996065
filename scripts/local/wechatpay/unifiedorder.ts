import { type Refused, refuse } from './errors.ts';
import { isUnpaid, type LedgerOrder } from './ledger.ts';
import { newPrepayId, readTime } from './spelling.ts';
import type { Answer, Work } from './work.ts';
import type { Message } from './xml.ts';

/** A prepay_id can be paid with for two hours, whatever time_expire says. */
export const PREPAY_LIFE_MS = 2 * 3_600_000;
const MINUTE_MS = 60_000;

/** Takes an order, or takes it again: with the same parameters that is safe, with others it is refused. */
export function unifiedorder(work: Work): Answer | Refused {
  const { ledger, request, merchant } = work;
  const order = ledger.find(merchant.mch_id, request.out_trade_no ?? '');
  const refused = checkShopper(work) ?? (order && checkRepeat(order, request)) ?? checkTimes(work, order);
  if (refused) return refused;
  const prepay_id = order ? prepayAgain(work, order) : place(work);
  return { kind: 'answer', fields: { prepay_id, trade_type: 'JSAPI' } };
}

function checkShopper({ registry, request }: Work): Refused | undefined {
  const { trade_type, openid, appid = '' } = request;
  if (trade_type !== 'JSAPI') return refuse('NOAUTH', `${trade_type} is not how a mini-program pays`);
  if (!openid) return refuse('PARAM_ERROR', 'JSAPI needs the openid of who pays', 'JSAPI支付必须传openid');
  if (!registry.isShopperOf(openid, appid)) {
    return refuse('OPENID_MISMATCH', `no shopper of ${appid} has this openid; is it from another app?`);
  }
  return undefined;
}

/**
 * Older documents demand more than five minutes, later ones more than one; the gateway's text still speaks of both. They
 * are counted from when the order arrives. An order that exists may be repeated as long as it is not over.
 */
function checkTimes(
  { request, now, time_expire_min_minutes }: Work,
  order: LedgerOrder | undefined,
): Refused | undefined {
  if (!request.time_expire) return undefined;
  const time_expire = readTime(request.time_expire) ?? now;
  const time_start = readTime(request.time_start ?? '') ?? now;
  if (time_expire <= time_start) {
    return refuse('PARAM_ERROR', 'time_expire is not after time_start', '交易有效截止时间非法');
  }
  const begin = Math.max(now.getTime(), time_start.getTime());
  const earliest = order ? now.getTime() : begin + time_expire_min_minutes * MINUTE_MS;
  if (time_expire.getTime() > earliest) return undefined;
  const text = 'time_expire时间过短，刷卡至少1分钟，其他5分钟';
  return refuse('PARAM_ERROR', 'time_expire is too near or past; is it spelled in UTC+8?', text);
}

function checkRepeat(order: LedgerOrder, request: Readonly<Message>): Refused | undefined {
  if (order.trade_state === 'CLOSED') return refuse('ORDERCLOSED', 'final; a new payment needs a new number');
  if (!isUnpaid(order)) return refuse('ORDERPAID', 'paid already; ask orderquery');
  const asked = orderParameters(request);
  const names = new Set([...Object.keys(asked), ...Object.keys(order.parameters)]);
  const changed = [...names].filter((name) => asked[name] !== order.parameters[name]);
  if (changed.length === 0) return undefined;
  return refuse('INVALID_REQUEST', `the same out_trade_no with another ${changed.join(', ')}`);
}

function prepayAgain(work: Work, order: LedgerOrder): string {
  const { ledger, now, freshPrepayId } = work;
  ledger.change(order, { ordered_at: now });
  const last = order.prepays.at(-1);
  const lives = last && now.getTime() < last.created_at.getTime() + PREPAY_LIFE_MS;
  return lives && !freshPrepayId ? last.prepay_id : addPrepay(work, order);
}

function place(work: Work): string {
  const { ledger, merchant, request, sign_type, now } = work;
  const order: LedgerOrder = {
    mch_id: merchant.mch_id,
    appid: request.appid ?? '',
    out_trade_no: request.out_trade_no ?? '',
    parameters: orderParameters(request),
    sign_type,
    created_at: now,
    ordered_at: now,
    prepays: [],
    trade_state: 'NOTPAY',
    notices: [],
    next_notice_at: undefined,
  };
  ledger.add(order);
  return addPrepay(work, order);
}

function addPrepay({ ledger, now, random }: Work, order: LedgerOrder): string {
  const prepay_id = newPrepayId(now, random);
  ledger.change(order, { prepays: [...order.prepays, { prepay_id, created_at: now }] });
  ledger.name(order, prepay_id);
  return prepay_id;
}

/** What has to be the same when an order is repeated: everything but nonce_str and what follows from it. */
function orderParameters(request: Readonly<Message>): Message {
  const { nonce_str: _nonce, sign: _sign, sign_type, ...rest } = request;
  const parameters = { ...rest, sign_type: sign_type || 'MD5' };
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''));
}
