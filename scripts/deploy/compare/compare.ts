import { catalogueRow, PRODUCTS } from '../check/catalogue.ts';
import type { EnvironmentState } from '../cloud/state.ts';
import { wantedItems } from '../items/wanted-items.ts';
import { invokeRows, routeRows } from './compare-access.ts';
import { existenceRow, indexRows, ruleRow, seedRows } from './compare-database.ts';
import { functionRows, timerRows } from './compare-functions.ts';
import { itemRows, type Lacking } from './compare-items.ts';
import { asDecided, channelRows, type Products, productsToCome, undecidedIn } from './compare-products.ts';
import { changesOf, type Row } from './row.ts';
import type { WantedState } from './wanted.ts';

/**
 * Compares what should be with what is: the one table from which the plan is made before, and by which the result is
 * judged afterwards. Its rows stand in the order in which things have to be made: the rule of a collection
 * right after it, since until then every shopper may write into it, indexes before the first order, the notify route before a function gives its URL away, the timer when all else stands.
 * @param about.only the one subject that was asked for, if it was
 * @param about.lacking what publishing items needs and has not
 */
export function compare(
  wanted: WantedState,
  found: EnvironmentState,
  {
    only,
    now,
    lacking,
  }: { readonly only: string | undefined; readonly now: Date; readonly lacking: Lacking },
): readonly Row[] {
  const collections = wanted.collections.map(
    (collection) => [collection, found.collections.find(({ name }) => name === collection.name)] as const,
  );
  const functions = wanted.functions.map(
    (fn) => [fn, found.functions.find(({ name }) => name === fn.name)] as const,
  );
  const routes = new Map(wanted.functions.map((fn) => [fn, routeRows(fn, wanted, found)]));
  const hasRouteToCome = changesOf([...routes.values()].flat()).length > 0;
  const products: Products = {
    collection: PRODUCTS,
    written: wanted.collections.find(({ name }) => name === PRODUCTS)?.seed ?? [],
    found: found.products,
  };
  const undecided = undecidedIn(products);
  const items = wantedItems(productsToCome(products), products.written);
  const rows = [
    ...collections.flatMap((pair) => [existenceRow(...pair), ruleRow(...pair, pair[0].name === only)]),
    ...collections.flatMap((pair) => indexRows(...pair)),
    ...functions.flatMap(([fn, there]) => [
      ...functionRows(fn, there, hasRouteToCome),
      ...(routes.get(fn) ?? []),
    ]),
    ...invokeRows(wanted, found),
    ...collections.flatMap((pair) => seedRows(...pair, undecided)),
    ...functions.flatMap((pair) => timerRows(...pair)),
    catalogueRow(asDecided(products)),
    ...itemRows(PRODUCTS, items, { now, lacking }),
    ...channelRows(products, items, now),
  ];
  return rows.filter(({ subject }) => !only || subject === only);
}
