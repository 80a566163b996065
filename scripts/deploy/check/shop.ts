import type { CloudDocuments } from '../cloud/cloud.ts';
import type { CollectionState, EnvironmentState } from '../cloud/state.ts';
import { PRODUCTS, PRODUCTS_MAX } from './catalogue.ts';
import { ORDERS, ordersOfOthers } from './open-orders.ts';

/** What is in the shop's own collections, as far as they are there. */
export async function readShop(
  cloud: CloudDocuments,
  {
    collections,
    mch_id,
  }: { readonly collections: readonly Pick<CollectionState, 'name'>[]; readonly mch_id: string },
): Promise<Pick<EnvironmentState, 'products' | 'ordersOfOthers'>> {
  const isThere = (name: string) => collections.some((collection) => collection.name === name);
  const [products, orders] = await Promise.all([
    isThere(PRODUCTS) ? cloud.readDocuments(PRODUCTS, { filter: {}, limit: PRODUCTS_MAX }) : [],
    isThere(ORDERS) ? ordersOfOthers(cloud, mch_id) : [],
  ]);
  return { products, ordersOfOthers: orders };
}
