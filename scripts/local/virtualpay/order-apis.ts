import * as v from 'valibot';
import type { WorldClock } from '../clock.ts';
import type { Answered, Api } from '../weixin/api.ts';
import { answered } from '../weixin/api.ts';
import type { Refused } from '../weixin/errors.ts';
import type { VirtualPayFaults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import { provide } from './payment.ts';
import { QUERY_ORDER, queryOrder } from './query-order.ts';
import { REFUND_ORDER, refundOrder } from './refund-order.ts';
import type { Refunds } from './refunds.ts';
import { type Door, ENV, noSuchData, ok, xpayApi } from './xpay.ts';

const NOTIFY_PROVIDE_GOODS = v.strictObject({
  env: ENV,
  order_id: v.exactOptional(v.string()),
  wx_order_id: v.exactOptional(v.string()),
});

interface Surroundings {
  readonly clock: WorldClock;
  readonly ledger: Ledger;
  readonly faults: VirtualPayFaults;
  readonly refunds: Refunds;
}

/** What is asked and done about orders. */
export function orderApis(door: Door, world: Surroundings): readonly (readonly [name: string, api: Api])[] {
  const now = () => world.clock.now();
  const query = xpayApi(door, {
    name: 'query_order',
    body: QUERY_ORDER,
    work: (body) => queryOrder({ ...world, now }, body),
  });
  const refund = xpayApi(door, {
    name: 'refund_order',
    body: REFUND_ORDER,
    work: (body) => refundOrder({ ...world, now }, body),
  });
  const provided = xpayApi(door, {
    name: 'notify_provide_goods',
    body: NOTIFY_PROVIDE_GOODS,
    pay_sig: 'if it comes',
    work: (body) => notifyProvideGoods(world, body),
  });
  return [
    ['query_order', query],
    ['refund_order', refund],
    ['notify_provide_goods', provided],
  ];
}

/** Repeated, and for an order that is delivered already, it changes nothing. */
function notifyProvideGoods(
  { clock, ledger, faults }: Surroundings,
  { env, order_id, wx_order_id }: v.InferOutput<typeof NOTIFY_PROVIDE_GOODS>,
): Answered | Refused {
  const order =
    order_id === undefined ? ledger.findNamed(env, wx_order_id ?? '') : ledger.find(env, order_id);
  if (!order?.payment) return noSuchData(`no paid order of that number in env ${env}`);
  provide(ledger, clock, order);
  return faults.take(['empty-provide'], { out_trade_no: order.out_trade_no }) ? answered({}) : ok();
}
