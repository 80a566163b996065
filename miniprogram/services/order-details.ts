import type { OrderView } from '../../cloudfunctions/_shared/contract';
import { nameIn } from '../logic/order/order';
import { readMemberships, readProducts } from './catalogue';
import type { Read } from './cloud';
import { isIos } from './device';
import { readOrder } from './orders';

/** What stands around an order: its product, and what the shopper holds of it. */
export interface OrderDetails {
  readonly order: OrderView;
  readonly productName: string;
  readonly isWithheld: boolean;
  readonly heldUntil: Date | undefined;
}

/** Reads an order of this shopper's with what the page shows beside it; found is undefined when there is no such order. */
export async function readOrderDetails(out_trade_no: string): Promise<Read<OrderDetails | undefined>> {
  const [order, products, memberships] = await Promise.all([
    readOrder(out_trade_no),
    readProducts(),
    readMemberships(),
  ]);
  if (order.kind === 'lost') return order;
  if (products.kind === 'lost') return products;
  if (memberships.kind === 'lost') return memberships;
  if (order.found === undefined) return { kind: 'read', found: undefined };
  const { product_id } = order.found;
  const product = products.found.find((candidate) => candidate.product_id === product_id);
  const expires_at = memberships.found[product_id];
  return {
    kind: 'read',
    found: {
      order: order.found,
      productName: product?.name ?? nameIn(order.found),
      isWithheld: product?.virtual === true && isIos(),
      heldUntil: expires_at === undefined ? undefined : new Date(expires_at),
    },
  };
}
