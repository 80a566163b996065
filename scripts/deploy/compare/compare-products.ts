import { channelOf, decisionOf, howToDecide, isOnSale, isUndecided } from '../check/channel.ts';
import type { StoredDocument } from '../cloud/state.ts';
import { printable } from '../print.ts';
import { byHand, type Row, row } from './row.ts';

/** The products of a shop: what its owner wrote for the beginning, and what is in the environment. */
export interface Products {
  readonly collection: string;
  readonly written: readonly StoredDocument[];
  readonly found: readonly StoredDocument[];
}

/** The ids of those whose owner has not decided how they are paid, neither in the file nor in the database. */
export function undecidedIn({ written, found }: Products): readonly string[] {
  const toCome = written.filter(({ _id }) => !found.some((product) => product._id === _id));
  return [...found.filter(isOnSale), ...toCome]
    .filter((product) => isUndecided(product) && !decisionOf(product, written))
    .map(({ _id }) => _id);
}

/** How each product is paid. What the file says counts only where the database says nothing. */
export function channelRows(products: Products): readonly Row[] {
  const { collection, written, found } = products;
  const decide = byHand(howToDecide(undecidedIn(products)));
  return found.filter(isOnSale).flatMap((product) => {
    const { _id } = product;
    const decided = channelOf(product) ?? decisionOf(product, written);
    const wanted = decided ?? 'decided';
    const shown = isUndecided(product) ? 'undecided' : wanted;
    return row(
      collection,
      `channel of ${printable(_id)}`,
      [wanted, shown],
      decided ? { kind: 'set channel', collection, _id, channel: decided } : decide,
    );
  });
}
