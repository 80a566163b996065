import { FUNCTIONS_DIRECTORY } from '../../../scripts/build.ts';
import { type LocalWorld, MERCHANT, SHOPPERS, startLocalWorld } from '../../../scripts/local/local-world.ts';

export const SHOPPER = { openid: SHOPPERS[0].openid, appid: MERCHANT.appid };

export function openWorld(): Promise<LocalWorld> {
  return startLocalWorld({ functionsDirectory: FUNCTIONS_DIRECTORY });
}

/** Orders three months of the city; each `request_id` makes an order of its own. */
export async function order({ host }: LocalWorld, request_id: string) {
  const request = { request_id, product_id: 'city', months: 3, expected_total_fee: 4800 };
  const answer: unknown = await host.callFunction('createOrder', request, SHOPPER);
  if (!isPlaced(answer)) throw new Error(`createOrder refused: ${JSON.stringify(answer)}`);
  return { out_trade_no: answer.order.out_trade_no, payment: answer.payment };
}

/** The shopper opens the cashier and enters the password. */
export function pay({ wechatpay }: LocalWorld, payment: object) {
  wechatpay.cashier.open(payment, SHOPPER);
  return wechatpay.cashier.pay(payment, SHOPPER);
}

interface Placed {
  readonly order: { readonly out_trade_no: string };
  readonly payment: object;
}

function isPlaced(answer: unknown): answer is Placed {
  return typeof answer === 'object' && answer !== null && 'payment' in answer;
}
