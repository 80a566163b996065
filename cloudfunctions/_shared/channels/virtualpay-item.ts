import type { OptionToSell, PublishedItem } from '../order/catalogue.ts';
import type { CannotSell, Wanted } from '../order/channel.ts';
import { refusal } from '../order/refusal.ts';
import type { Term } from '../order/term.ts';
import type { Env } from '../virtualpay/env.ts';
import { ITEM_ID, ITEM_NAME_CHARACTERS_MAX, ITEM_PRICE_MIN, itemIdOf } from '../virtualpay/items.ts';

/** Why virtual payment refuses an option of a product: the field and the limit, never the value. */
export function problemOfOption({ product_id, term, total_fee, body }: OptionToSell): string | undefined {
  if (total_fee < ITEM_PRICE_MIN)
    return `options: virtual payment sells nothing under ${ITEM_PRICE_MIN} fen, which is Apple's least`;
  if (!ITEM_ID.test(itemIdOf(product_id, term, total_fee)))
    return '_id: with its term and its price it makes an item id of more than 20 characters; virtual payment takes 20';
  if (body.length > ITEM_NAME_CHARACTERS_MAX)
    return `name: with its term it has ${body.length} characters; the name of an item has ${ITEM_NAME_CHARACTERS_MAX}`;
  return undefined;
}

/** The published item that sells what is wanted at its price, or why there is none. */
export function itemFor(
  { product, term, total_fee, now }: Wanted,
  env: Env,
): CannotSell | { readonly kind: 'item'; readonly item_id: string } {
  const item = product.items?.find(
    (each) => isOfTerm(each, term) && each.price === total_fee && each.env === env,
  );
  if (!item) {
    const wanted = itemIdOf(product._id, term, total_fee);
    const message = `Virtual payment has no item ${wanted} in env ${env}: the product document does not list it as published. Deploy again.`;
    const errmsg = 'The item of this product is not published at its price. An alarm has been raised.';
    return {
      kind: 'cannot-sell',
      refusal: refusal('ITEM_NOT_PUBLISHED', errmsg),
      alarm: { code: 'ITEM_NOT_PUBLISHED', message },
    };
  }
  if (item.effective_at > now) {
    const errmsg = `The item is effective from ${item.effective_at.toISOString()} on.`;
    return { kind: 'cannot-sell', refusal: refusal('ITEM_NOT_EFFECTIVE', errmsg) };
  }
  return { kind: 'item', item_id: item.item_id };
}

function isOfTerm({ months, days }: PublishedItem, term: Term): boolean {
  return 'months' in term ? months === term.months : days === term.days;
}
