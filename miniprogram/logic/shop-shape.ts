import { countIn, fieldsOf } from './fields';
import type { Store } from './store';

/**
 * The cards and options that are drawn while the shop is read: as many as it had when it was last shown, so that nothing
 * moves when it comes. A card's text is so many rpx wide.
 */
export interface ShopShape {
  readonly cards: readonly { readonly index: number; readonly width: number }[];
  readonly options: readonly number[];
}

/** More than fills the screen need not be drawn. */
const DRAWN_MAX = 12;
const WIDTHS = [232, 264, 304] as const;

const KEY = 'shop_shape';

export function shopShape(store: Store): ShopShape {
  const kept = fieldsOf(store.read(KEY));
  const drawn = (found: unknown, otherwise: number) => Math.min(countIn(found) ?? otherwise, DRAWN_MAX);
  return {
    cards: Array.from({ length: drawn(kept?.cards, 3) }, (_, index) => {
      return { index, width: WIDTHS[index % WIDTHS.length] ?? WIDTHS[0] };
    }),
    options: Array.from({ length: drawn(kept?.options, 4) }, (_, index) => index),
  };
}

/** Remembers how many cards and options the shop has. */
export function keepShopShape(
  store: Store,
  { cards, options }: { readonly cards: number; readonly options: number },
): void {
  const kept = fieldsOf(store.read(KEY));
  if (kept?.cards !== cards || kept.options !== options) store.write(KEY, { cards, options });
}
