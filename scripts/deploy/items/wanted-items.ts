import { channels } from '../../../cloudfunctions/_shared/channels/channels.ts';
import { bodyOf, readProduct } from '../../../cloudfunctions/_shared/order/catalogue.ts';
import { type Term, termOf } from '../../../cloudfunctions/_shared/order/term.ts';
import type { Item } from '../../../cloudfunctions/_shared/virtualpay/items.ts';
import { itemIdOf } from '../../../cloudfunctions/_shared/virtualpay/items.ts';
import { channelOf, decisionOf, isOnSale } from '../check/channel.ts';
import type { StoredDocument } from '../cloud/state.ts';

/** Real customers pay in the live world; the sandbox is the local world's. */
const LIVE = 0;
/** A remark may have no more, and must have something. */
const REMARK_CHARACTERS_MAX = 1024;

/** An item that virtual payment must have, so that a product can be bought for a term at its price. */
export interface WantedItem {
  readonly product_id: string;
  /** All of an item but its picture. */
  readonly item: Omit<Item, 'item_url'>;
  readonly term: Term;
  /** When it can be bought, where it is published; the product's document says so. */
  readonly effective_at: Date | undefined;
}

/**
 * The items of the products that are paid by virtual payment, or will be as their owner wrote in the file: one for each
 * product, term and price. What cannot be read is no product, and is reported elsewhere.
 */
export function wantedItems(
  products: readonly StoredDocument[],
  written: readonly StoredDocument[],
): readonly WantedItem[] {
  return products.filter(isOnSale).flatMap((document) => {
    const channel = decisionOf(document, written) === 'virtualpay' ? 'virtualpay' : channelOf(document);
    if (channel !== 'virtualpay') return [];
    const read = readProduct({ ...document, channel }, channels);
    return 'product' in read ? itemsOf(read.product) : [];
  });
}

type Product = Extract<ReturnType<typeof readProduct>, { product: unknown }>['product'];

function itemsOf(product: Product): readonly WantedItem[] {
  const { _id: product_id, name, description, items = [] } = product;
  return product.options.map((option) => {
    const term = termOf(option);
    const { total_fee: price } = option;
    const id = itemIdOf(product_id, term, price);
    const remark = (description.trim() || name).slice(0, REMARK_CHARACTERS_MAX);
    return {
      product_id,
      item: { id, name: bodyOf(product, option), price, remark },
      term,
      effective_at: items.find(({ item_id, env }) => item_id === id && env === LIVE)?.effective_at,
    };
  });
}

/** How a published item stands in its product's document: text and numbers, since a date would arrive as something else. */
export const publishedItem = ({ item: { id, price }, term }: WantedItem, effective_at: Date) => ({
  item_id: id,
  ...term,
  price,
  env: LIVE,
  effective_at: effective_at.toISOString(),
});
