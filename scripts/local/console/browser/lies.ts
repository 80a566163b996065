import type { Channel } from '../wire.ts';

/** The lies that the server knows, in its names. A test compares them with those. */
export const LIES: Readonly<Record<Channel, readonly string[]>> = {
  wechatpay: [
    'wrong sign',
    'no sign',
    'changed amount',
    'wrong amount',
    'wrong payer',
    'wrong merchant',
    'wrong app',
    'wrong order',
    'other algorithm',
  ],
  virtualpay: [
    'never paid',
    'another openid',
    'another env',
    'another item',
    'another price',
    'no such order',
    'refund that is none',
    'no fields',
  ],
};
