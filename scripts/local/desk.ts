import type { LocalWorld } from './local-world.ts';

/** The operators' first page, in the mini-program. */
export const DESK_PATH = '/desk/pages/orders/orders';

/** Makes the first shopper an operator, unless somebody has decided about them already. */
export async function employFirstShopper({ cloud, clock, shopper }: LocalWorld): Promise<void> {
  const { openid } = shopper();
  if (cloud.documents('operators').some(({ _id }) => _id === openid)) return;
  await cloud.insert('operators', { _id: openid, name: '店员', active: true, created_at: clock.now() });
}
