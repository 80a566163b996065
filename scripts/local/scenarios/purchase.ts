import { randomUUID } from 'node:crypto';
import type { LocalWorld } from '../local-world.ts';
import type { LocalShopper, Payment } from '../shopper.ts';

export interface Bought {
  readonly out_trade_no: string;
  readonly payment: Payment;
}

/**
 * Orders a term of a product at the catalogue's price, as the shop page does.
 * @throws Error with createOrder's errcode, when it refuses
 */
export async function order(
  world: LocalWorld,
  shopper: LocalShopper,
  { product_id, months }: { readonly product_id: string; readonly months: number },
): Promise<Bought> {
  const expected_total_fee = priceOf(world, product_id, months);
  const request = { request_id: randomUUID(), product_id, months, expected_total_fee, code: shopper.login() };
  const answer: unknown = await shopper.call('createOrder', request);
  if (!isPlaced(answer)) throw new Error(`createOrder refused: ${JSON.stringify(answer)}`);
  return { out_trade_no: answer.order.out_trade_no, payment: answer.payment };
}

/** Orders and pays; the notice has arrived when this resolves. */
export async function buy(
  world: LocalWorld,
  shopper: LocalShopper,
  what: { readonly product_id: string; readonly months: number },
): Promise<Bought> {
  const bought = await order(world, shopper, what);
  await shopper.pay(bought.payment);
  return bought;
}

/** Fen. */
function priceOf({ cloud }: LocalWorld, product_id: string, months: number): number {
  const product = cloud.documents('products').find(({ _id }) => _id === product_id);
  const options: unknown = product?.options;
  const option = Array.isArray(options) ? options.find((each) => each.months === months) : undefined;
  if (option === undefined) throw new Error(`${months} months of ${product_id} are not in the catalogue`);
  return option.total_fee;
}

interface Placed {
  readonly order: { readonly out_trade_no: string };
  readonly payment: Payment;
}

function isPlaced(answer: unknown): answer is Placed {
  return typeof answer === 'object' && answer !== null && 'payment' in answer;
}
