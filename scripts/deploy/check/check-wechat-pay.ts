import type { StoredDocument } from '../cloud/state.ts';
import { lackingForItems } from '../items/item-shelf.ts';
import { printable } from '../print.ts';
import { usesWeChatPay, type Variables } from '../variables.ts';
import { channelOf, decisionOf, isOnSale } from './channel.ts';
import { type Finding, problem, reminder, unless } from './finding.ts';

/** What a shop is known by at WeChat Pay, and where it is found. */
const SETTINGS: ReadonlyMap<string, string> = new Map([
  [
    'WECHAT_PAY_MCH_ID',
    'WeChat Pay merchant platform, Account Center 账户中心, Merchant Information 商户信息',
  ],
  [
    'WECHAT_PAY_API_KEY',
    'WeChat Pay merchant platform, Account Center 账户中心, API Security API安全, API v2 key',
  ],
]);

/**
 * The settings without which nothing is sold through WeChat Pay. They may be left out together where every product is paid
 * by virtual payment, or nothing is sold yet and virtual payment is set up.
 * @param written the first products, as their owner wrote them
 */
export function checkWeChatPaySettings(
  variables: Variables,
  written: readonly StoredDocument[],
): readonly Finding[] {
  const onSale = written.filter(isOnSale);
  const isVirtual =
    onSale.length > 0
      ? onSale.every((product) => channelOf(product) === 'virtualpay')
      : lackingForItems(variables).length === 0;
  if (isVirtual && !usesWeChatPay(variables)) return [VIRTUAL_ALONE];
  return [...SETTINGS].flatMap(([name, where]) =>
    unless(Boolean(variables[name]), problem(name, `is missing. ${where}`)),
  );
}

const VIRTUAL_ALONE = reminder(
  'WECHAT_PAY_MCH_ID',
  'is not set, so that virtual payment alone is sold through: no notices and no merchant certificate are needed',
);

/** What is on sale in the environment through WeChat Pay, which does not know the shop. */
export function checkSoldThroughWeChatPay(
  variables: Variables,
  products: readonly StoredDocument[],
  written: readonly StoredDocument[],
): readonly Finding[] {
  if (usesWeChatPay(variables)) return [];
  const sold = products
    .filter(isOnSale)
    .filter((product) => (channelOf(product) ?? decisionOf(product, written)) !== 'virtualpay');
  const ids = sold.map(({ _id }) => printable(_id)).join(', ');
  const message = `is not set, and ${ids} is sold through WeChat Pay. Set it, or the channel of each to virtualpay`;
  return unless(sold.length === 0, problem('WECHAT_PAY_MCH_ID', message));
}
