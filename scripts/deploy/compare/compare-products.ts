import type { ChannelName } from '../../../cloudfunctions/_shared/contract.ts';
import { channelOf, decisionOf, howToDecide, isOnSale, isUndecided } from '../check/channel.ts';
import type { StoredDocument } from '../cloud/state.ts';
import type { WantedItem } from '../items/wanted-items.ts';
import { printable } from '../print.ts';
import { inChina, readyAt } from './compare-items.ts';
import { byHand, type Row, row, type Step } from './row.ts';

/** The products of a shop: what its owner wrote for the beginning, and what is in the environment. */
export interface Products {
  readonly collection: string;
  readonly written: readonly StoredDocument[];
  readonly found: readonly StoredDocument[];
}

/** The ids of those whose owner has not decided how they are paid, neither in the file nor in the database. */
export function undecidedIn(products: Products): readonly string[] {
  return productsToCome(products)
    .filter((product) => isUndecided(product) && !decisionOf(product, products.written))
    .map(({ _id }) => _id);
}

/** Those that are on sale in the environment, and the first products that are not in it yet. */
export function productsToCome({ written, found }: Products): readonly StoredDocument[] {
  const missing = written.filter(({ _id }) => !found.some((product) => product._id === _id));
  return [...found, ...missing].filter(isOnSale);
}

/** Those in the environment, each with the channel that it has or is to get. */
export const asDecided = ({ written, found }: Products): readonly StoredDocument[] =>
  found.map((product) => {
    const channel = isUndecided(product) ? decisionOf(product, written) : undefined;
    return channel ? { ...product, channel } : product;
  });

/**
 * How each product is paid. What the file says counts only where the database says nothing. Nobody's sales stop: a product goes over
 * to virtual payment when its items can be bought.
 */
export function channelRows(products: Products, items: readonly WantedItem[], now: Date): readonly Row[] {
  const { collection, written, found } = products;
  return found.filter(isOnSale).flatMap((product) => {
    const { _id } = product;
    const decided = channelOf(product) ?? decisionOf(product, written);
    const wanted = decided ?? 'decided';
    const shown = isUndecided(product) ? 'undecided' : wanted;
    const step = decided ? decideAs(product, decided) : byHand(howToDecide(undecidedIn(products)));
    return row(collection, `channel of ${printable(_id)}`, [wanted, shown], step);
  });

  function decideAs({ _id }: StoredDocument, channel: ChannelName): Step {
    const ready = readyAt(
      items.filter(({ product_id }) => product_id === _id),
      now,
    );
    if (channel === 'virtualpay' && ready !== 'now') return goesOver(_id, ready);
    return { kind: 'set channel', collection, _id, channel };
  }
}

const goesOver = (_id: string, ready: 'unpublished' | Date): Step =>
  byHand(
    `${printable(_id)} is sold through WeChat Pay until its items can be bought: run this again ` +
      (ready === 'unpublished'
        ? 'once they are published'
        : `at ${inChina(ready)}, and it goes over to virtual payment`),
  );
