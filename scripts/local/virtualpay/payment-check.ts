import * as v from 'valibot';
import type { Sessions } from '../weixin/sessions.ts';
import type { Account } from './account.ts';
import type { Choices } from './choices.ts';
import { type Failed, failed } from './failed.ts';
import type { Item, Items } from './items.ts';
import { type Ledger, STATUS } from './ledger.ts';
import { APPLE_WECHAT_VERSION_MIN, isOlder, mayUse, type Phone } from './phone.ts';
import { paySig, userSignature } from './sign.ts';
import { readSignData, type SignData } from './sign-data.ts';

/** Apple's lowest price, in fen. */
const APPLE_PRICE_MIN = 100;
/** An activity price is at least so much of the registered one, by one copy of the document. */
const ACTIVITY_PRICE_MIN = 0.4;

const PARAMETERS = v.object({
  signData: v.string(),
  mode: v.string(),
  paySig: v.string(),
  signature: v.string(),
});
type Parameters = v.InferOutput<typeof PARAMETERS>;

interface Surroundings {
  readonly account: Account;
  readonly sessions: Pick<Sessions, 'stateOf'>;
  readonly items: Items;
  readonly ledger: Ledger;
  readonly choices: Choices;
}

/** A payment that the cash desk may show. */
export interface Checked {
  readonly kind: 'checked';
  readonly signData: SignData;
  readonly item: Item;
  /** Fen: what is paid. */
  readonly price: number;
}

/** Whether the parameters of wx.requestVirtualPayment may be paid with on this phone; the first fault is the answer. */
export function checkPayment(world: Surroundings, parameters: unknown, phone: Phone): Checked | Failed {
  const { account, ledger, choices, items } = world;
  const read = v.safeParse(PARAMETERS, parameters);
  if (!read.success) return failed(1001, 'signData, mode, paySig and signature are texts');
  const { mode } = read.output;
  if (mode === 'short_series_coin') return failed(-15009, 'there are no coins here, goods only');
  if (mode !== 'short_series_goods') return failed(1001, 'mode is short_series_goods');
  const signData = readSignData(read.output.signData);
  if ('errCode' in signData) return signData;
  const { env, productId, outTradeNo, offerId, goodsPrice, activitySellingPrice } = signData;
  if (!mayUse(env, phone))
    return failed(-15011, 'the sandbox is for versions that are not released, and not for iOS');
  if (offerId !== account.offer_id) return failed(-15001, 'offerId is not that of this account');
  const unsigned = checkSignatures(world, read.output, { env, openid: phone.openid });
  if (unsigned) return unsigned;
  const order = ledger.find(env, outTradeNo);
  if (order && !(choices.reopens && order.status === STATUS.CREATED && order.openid === phone.openid))
    return failed(-15002, 'the number was used before: an attempt has one number');
  const item = items.find(env, productId);
  const unsold = checkItem(items, item);
  if (unsold || !item) return unsold ?? failed(-15010, 'the item is not known');
  if (goodsPrice !== item.price)
    return failed(-15013, `goodsPrice is the registered price of the item: ${item.price}`);
  const price = activitySellingPrice ?? goodsPrice;
  if (price > goodsPrice || price < goodsPrice * ACTIVITY_PRICE_MIN)
    return failed(-15013, 'activitySellingPrice is between 40 % of the price and the price');
  return checkApple(account, phone, price) ?? { kind: 'checked', signData, item, price };
}

function checkSignatures(
  { account, sessions, choices }: Surroundings,
  { signData, paySig: given, signature }: Parameters,
  { env, openid }: { env: 0 | 1; openid: string },
): Failed | undefined {
  if (given !== paySig(account.app_keys[env], 'requestVirtualPayment', signData))
    return failed(
      -15006,
      `paySig is made over requestVirtualPayment, & and exactly signData, with the AppKey of env ${env}`,
    );
  const state = sessions.stateOf(openid, (session_key) => signature === userSignature(session_key, signData));
  if (state === 'unknown')
    return failed(
      -15005,
      'signature is made over exactly signData with the session_key, as text, of who holds the phone',
    );
  if (state === 'expired')
    return failed(
      choices.replacedKeyErrCode,
      'the session_key was replaced or is over: call wx.login, sign again',
    );
  return undefined;
}

function checkItem(items: Items, item: Item | undefined): Failed | undefined {
  switch (items.stateOf(item)) {
    case 'unknown':
    case 'unpublished':
      return failed(-15010, 'the item is not published in this environment');
    case 'review failed':
      return failed(-15018, 'the item did not pass its review');
    case 'not yet effective':
      return failed(-15014, 'the item was published less than ten minutes ago');
    case 'effective':
      return undefined;
  }
}

function checkApple(account: Account, phone: Phone, price: number): Failed | undefined {
  if (phone.platform !== 'ios') return undefined;
  const { version = APPLE_WECHAT_VERSION_MIN, isDomesticAppleAccount = true } = phone;
  if (price < APPLE_PRICE_MIN) return failed(-15001, 'Apple takes 100 fen or more');
  if (!isDomesticAppleAccount)
    return failed(-15001, 'the App Store account is foreign', '暂不支持非中国大陆地区苹果账号支付。');
  if (!account.isAppleOpened)
    return failed(-15001, 'IAP is not switched on in the console', '当前商户尚未开启iOS支付');
  if (isOlder(version, APPLE_WECHAT_VERSION_MIN))
    return failed(
      -15001,
      `WeChat is older than ${APPLE_WECHAT_VERSION_MIN}; what it says then is not published`,
    );
  return undefined;
}
