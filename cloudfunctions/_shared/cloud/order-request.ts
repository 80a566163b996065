import * as v from 'valibot';
import type { OrderRequest } from '../contract.ts';

/** What checkOrder and cancelOrder are called with: an out_trade_no as we make them. */
export const OrderRequestSchema = v.object({
  out_trade_no: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, 'must be the out_trade_no of an order')),
}) satisfies v.GenericSchema<OrderRequest>;
