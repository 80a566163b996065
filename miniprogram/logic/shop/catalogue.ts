import { countIn, type Fields, fieldsOf, momentIn, textIn } from '../fields';
import { isOneLine } from '../text';

export interface Option {
  readonly months: number;
  /** Whole fen. */
  readonly total_fee: number;
}

/** What is shown of a product, on sale or not: an order keeps its name after the product is gone from the shop. */
export interface Label {
  readonly product_id: string;
  readonly name: string;
  readonly description: string;
  /** WeChat forbids paying for virtual goods on iOS. */
  readonly virtual: boolean;
}

/** A document of `products` that can be bought. Options are sorted by months; there is at least one, and no two of a term. */
export interface Product extends Label {
  readonly options: readonly [Option, ...Option[]];
}

/** Until when the membership of each product lasts, as ISO 8601. */
export type Memberships = Readonly<Record<string, string>>;

/** The products that can be bought, cheapest month first. One that createOrder would refuse is left out. */
export function productsFrom(documents: readonly unknown[]): Product[] {
  const monthOf = ({ options: [shortest] }: Product) => shortest.total_fee / shortest.months;
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
  return { product_id, name, description, virtual: fields.virtual === true };
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
 * the months of one are no multiple of the other's.
 */
export function saving({ options: [shortest] }: Product, { months, total_fee }: Option): number {
  const times = months / shortest.months;
  return Number.isInteger(times) ? Math.max(0, shortest.total_fee * times - total_fee) : 0;
}

/** What a month of an option costs, in fen, and whether that is so to the fen. */
export function monthlyFee({ months, total_fee }: Option): {
  readonly fen: number;
  readonly isExact: boolean;
} {
  return { fen: Math.round(total_fee / months), isExact: total_fee % months === 0 };
}

/** The same products with one option at the price that the server named. */
export function withPrice(
  products: readonly Product[],
  changed: { product_id: string; months: number; total_fee: number },
): Product[] {
  const priced = ({ months, total_fee }: Option): Option => ({
    months,
    total_fee: months === changed.months ? changed.total_fee : total_fee,
  });
  return products.map((product) => {
    if (product.product_id !== changed.product_id) return product;
    const [shortest, ...others] = product.options;
    return { ...product, options: [priced(shortest), ...others.map(priced)] };
  });
}

/** createOrder's own limits; a merchant who breaks one receives the alarm PRODUCT_UNREADABLE. */
const PRODUCT_ID = /^[a-z][a-z0-9_]{0,31}$/;
/** Whatever the characters, name and months then fit into the 127 bytes that WeChat Pay takes as the body. */
const NAME_LENGTH_MAX = 32;
const MONTHS_MAX = 120;
const TOTAL_FEE_MAX = 100_000_00;

function productFrom(found: unknown): Product | undefined {
  const label = labelFrom(found);
  const fields = fieldsOf(found);
  if (label === undefined || fields === undefined) return undefined;
  const name = label.name.trim();
  const isNamed = name !== '' && name.length <= NAME_LENGTH_MAX && isOneLine(name);
  const isDescribed = typeof fields.description === 'string';
  const isMarked = fields.virtual === undefined || typeof fields.virtual === 'boolean';
  const isPayable = fields.channel === undefined || fields.channel === 'wechatpay';
  if (!PRODUCT_ID.test(label.product_id) || !isNamed || !isDescribed || !isMarked || !isPayable)
    return undefined;
  const [shortest, ...others] = optionsFrom(fields) ?? [];
  return shortest === undefined ? undefined : { ...label, name, options: [shortest, ...others] };
}

/** Undefined when one of them cannot be sold: nobody can say what the merchant meant by it. */
function optionsFrom({ options }: Fields): Option[] | undefined {
  if (!Array.isArray(options)) return undefined;
  const read = options.flatMap((found) => optionFrom(found) ?? []).sort((a, b) => a.months - b.months);
  const isEachItsOwn = new Set(read.map(({ months }) => months)).size === options.length;
  return isEachItsOwn ? read : undefined;
}

function optionFrom(found: unknown): Option | undefined {
  const months = countIn(fieldsOf(found)?.months);
  const total_fee = countIn(fieldsOf(found)?.total_fee);
  if (months === undefined || months > MONTHS_MAX) return undefined;
  return total_fee === undefined || total_fee > TOTAL_FEE_MAX ? undefined : { months, total_fee };
}
