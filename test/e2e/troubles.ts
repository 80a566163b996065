import type { LocalWorld } from '../../scripts/local/local-world.ts';

type Parts = Pick<LocalWorld, 'wechatpay'>;

/** A fault that lasts until it is taken back. */
const ALWAYS = { count: Number.POSITIVE_INFINITY } as const;

/** No notice arrives, until the answer is called. */
export function loseNotices({ wechatpay }: Parts): () => void {
  return wechatpay.faults.add({ kind: 'lose-notice', ...ALWAYS });
}

/** WeChat answers a path of its API with an error, until the answer is called. */
export function refuse(
  { wechatpay }: Parts,
  path: 'unifiedorder' | 'orderquery' | 'closeorder',
  err_code: 'SYSTEMERROR' | 'APPID_MCHID_NOT_MATCH' = 'SYSTEMERROR',
): () => void {
  return wechatpay.faults.add({ kind: 'refuse', err_code, path: `/pay/${path}`, ...ALWAYS });
}

/** Only the shopper and WeChat know of a payment, until the answer is called. */
export function keepWeChatSilent(world: Parts): () => void {
  const ends = [loseNotices(world), refuse(world, 'orderquery')];
  return () => {
    for (const end of ends) end();
  };
}

/** createOrder cannot reach the database, until the answer is called. */
export function cutDatabase({ cloud }: Pick<LocalWorld, 'cloud'>): () => void {
  const times = Number.POSITIVE_INFINITY;
  return cloud.faults.add({ kind: 'cut-before', function: 'createOrder', collection: 'products', times });
}
