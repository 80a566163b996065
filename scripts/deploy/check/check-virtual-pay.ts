import * as v from 'valibot';
import type { Cloud } from '../cloud/cloud.ts';
import type { StoredDocument } from '../cloud/state.ts';
import { DeployError } from '../errors.ts';
import { wayOutOfWeixin } from '../items/explain-weixin.ts';
import { lackingForItems } from '../items/item-shelf.ts';
import { wantedItems } from '../items/wanted-items.ts';
import { printable } from '../print.ts';
import type { Variables } from '../variables.ts';
import { VIRTUAL_PAY_STEPS } from '../virtual-pay-steps.ts';
import { usesVirtualPay } from './channel.ts';
import { type Finding, ok, problem, reminder, unless, warning } from './finding.ts';

const NAME = 'virtual payment';
/** The function that asks WeChat from inside the environment; no client may call it. */
const DOCTOR = 'doctor';

/** The settings without which products of virtual payment can be neither published nor sold. */
export function checkVirtualPaySettings(
  variables: Variables,
  products: readonly StoredDocument[],
): readonly Finding[] {
  if (!usesVirtualPay(products, products)) return [];
  return lackingForItems(variables).map((name) =>
    problem(
      name,
      'is missing, and products are paid by virtual payment. .env.example says where it is found',
    ),
  );
}

/**
 * Asks a deployed function whether virtual payment takes the shop's secrets. It asks about an order of an invented shopper,
 * which costs nothing and changes nothing.
 */
export async function checkVirtualPay(
  cloud: Cloud,
  {
    appid,
    products,
    written,
  }: {
    readonly appid: string | undefined;
    readonly products: readonly StoredDocument[];
    readonly written: readonly StoredDocument[];
  },
): Promise<readonly Finding[]> {
  if (!usesVirtualPay([...products, ...written], written)) return [];
  const missing = wantedItems(products, written).filter(({ effective_at }) => !effective_at);
  return [
    appid ? await askInside(cloud, appid) : problem(NAME, 'was not asked: the appid must be there first'),
    ...unless(
      missing.length === 0,
      warning(
        NAME,
        `has no item ${missing.map(({ item }) => item.id).join(', ')} yet. npm run deploy publishes it`,
      ),
    ),
    OFFER_ID,
    ...VIRTUAL_PAY_STEPS.map((step) => reminder(NAME, step)),
  ];
}

/** Nobody says whether it is right before a phone opens the cashier with it. */
const OFFER_ID = reminder(
  'VIRTUAL_PAY_OFFER_ID',
  'cannot be proven from here. Compare it with the mini-program console, 虚拟支付, 基本配置, 基础配置',
);

const ANSWER = v.variant('kind', [
  v.object({ kind: v.literal('proven') }),
  v.object({ kind: v.literal('failed'), code: v.string(), message: v.string() }),
]);

async function askInside(cloud: Cloud, appid: string): Promise<Finding> {
  const asked = await invoked(cloud, appid);
  if (asked === undefined)
    return warning(
      NAME,
      `was not asked: the function ${DOCTOR} is not there. Run npm run deploy, then this again`,
    );
  const answer = v.safeParse(ANSWER, asked);
  if (!answer.success)
    return problem(NAME, `the function ${DOCTOR} answered something else. Run npm run deploy`);
  if (answer.output.kind === 'proven')
    return ok(
      NAME,
      'takes WEIXIN_APP_SECRET and VIRTUAL_PAY_APP_KEY, asked inside a function by its own way out',
    );
  const message = printable(answer.output.message).replace(/\.$/, '');
  return problem(NAME, `asked inside a function: ${message}. ${wayOutOfWeixin(answer.output)}`);
}

async function invoked(cloud: Cloud, appid: string): Promise<unknown> {
  try {
    return await cloud.invoke(DOCTOR, { appid });
  } catch (error) {
    if (error instanceof DeployError && /^ResourceNotFound\.Function/.test(error.code)) return undefined;
    throw error;
  }
}
