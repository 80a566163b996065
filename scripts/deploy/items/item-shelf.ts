import { realTimers } from '../../../cloudfunctions/_shared/cloud/timers.ts';
import { readWeixinConfig } from '../../../cloudfunctions/_shared/cloud/virtual-pay-config.ts';
import { createWeixinTransport } from '../../../cloudfunctions/_shared/cloud/weixin-http.ts';
import { createAccessTokens } from '../../../cloudfunctions/_shared/weixin/access-token.ts';
import type { CloudDocuments } from '../cloud/cloud.ts';
import type { Machine } from '../machine.ts';
import type { Variables } from '../variables.ts';
import { publishItem } from './publish-item.ts';
import { publishedItem, type WantedItem } from './wanted-items.ts';

/** A published item is sold after about ten minutes by the list of errors, after half an hour by the guide to functions. */
export const EFFECTIVE_AFTER_MS = 30 * 60_000;

const ANSWER_TIMEOUT_MS = 10_000;

/** What it takes to put items on sale at virtual payment. */
const NEEDED = [
  'WEIXIN_APP_SECRET',
  'VIRTUAL_PAY_OFFER_ID',
  'VIRTUAL_PAY_APP_KEY',
  'VIRTUAL_PAY_ITEM_URL',
] as const;

/** Those of them that are not there. */
export const lackingForItems = (variables: Variables): readonly string[] =>
  NEEDED.filter((name) => !variables[name]);

/** Puts an item on sale, and writes into its product's document that it is, and from when. */
export type PutOnSale = (collection: string, wanted: WantedItem) => Promise<void>;

/** Asked from this machine, with what `.env` says. One item after the other: virtual payment runs one task at a time. */
export function itemShelf(
  { variables, appid = '' }: { readonly variables: Variables; readonly appid: string | undefined },
  { cloud, machine }: { readonly cloud: CloudDocuments; readonly machine: Machine },
): PutOnSale {
  const { WEIXIN_APP_SECRET: secret = '', VIRTUAL_PAY_APP_KEY: app_key = '' } = variables;
  const { VIRTUAL_PAY_ITEM_URL: item_url = '' } = variables;
  const clock = { now: machine.now };
  const { origin, timeout_ms } = readWeixinConfig(variables);
  const transport = createWeixinTransport({ origin, timeout_ms, timers: realTimers, clock });
  const answerBy = () => new Date(machine.now().getTime() + ANSWER_TIMEOUT_MS);
  const tokens = createAccessTokens();
  const asker = {
    post: (path: string, body: string) => transport({ path, body }, answerBy()),
    accessToken: (stale?: string) =>
      tokens.get({ appid, secret }, { transport, answerBy: answerBy(), clock }, stale),
    app_key,
    env: 0,
  } as const;
  return async (collection, wanted) => {
    await publishItem(asker, { ...wanted.item, item_url }, machine.wait);
    const effective_at = new Date(machine.now().getTime() + EFFECTIVE_AFTER_MS);
    await cloud.addToList(collection, wanted.product_id, {
      list: 'items',
      entry: publishedItem(wanted, effective_at),
      key: ['item_id', 'env'],
    });
  };
}
