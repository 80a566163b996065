import type { Chance } from './chance.ts';
import { APPID, type Shop } from './shop.ts';

/** Somebody asks about, or gives up, an order that is not theirs; or calls without being anybody. */
export async function callAsOutsider({ books, phone }: Shop, chance: Chance): Promise<void> {
  const [first, ...rest] = [...books.orders.values()].filter(({ openid }) => openid !== '');
  if (!first) return;
  const { out_trade_no, openid, request_id, product_id, months, total_fee } = chance.pick([first, ...rest]);
  const name = chance.pick(['checkOrder', 'cancelOrder'] as const);
  const other = [first, ...rest].find((order) => order.openid !== openid);
  if (other && chance.happens(0.5)) {
    await phone.call(name, { out_trade_no: other.out_trade_no }, { openid, appid: APPID });
    return;
  }
  const request = { request_id: `${request_id}-again`, product_id, months, expected_total_fee: total_fee };
  if (chance.happens(0.5)) await phone.call('createOrder', request, undefined);
  else await phone.call(name, { out_trade_no }, undefined);
}
