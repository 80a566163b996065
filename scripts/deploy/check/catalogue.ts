import { channels } from '../../../cloudfunctions/_shared/channels/channels.ts';
import { readProduct } from '../../../cloudfunctions/_shared/order/catalogue.ts';
import type { StoredDocument } from '../cloud/state.ts';
import { byHand, type Row, row } from '../compare/row.ts';
import { printable } from '../print.ts';
import { type Finding, problem } from './finding.ts';

/** The collection of what is sold. */
export const PRODUCTS = 'products';

/** Far more products than a shop has. */
export const PRODUCTS_MAX = 1_000;

/** A product that shoppers are not sold, and why: what the functions say of it. */
interface UnreadableProduct {
  readonly id: string;
  readonly problem: string;
}

/** Those that cannot be read, except for those that are not on sale: they may be half written. */
function unreadableProducts(documents: readonly StoredDocument[]): readonly UnreadableProduct[] {
  return documents.flatMap((document) => {
    if (document.on_sale === false) return [];
    const read = readProduct(document, channels);
    return 'problem' in read ? [{ id: printable(document._id), problem: printable(read.problem) }] : [];
  });
}

/** @param name where the products are */
export const checkProducts = (documents: readonly StoredDocument[], name: string): readonly Finding[] =>
  unreadableProducts(documents).map((product) => problem(name, `${sentenceOf(product)}. Fix it there`));

/** One row for the whole catalogue, since prices are the merchant's and only what cannot be sold is ours to report. */
export function catalogueRow(documents: readonly StoredDocument[]): Row {
  const unreadable = unreadableProducts(documents);
  const found = unreadable.map(({ id }) => id).join(', ');
  return row(
    PRODUCTS,
    'that can be sold',
    ['all', found ? `not ${found}` : 'all'],
    byHand(
      `${unreadable.map(sentenceOf).join('; ')}. Fix it (console, Database 数据库, ${PRODUCTS}), or set on_sale to false`,
    ),
  );
}

const sentenceOf = ({ id, problem: why }: UnreadableProduct): string =>
  `Product ${id} cannot be sold (${why})`;
