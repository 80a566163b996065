import type { ChannelName } from '../../../cloudfunctions/_shared/contract';
import { countIn, type Fields, fieldsOf, momentIn, textIn } from '../fields';
import { channelIn } from '../order/order';
import { byLength, isSameTerm, monthsOf, type Term, termIn, termKey, termOf, timesIn } from '../term';
import { isOneLine } from '../text';
import { isItem } from './item';

export interface Option extends Term {
  /** Whole fen. */
  readonly total_fee: number;
}

/** What is shown of a product, on sale or not: an order keeps its name after the product is gone from the shop. */
export interface Label {
  readonly product_id: string;
  readonly name: string;
  readonly description: string;
  readonly virtual: boolean;
  readonly channel: ChannelName;
}

/** A document of `products` that can be bought. Options are sorted by length; there is at least one, and no two of a term. */
export interface Product extends Label {
  readonly options: readonly [Option, ...Option[]];
}

/** Until when the membership of each product lasts, as ISO 8601. */
export type Memberships = Readonly<Record<string, string>>;

/** The products that can be bought, cheapest month first. One that createOrder would refuse is left out. */
export function productsFrom(documents: readonly unknown[]): Product[] {
  const monthOf = ({ options: [shortest] }: Product) => shortest.total_fee / monthsOf(shortest);
  return documents
    .flatMap((found) => productFrom(found) ?? [])
    .sort((a, b) => monthOf(a) - monthOf(b) || a.product_id.localeCompare(b.product_id));
}

/** One product's name by its document, also of one that is not sold or cannot be. */
export function labelFrom(found: unknown): Label | undefined {
  const fields = fieldsOf(found);
  const product_id = textIn(fields?._id);
  const name = textIn(fields?.name);
  if (fields === undefined || product_id === undefined || name === undefined) return undefined;
  const description = textIn(fields.description) ?? '';
  return { product_id, name, description, virtual: fields.virtual === true, channel: channelIn(fields) };
}

/** WeChat forbids paying for virtual goods on iOS in any other way than by virtual payment. */
export function isWithheldOnIos({ virtual, channel }: Pick<Label, 'virtual' | 'channel'>): boolean {
  return virtual && channel !== 'virtualpay';
}

/** From the shopper's document of `users`; a shopper without one holds nothing. */
export function membershipsFrom(found: unknown): Memberships {
  const ends: Record<string, string> = {};
  for (const [product_id, membership] of Object.entries(fieldsOf(fieldsOf(found)?.memberships) ?? {})) {
    const expires_at = momentIn(fieldsOf(membership)?.expires_at);
    if (expires_at !== undefined) ends[product_id] = expires_at;
  }
  return ends;
}

/**
 * What an option saves against buying the shortest one as often as it takes, in fen; 0 when it saves nothing, or when
 * the term of one is no multiple of the other's.
 */
export function saving({ options: [shortest] }: Product, option: Option): number {
  const times = timesIn(shortest, option);
  return times === undefined ? 0 : Math.max(0, shortest.total_fee * times - option.total_fee);
}

/** What a month of an option costs, in fen, and whether that is so to the fen. */
export function monthlyFee(option: Option): {
  readonly fen: number;
  readonly isExact: boolean;
} {
  const monthly = option.total_fee / monthsOf(option);
  return { fen: Math.round(monthly), isExact: Number.isInteger(monthly) };
}

/** The same products with one option at the price that the server named. */
export function withPrice(products: readonly Product[], changed: Option & { product_id: string }): Product[] {
  const priced = (option: Option): Option => ({
    ...termOf(option),
    total_fee: isSameTerm(option, changed) ? changed.total_fee : option.total_fee,
  });
  return products.map((product) => {
    if (product.product_id !== changed.product_id) return product;
    const [shortest, ...others] = product.options;
    return { ...product, options: [priced(shortest), ...others.map(priced)] };
  });
}

/** createOrder's own limits; a merchant who breaks one receives the alarm PRODUCT_UNREADABLE. */
const PRODUCT_ID = /^[a-z][a-z0-9_]{0,31}$/;
/** Whatever the characters, name and term then fit into the 127 bytes that WeChat Pay takes as the body. */
const NAME_LENGTH_MAX = 32;
const TOTAL_FEE_MAX = 100_000_00;

function productFrom(found: unknown): Product | undefined {
  const label = labelFrom(found);
  const fields = fieldsOf(found);
  if (label === undefined || fields === undefined) return undefined;
  const name = label.name.trim();
  const isNamed = name !== '' && name.length <= NAME_LENGTH_MAX && isOneLine(name);
  const isDescribed = typeof fields.description === 'string';
  const isMarked = fields.virtual === undefined || typeof fields.virtual === 'boolean';
  const isPayable = fields.channel === undefined || fields.channel === label.channel;
  if (!PRODUCT_ID.test(label.product_id) || !isNamed || !isDescribed || !isMarked || !isPayable)
    return undefined;
  const [shortest, ...others] = optionsFrom(fields) ?? [];
  if (shortest === undefined) return undefined;
  const product: Product = { ...label, name, options: [shortest, ...others] };
  const isSold =
    label.channel !== 'virtualpay' ||
    product.options.every((option) => isItem({ product_id: label.product_id, name, ...option }));
  return isSold ? product : undefined;
}

/** Undefined when one of them cannot be sold: nobody can say what the merchant meant by it. */
function optionsFrom({ options }: Fields): Option[] | undefined {
  if (!Array.isArray(options)) return undefined;
  const read = options.flatMap((found) => optionFrom(found) ?? []).sort(byLength);
  const isEachItsOwn = new Set(read.map(termKey)).size === options.length;
  return isEachItsOwn ? read : undefined;
}

function optionFrom(found: unknown): Option | undefined {
  const term = termIn(fieldsOf(found));
  const total_fee = countIn(fieldsOf(found)?.total_fee);
  if (term === undefined || total_fee === undefined || total_fee > TOTAL_FEE_MAX) return undefined;
  return { ...term, total_fee };
}
