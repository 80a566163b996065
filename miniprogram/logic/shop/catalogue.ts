import { countIn, type Fields, fieldsOf, momentIn, textIn } from '../fields';

export interface Option {
  readonly months: number;
  /** Whole fen. */
  readonly total_fee: number;
}

/** A document of `products` that is on sale and can be shown. Options are sorted by months; there is at least one. */
export interface Product {
  readonly product_id: string;
  readonly name: string;
  readonly description: string;
  readonly options: readonly Option[];
  /** WeChat forbids paying for virtual goods on iOS. */
  readonly virtual: boolean;
}

/** Until when each product is held, as ISO 8601. */
export type Memberships = Readonly<Record<string, string>>;

/** The products that can be sold, cheapest month first. A document the merchant is still editing is left out. */
export function productsFrom(documents: readonly unknown[]): Product[] {
  return documents
    .flatMap((found) => productFrom(found) ?? [])
    .filter(({ options }) => options.length > 0)
    .sort((a, b) => monthlyFee(a) - monthlyFee(b));
}

function productFrom(found: unknown): Product | undefined {
  const fields = fieldsOf(found);
  const product_id = textIn(fields?._id);
  const name = textIn(fields?.name);
  if (fields === undefined || product_id === undefined || name === undefined) return undefined;
  return {
    product_id,
    name,
    description: textIn(fields.description) ?? '',
    options: optionsFrom(fields),
    virtual: fields.virtual === true,
  };
}

/** From the shopper's document of `users`; a shopper without one holds nothing. */
export function membershipsFrom(found: unknown): Memberships {
  const held: Record<string, string> = {};
  for (const [product_id, membership] of Object.entries(fieldsOf(fieldsOf(found)?.memberships) ?? {})) {
    const expires_at = momentIn(fieldsOf(membership)?.expires_at);
    if (expires_at !== undefined) held[product_id] = expires_at;
  }
  return held;
}

/** The price of one month: of the one-month option, or the dearest month of those there are. */
export function monthlyFee({ options }: Product): number {
  const single = options.find(({ months }) => months === 1);
  return (
    single?.total_fee ??
    Math.max(0, ...options.map(({ months, total_fee }) => Math.round(total_fee / months)))
  );
}

/** What an option saves against paying by the month, in fen; 0 when it saves nothing. */
export function saving(product: Product, { months, total_fee }: Option): number {
  return Math.max(0, monthlyFee(product) * months - total_fee);
}

/** The same products with one option at the price that the server named. */
export function withPrice(
  products: readonly Product[],
  changed: { product_id: string; months: number; total_fee: number },
): Product[] {
  return products.map((product) => {
    if (product.product_id !== changed.product_id) return product;
    const options = product.options.map(({ months, total_fee }) => ({
      months,
      total_fee: months === changed.months ? changed.total_fee : total_fee,
    }));
    return { ...product, options };
  });
}

function optionsFrom({ options }: Fields): Option[] {
  if (!Array.isArray(options)) return [];
  return options.flatMap((found) => optionFrom(found) ?? []).sort((a, b) => a.months - b.months);
}

function optionFrom(found: unknown): Option | undefined {
  const months = countIn(fieldsOf(found)?.months);
  const total_fee = countIn(fieldsOf(found)?.total_fee);
  return months === undefined || total_fee === undefined ? undefined : { months, total_fee };
}
