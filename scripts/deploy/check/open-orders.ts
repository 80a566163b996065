import { UNSETTLED_STATES } from '../../../cloudfunctions/_shared/order/order.ts';
import type { CloudDocuments } from '../cloud/cloud.ts';
import type { StoredDocument } from '../cloud/state.ts';
import { printable } from '../print.ts';
import { type Finding, warning } from './finding.ts';

/** The collection of orders. */
export const ORDERS = 'orders';

/** Enough to see that there are many. */
const ORDERS_MAX = 100;
const EXAMPLES_MAX = 3;

/** Orders of another merchant number in which money may still come, or still go back. Those of virtual payment have none. */
export const ordersOfOthers = (cloud: CloudDocuments, mch_id: string): Promise<readonly StoredDocument[]> =>
  cloud.readDocuments(ORDERS, {
    filter: {
      mch_id: { $nin: [mch_id, ''] },
      $or: [{ trade_state: { $in: UNSETTLED_STATES } }, { refund_reserved_fee: { $gt: 0 } }],
    },
    fields: ['_id', 'mch_id'],
    limit: ORDERS_MAX,
  });

/** An order is asked about, closed and settled with its own merchant number, whose key is gone when the number is changed. */
export function checkMerchantNumber(mch_id: string, orders: readonly StoredDocument[]): readonly Finding[] {
  const merchants = [...new Set(orders.map(numberOf))].map((number) => {
    const theirs = orders.filter((order) => numberOf(order) === number);
    const examples = theirs.slice(0, EXAMPLES_MAX).map(({ _id }) => printable(_id));
    return `${number} (${countOf(theirs)}: ${examples.join(', ')}${theirs.length > EXAMPLES_MAX ? ', …' : ''})`;
  });
  if (merchants.length === 0) return [];
  return [
    warning(
      'WECHAT_PAY_MCH_ID',
      `is ${mch_id || 'not set'}, and open orders are of ${merchants.join(' and of ')}. With another number and key they can be neither asked ` +
        'about nor closed, and a payment or a refund of one is left to you. Let them end first: keep the old number and its key, set ' +
        'on_sale of every product to false, and change the number once no order is NOTPAY, USERPAYING or PAYERROR and no refund is under way (npm run ops -- refunds)',
    ),
  ];
}

const numberOf = ({ mch_id }: StoredDocument): string => printable(String(mch_id));

const countOf = ({ length }: readonly StoredDocument[]): string =>
  length >= ORDERS_MAX ? `${ORDERS_MAX} or more` : String(length);
