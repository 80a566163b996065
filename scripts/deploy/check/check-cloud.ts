import { openCloud } from '../cloud/open-cloud.ts';
import type { Seeds } from '../cloud/state.ts';
import { DeployError } from '../errors.ts';
import type { Machine } from '../machine.ts';
import type { Variables } from '../variables.ts';
import { checkProducts, PRODUCTS } from './catalogue.ts';
import { checkChannels, decisionOf } from './channel.ts';
import { checkVirtualPay } from './check-virtual-pay.ts';
import { checkSoldThroughWeChatPay } from './check-wechat-pay.ts';
import { type Finding, ok, problem, problemOf } from './finding.ts';
import { checkMerchantNumber, ORDERS } from './open-orders.ts';
import { readShop } from './shop.ts';

const NAME = 'CloudBase';
const NEEDED = ['CLOUDBASE_ENV_ID', 'TENCENTCLOUD_SECRETID', 'TENCENTCLOUD_SECRETKEY'] as const;

/**
 * Looks at the environment without changing anything: whether it is of a kind that we can deploy to, whether its products
 * can be sold, and whether orders of another merchant number are open.
 */
export async function checkCloud(
  variables: Variables,
  {
    machine,
    seeds,
    appid,
  }: {
    readonly machine: Pick<Machine, 'wait' | 'processEnvironment' | 'print'>;
    readonly appid: string | undefined;
    readonly seeds: Seeds;
  },
): Promise<readonly Finding[]> {
  if (NEEDED.some((name) => !variables[name]))
    return [problem(NAME, `was not asked: ${NEEDED.join(', ')} must be there first`)];
  const mch_id = variables.WECHAT_PAY_MCH_ID ?? '';
  try {
    const cloud = await openCloud(variables, machine);
    const collections = await cloud.readCollections([PRODUCTS, ORDERS].map((name) => ({ name, seed: [] })));
    const { products, ordersOfOthers } = await readShop(cloud, { collections, mch_id });
    const where = `${PRODUCTS} of ${variables.CLOUDBASE_ENV_ID}`;
    const written = seeds.get(PRODUCTS) ?? [];
    return [
      ok(NAME, `knows the key, and ${variables.CLOUDBASE_ENV_ID} is an environment to deploy to`),
      ...checkProducts(products, where),
      ...checkChannels(
        products.filter((product) => !decisionOf(product, written)),
        where,
      ),
      ...checkMerchantNumber(mch_id, ordersOfOthers),
      ...checkSoldThroughWeChatPay(variables, products, written),
      ...(await checkVirtualPay(cloud, { appid, products, written })),
    ];
  } catch (error) {
    if (error instanceof DeployError) return [problemOf(NAME, error)];
    throw error;
  }
}
