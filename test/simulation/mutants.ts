import type { Invariant } from './findings.ts';
import type { Edit } from './load-subject.ts';

/** A deliberate bug, and the invariant that must find it. */
export interface Mutant extends Edit {
  readonly name: string;
  readonly foundBy: Invariant;
}

/**
 * Bugs as people make them. Each is built into the functions by itself and must be found; one whose text is no longer in
 * its file fails, so that this table keeps up with the code.
 */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a payment grants nothing',
    file: '_shared/order/settle.ts',
    find: 'if (decision.grants) {',
    replace: 'if (decision.grants && decision.alarm) {',
    foundBy: 'granted rightly',
  },
  {
    name: 'a second membership replaces the first',
    file: '_shared/order/grants.ts',
    find: 'endOfGrant(grant, latest(end, grant.granted_at))',
    replace: 'endOfGrant(grant, grant.granted_at)',
    foundBy: 'granted rightly',
  },
  {
    name: 'months of thirty days',
    file: '_shared/order/term.ts',
    find: 'const lastDay = new Date(',
    replace:
      'if (term.months > 0) return new Date(from.getTime() + term.months * 30 * DAY_MS);\n  const lastDay = new Date(',
    foundBy: 'granted rightly',
  },
  {
    name: 'a repeated report settles a paid order again',
    file: '_shared/order/state.ts',
    find: "SUCCESS: ['REFUND'],",
    replace: "SUCCESS: ['REFUND', 'SUCCESS'],",
    foundBy: 'alarms by the table',
  },
  {
    name: 'the amount is not compared',
    file: '_shared/order/state.ts',
    find: "if (report.total_fee !== order.total_fee) return 'AMOUNT_MISMATCH';",
    replace: '',
    foundBy: 'no grant without payment',
  },
  {
    name: 'the payer is not compared',
    file: '_shared/order/state.ts',
    find: "if (report.openid !== order._openid) return 'PAYER_MISMATCH';",
    replace: '',
    foundBy: 'no grant without payment',
  },
  {
    name: 'the app is not compared',
    file: '_shared/order/state.ts',
    find: "if (proves.includes('appid') && report.appid !== order.appid) return 'APPID_MISMATCH';",
    replace: '',
    foundBy: 'no grant without payment',
  },
  {
    name: 'a forged notice is believed',
    file: '_shared/wechatpay/notice.ts',
    find: 'if (found) return found;',
    replace: "if (found || fields.sign) return found ?? { sign_type: 'HMAC-SHA256', key: 'current' };",
    foundBy: 'no grant without payment',
  },
  {
    name: 'an answer of WeChat is not verified',
    file: '_shared/wechatpay/client.ts',
    find: 'if (!matchesSign(answer, key, asked.sign_type)) {',
    replace: 'if (!answer.sign) {',
    foundBy: 'no grant without payment',
  },
  {
    name: 'only the current key is tried',
    file: '_shared/wechatpay/client.ts',
    find: 'return keys.length === 1 ? keys : [...keys, merchant.api_key];',
    replace: 'return keys.slice(0, 1);',
    foundBy: 'alarms by the table',
  },
  {
    name: 'an order that WeChat does not know yet is closed',
    file: '_shared/order/reconcile.ts',
    find: 'return ports.clock.now().getTime() < arrivesUntil ? order : receive',
    replace: 'return arrivesUntil < 0 ? order : receive',
    foundBy: 'closed is closed',
  },
  {
    name: 'a close that came too late counts as one',
    file: '_shared/order/reconcile.ts',
    find: 'return ask(ports, order);\n    case',
    replace: 'return receive(ports, order, closedReport(order));\n    case',
    foundBy: 'closed is closed',
  },
  {
    name: 'orders are not closed at their end',
    file: '_shared/order/reconcile.ts',
    find: 'return close(ports, asked);',
    replace: 'return asked;',
    foundBy: 'every order ends',
  },
  {
    name: 'after its end an order is asked about once a day',
    file: '_shared/order/schedule.ts',
    find: 'const BACKOFF_MAX_MS = HOUR_MS;',
    replace: 'const BACKOFF_MAX_MS = 24 * HOUR_MS;',
    foundBy: 'every order ends',
  },
  {
    name: 'anybody may refund',
    file: '_shared/cloud/functions/operator-function.ts',
    find: 'if (!operator) {',
    replace: 'if (operator === null) {',
    foundBy: 'only operators refund',
  },
  {
    name: 'a refund is booked as often as it is reported',
    file: '_shared/order/refunds/decide-refund.ts',
    find: "if (refund?.state === 'SUCCESS') return { kind: 'keep' };",
    replace: '',
    foundBy: 'refunded at most what was paid',
  },
  {
    name: 'a refund is sent under another number than it is saved',
    file: '_shared/order/refunds/ask-refund.ts',
    find: 'const asked = { out_refund_no, refund_fee, reason, refunded_fee, created_at };',
    replace:
      "const asked = { out_refund_no: out_refund_no + '0', refund_fee, reason, refunded_fee, created_at };",
    foundBy: 'saved before asked',
  },
  {
    name: 'a cut grant counts whole',
    file: '_shared/order/grants.ts',
    find: 'if (cut_at === undefined) return end;',
    replace: 'if (end) return end;',
    foundBy: 'membership is the replay of its grants',
  },
  {
    name: 'a refund that never arrived is not sent again',
    file: '_shared/order/refunds/ask-refund.ts',
    find: "if (refund.state === 'PROCESSING') return send(ports, order, refund);",
    replace: '',
    foundBy: 'every refund ends',
  },
  {
    name: 'a settled order stays due',
    file: '_shared/order/settle.ts',
    find: 'change.next_query_at = nextAfter(order, decision, now);',
    replace: 'change.next_query_at = order.next_query_at;',
    foundBy: 'every order ends',
  },
  {
    name: 'WeChat is asked about an order every minute',
    file: '_shared/order/schedule.ts',
    find: 'const steps = QUERY_AGES_MS.map',
    replace: 'const steps = Array.from({ length: 120 }, (_, minute) => minute * MINUTE_MS).map',
    foundBy: 'questions bounded',
  },
  {
    name: 'the price is what the client says',
    file: '_shared/order/draft.ts',
    find: 'const total_fee = product && priceOf(product, request);',
    replace: 'const total_fee = product && request.expected_total_fee;',
    foundBy: 'catalogue price',
  },
  {
    name: 'an order is asked for in other words when it is repeated',
    file: '_shared/order/create-order.ts',
    find: 'ports.channelOf(order).prepare(order)',
    replace: 'ports.channelOf(order).prepare({ ...order, time_start: ports.clock.now() })',
    foundBy: 'saved before asked',
  },
  {
    name: 'a cancelled order is signed for',
    file: '_shared/order/payable.ts',
    find: 'order.cancelled_at !== null || ',
    replace: '',
    foundBy: 'no signature for the dead',
  },
  {
    name: 'an expired order is signed for',
    file: '_shared/order/payable.ts',
    find: ' || now >= order.time_expire;',
    replace: ';',
    foundBy: 'no signature for the dead',
  },
  {
    name: 'an unknown order is acknowledged',
    file: 'payNotify/build.ts',
    find: "return { kind: 'refused', reason: 'ORDER_UNKNOWN' };",
    replace: "return { kind: 'done' };",
    foundBy: 'committed before SUCCESS',
  },
  {
    name: 'a late notice is acknowledged',
    file: '_shared/cloud/functions/notice-endpoint.ts',
    find: "return fail(503, 'Not saved in time, please repeat.');",
    replace: "return reply(200, 'SUCCESS', 'OK');",
    foundBy: 'committed before SUCCESS',
  },
  {
    name: 'a notice is acknowledged when saving it failed',
    file: '_shared/cloud/functions/notice-endpoint.ts',
    find: 'return fail(...(refused ?? failureOf(error)));',
    replace: "return refused ? fail(...refused) : reply(200, 'SUCCESS', 'OK');",
    foundBy: 'committed before SUCCESS',
  },
  {
    name: 'the shopper is whoever called before',
    file: '_shared/cloud/runtime.ts',
    find: 'identityOf(context) ?? identityFromWXContext',
    replace: 'identityFromWXContext',
    foundBy: 'own orders only',
  },
  {
    name: 'anybody may look at an order',
    file: '_shared/order/check.ts',
    find: 'if (!order || order._openid !== openid) return notFound;',
    replace: 'if (!order) return notFound;',
    foundBy: 'own orders only',
  },
  {
    name: 'a paid order can be cancelled',
    file: '_shared/cloud/database/stores/orders.ts',
    find: 'const open = { ...unsettled(from), held: false, cancelled_at: command.eq(cancelled_at) };',
    replace: 'const open = { _id: from._id, cancelled_at: command.eq(cancelled_at) };',
    foundBy: 'every order ends',
  },
  {
    name: 'a whole openid is logged',
    file: '_shared/order/cancel.ts',
    find: "ports.logger.info('order.cancelled', { out_trade_no });",
    replace: "ports.logger.info('order.cancelled', { out_trade_no, openid });",
    foundBy: 'no secrets',
  },
  {
    name: 'an errcode that no phone knows',
    file: '_shared/order/refusal.ts',
    find: "return refusal('ORDER_CLOSED', errmsg",
    replace: "return refusal('ORDER_OVER' as 'ORDER_CLOSED', errmsg",
    foundBy: 'documented errcodes',
  },
  {
    name: 'nobody is told that two orders were paid for one',
    file: '_shared/order/paid-twice.ts',
    find: "if (link?.trade_state === 'SUCCESS') return next;",
    replace: "if (link?.trade_state === 'REFUND') return next;",
    foundBy: 'alarms by the table',
  },
  {
    name: 'an order can still be signed for when another took its place',
    file: '_shared/order/create-order.ts',
    find: 'const refused = superseded && (await giveUp(ports, superseded, order._id));',
    replace: 'const refused = undefined;',
    foundBy: 'one order in place of another',
  },
];
