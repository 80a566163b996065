import { channels } from '../../../channels/channels.ts';
import { alarm } from '../../../order/alarms.ts';
import { readProduct } from '../../../order/catalogue.ts';
import type { Alarms, Products } from '../../../order/ports.ts';
import type { Database } from '../database.ts';

export const PRODUCTS = 'products';

/** The catalogue. The merchant edits it by hand; what cannot be read is not sold, and raises an alarm. */
export function productsIn(
  database: Database,
  { alarms, now }: { alarms: Alarms; now: () => Date },
): Products {
  return {
    async find(product_id) {
      const document = await database.get(PRODUCTS, product_id);
      if (document === undefined) return undefined;
      const read = readProduct(document, channels);
      if ('product' in read) return read.product;
      await alarms.raise(alarm('PRODUCT_UNREADABLE', product_id, read.problem, now()));
      return undefined;
    },
  };
}
