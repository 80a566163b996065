import * as v from 'valibot';
import type { ChannelName } from '../contract.ts';
import { CHANNELS } from './order.ts';
import {
  isSameTerm,
  TERM_DAYS_MAX,
  TERM_ENTRIES,
  TERM_MONTHS_MAX,
  type Term,
  type TermFields,
  termInWords,
  termKey,
  termOf,
} from './term.ts';

/** A product's number goes into field paths and test ids, so it stays plain. */
const PRODUCT_ID = /^[a-z][a-z0-9_]{0,31}$/;
/** WeChat Pay refuses 0; the upper bound catches a merchant who typed yuan as fen twice over. */
const TOTAL_FEE_MAX = 100_000_00;
/** A name is one line of text: in the shop, in the cashier, on the bill. */
const NOT_ONE_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The deployment writes the moment as text; a date typed in the console is as good. */
const moment = v.union([v.date(), v.pipe(v.string(), v.isoTimestamp(), v.toDate())]);

const PublishedItemSchema = v.object({
  item_id: v.pipe(v.string(), v.minLength(1)),
  months: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(TERM_MONTHS_MAX))),
  days: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(TERM_DAYS_MAX))),
  price: v.pipe(v.number(), v.integer(), v.minValue(1)),
  env: v.picklist([0, 1]),
  effective_at: moment,
});

/** An item that the deployment has published at virtual payment, and from when it can be bought. */
export type PublishedItem = v.InferOutput<typeof PublishedItemSchema>;

function readableItems(items: unknown[]): PublishedItem[] {
  return items.flatMap((item) => {
    const read = v.safeParse(PublishedItemSchema, item);
    return read.success ? [read.output] : [];
  });
}

const ProductSchema = v.object({
  _id: v.pipe(v.string(), v.regex(PRODUCT_ID)),
  name: v.pipe(
    v.string(),
    v.trim(),
    v.minLength(1),
    v.maxLength(32),
    v.check((text) => !NOT_ONE_LINE.test(text), 'holds a line break, a tab or half a character'),
  ),
  description: v.string(),
  options: v.pipe(
    v.array(
      v.object({
        ...TERM_ENTRIES,
        total_fee: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(TOTAL_FEE_MAX)),
      }),
    ),
    v.check(
      (options) => new Set(options.map(termKey)).size === options.length,
      'have two prices for the same term',
    ),
  ),
  on_sale: v.boolean(),
  virtual: v.optional(v.boolean(), false),
  /** How it is paid; missing is WeChat Pay. */
  channel: v.optional(v.picklist(CHANNELS)),
  /** Written by the deployment: what virtual payment sells it as. Those of earlier prices stay; what cannot be read is none. */
  items: v.exactOptional(v.fallback(v.pipe(v.array(v.unknown()), v.transform(readableItems)), [])),
});

/** A document of `products`: what is sold, for which terms, at what price in fen. */
export type Product = v.InferOutput<typeof ProductSchema>;

/** An option of a product, as a channel would sell it. */
export interface OptionToSell {
  readonly product_id: string;
  readonly term: Term;
  readonly total_fee: number;
  /** What the shopper reads in the cashier. */
  readonly body: string;
}

/** What each way to pay that is built in refuses of an option: the field, and the limit that it breaks. */
export type ChannelRules = Readonly<
  Partial<Record<ChannelName, { readonly problemOfOption: (option: OptionToSell) => string | undefined }>>
>;

/**
 * Reads a document that the merchant edits by hand. The answer names the field and what is wrong with it, and a product
 * with a fault is not sold: a price that cannot be read must not be guessed, and what WeChat Pay would refuse is known
 * before there is an order.
 */
export function readProduct(
  document: unknown,
  channels: ChannelRules,
): { product: Product } | { problem: string } {
  const result = v.safeParse(ProductSchema, document);
  if (!result.success) {
    const [issue] = result.issues;
    return { problem: `${v.getDotPath(issue) ?? 'the document'}: ${issue.message}` };
  }
  const product = result.output;
  const { channel = 'wechatpay' } = product;
  const rules = channels[channel];
  if (!rules) return { problem: `channel: ${channel} is not built in yet, so this product cannot be sold` };
  const problems = product.options.map((option) => {
    const body = bodyOf(product, option);
    return rules.problemOfOption({
      product_id: product._id,
      term: termOf(option),
      total_fee: option.total_fee,
      body,
    });
  });
  const problem = problems.find((found) => found !== undefined);
  return problem === undefined ? { product } : { problem };
}

/** The price of a term, in fen; undefined when the product is not sold that way. */
export function priceOf(product: Product, term: TermFields): number | undefined {
  if (!product.on_sale) return undefined;
  return product.options.find((option) => isSameTerm(option, term))?.total_fee;
}

/** What the shopper reads in the cashier and on the bill. WeChat allows 127 bytes. */
export function bodyOf(product: Product, term: TermFields): string {
  return `${product.name} ${termInWords(termOf(term))}`;
}
