import type { SimulatorBackend } from './backend.ts';
import type { Shopper } from './wire.ts';

/** Whose phone it is; a phone that nobody here has is the first one's. */
export function shopperOf({ shoppers }: SimulatorBackend, openid: string): Shopper {
  return shoppers.find((shopper) => shopper.openid === openid) ?? shoppers[0];
}
