import * as v from 'valibot';
import type { ChannelName } from '../../../cloudfunctions/_shared/contract.ts';
import { CHANNELS } from '../../../cloudfunctions/_shared/order/order.ts';
import type { StoredDocument } from '../cloud/state.ts';
import { printable } from '../print.ts';
import { type Finding, problem } from './finding.ts';

/**
 * How a product is paid, as far as its owner has decided; null is what a console leaves of a deleted value. While it is
 * undecided the functions sell it through WeChat Pay, so that nobody's sales stop, and we ask.
 */
export const isUndecided = ({ channel }: StoredDocument): boolean =>
  channel === undefined || channel === null;

export const channelOf = ({ channel }: StoredDocument): ChannelName | undefined =>
  v.is(v.picklist(CHANNELS), channel) ? channel : undefined;

/** What its owner decided in the file of first products, which counts where the document itself says nothing. */
export const decisionOf = (
  { _id }: StoredDocument,
  written: readonly StoredDocument[],
): ChannelName | undefined => {
  const decided = written.find((product) => product._id === _id);
  return decided && channelOf(decided);
};

/** Whose channel matters: what is off sale may be half written. */
export const isOnSale = ({ on_sale }: StoredDocument): boolean => on_sale !== false;

/** Whether any product on sale is paid by virtual payment, or will be as its owner wrote in the file. */
export const usesVirtualPay = (
  products: readonly StoredDocument[],
  written: readonly StoredDocument[],
): boolean =>
  products
    .filter(isOnSale)
    .some((product) => [channelOf(product), decisionOf(product, written)].includes('virtualpay'));

/** @param name where the products are */
export function checkChannels(products: readonly StoredDocument[], name: string): readonly Finding[] {
  const undecided = products.filter((product) => isOnSale(product) && isUndecided(product));
  if (undecided.length === 0) return [];
  return [problem(name, howToDecide(undecided.map(({ _id }) => _id)))];
}

/** Only the merchant knows what is sold, so the rule is said and the decision left to him. */
export const howToDecide = (ids: readonly string[]): string =>
  `Nobody has decided how ${ids.map(printable).join(', ')} is paid. Since 2026-04-01 WeChat wants what is used inside the phone ` +
  '(memberships to digital content, unlocking, coins, paid features) paid by virtual payment on every terminal, or a mini-program can ' +
  'lose its payment right; goods, and services used offline, stay with WeChat Pay. Ask WeChat where it is not clear. Then write ' +
  '"channel": "wechatpay" or "channel": "virtualpay" into each product of scripts/products.json, and npm run deploy writes it to ' +
  'where none is; into products of your own in the console (Database 数据库, products)';
