import type { ChannelName, CreateOrderRequest } from '../../../cloudfunctions/_shared/contract';
import type { Answered } from '../answer';
import type { OrderCreated } from '../order/order';
import type { Checkout, Hindered } from './checkout';
import { obstacleOn } from './terminal';

export type Placed = Answered<OrderCreated> | Hindered;

/**
 * Asks the server for an order. One that is paid by virtual payment is asked for only where that can be opened, and with a
 * code of who is signed in, which is fetched right before each call. Where the server wants another code, or a page did not
 * know yet that its product is paid this way, it is asked once more.
 */
export async function placeOrder(
  checkout: Checkout,
  request: CreateOrderRequest,
  channel: ChannelName,
): Promise<Placed> {
  const isVirtual = channel === 'virtualpay';
  const placed = isVirtual
    ? await placeSignedIn(checkout, request)
    : await placeWithoutCode(checkout, request);
  const wantsCode = placed.kind === 'refused' && placed.error.errcode === 'LOGIN_CODE_INVALID';
  return wantsCode ? placeSignedIn(checkout, request) : placed;
}

/** That it has none is said, since an older page says nothing. */
function placeWithoutCode(checkout: Checkout, request: CreateOrderRequest): Promise<Placed> {
  return checkout.createOrder({ ...request, code: '' });
}

async function placeSignedIn(checkout: Checkout, request: CreateOrderRequest): Promise<Placed> {
  const obstacle = obstacleOn(checkout.terminal(), request.expected_total_fee);
  if (obstacle !== undefined) return { kind: 'hindered', obstacle };
  const signedIn = await checkout.signIn();
  if (signedIn.kind === 'signed-in') return checkout.createOrder({ ...request, code: signedIn.code });
  if (signedIn.offline) return signedIn;
  const errmsg = 'There is no code of who is signed in.';
  return { kind: 'refused', error: { errcode: 'LOGIN_CODE_INVALID', errmsg, now: '' } };
}
