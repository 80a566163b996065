import { setTimeout as wait } from 'node:timers/promises';
import type { CreateOrderAnswer, ErrorAnswer, OrderAnswer } from '../../cloudfunctions/_shared/contract.ts';
import products from '../../scripts/products.json' with { type: 'json' };
import type { WorldProcess } from '../processes/world-process.ts';
import type { Chance } from '../simulation/chance.ts';
import type { Acknowledged } from './acknowledged.ts';

/** How a purchase ended on the phone. */
export type Ending = 'paid' | 'cancelled' | 'left' | 'refused' | 'given up';

export interface Purchase {
  readonly world: WorldProcess;
  readonly acknowledged: Acknowledged;
  readonly openid: string;
  readonly request_id: string;
  readonly chance: Chance;
}

/** A shopper who gets no answer asks again, so often. */
const ATTEMPTS_MAX = 60;
const PAUSE_MS = 200;
/** What a phone may meet with the same call again. */
const WORTH_ANOTHER_TRY = ['WECHATPAY_UNAVAILABLE', 'INTERNAL_ERROR'];

/** Orders something, then pays, cancels or leaves. Whatever the world acknowledges on the way is written down. */
export async function purchase(shopper: Purchase): Promise<Ending> {
  const { acknowledged, openid, chance } = shopper;
  // Two products only, so that memberships are extended as well as begun.
  const product = products[chance.whole(0, 1)];
  const option = product?.options[chance.whole(0, product.options.length - 1)];
  if (!product || !option) throw new Error('The catalogue has two products with options.');
  const wish = {
    request_id: shopper.request_id,
    product_id: product._id,
    months: option.months,
    expected_total_fee: option.total_fee,
  };
  const placed = await call<CreateOrderAnswer>(shopper, 'createOrder', wish);
  if (!placed || 'errcode' in placed) return placed ? 'refused' : 'given up';
  const { out_trade_no } = placed.order;
  acknowledged.placed.add(out_trade_no);
  acknowledged.record(placed.order);

  const deed = chance.next();
  if (deed < 0.08) return 'left';
  if (deed < 0.18) {
    await order(shopper, 'cancelOrder', out_trade_no);
    return 'cancelled';
  }
  await pay(shopper, { openid, parameters: placed.payment, out_trade_no });
  if (chance.happens(0.6)) await order(shopper, 'checkOrder', out_trade_no);
  return 'paid';
}

async function order(shopper: Purchase, name: string, out_trade_no: string): Promise<void> {
  const answer = await call<OrderAnswer>(shopper, name, { out_trade_no });
  if (answer && 'order' in answer) shopper.acknowledged.record(answer.order);
}

/** A payment whose answer was lost may have happened: the cashier then refuses the second one. */
async function pay(
  { world, acknowledged }: Purchase,
  { openid, parameters, out_trade_no }: { openid: string; parameters: object; out_trade_no: string },
): Promise<void> {
  await again(world, async () => {
    const opened = (await world.phone('cashier/open', { openid, parameters })) as {
      kind: string;
      id?: string;
    };
    if (opened.kind !== 'open') return opened;
    const paid = (await world.phone('cashier/pay', { id: opened.id })) as { kind: string };
    if (paid.kind === 'paid') acknowledged.paid.add(out_trade_no);
    return paid;
  });
}

/** A function's answer; undefined when none came for too long. */
async function call<Answer>(
  { world, openid }: Purchase,
  name: string,
  data: object,
): Promise<Answer | ErrorAnswer | undefined> {
  return again(world, async () => {
    const { result } = (await world.phone('function', { openid, name, data })) as {
      result?: Answer | ErrorAnswer;
    };
    const isFinal = result && !WORTH_ANOTHER_TRY.includes(Object(result).errcode);
    return isFinal ? result : undefined;
  });
}

/** Tries until there is an answer; what is thrown is a connection that broke. */
async function again<Answer>(
  world: WorldProcess,
  attempt: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  for (let count = 0; count < ATTEMPTS_MAX; count++) {
    await world.ready();
    const answer = await attempt().catch(() => undefined);
    if (answer) return answer;
    await wait(PAUSE_MS);
  }
  return undefined;
}
