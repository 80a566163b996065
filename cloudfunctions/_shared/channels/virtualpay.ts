import * as v from 'valibot';
import { ChannelError, type Login, type PaymentChannel, type Report } from '../order/channel.ts';
import type { Order } from '../order/order.ts';
import { type Refusal, refusal } from '../order/refusal.ts';
import type { Asker } from '../virtualpay/client.ts';
import { notifyProvideGoods } from '../virtualpay/delivery.ts';
import type { Env } from '../virtualpay/env.ts';
import { VirtualPayError } from '../virtualpay/errors.ts';
import { problemOfPayment, signVirtualPayment } from '../virtualpay/payment.ts';
import { queryOrder } from '../virtualpay/query-order.ts';
import type { AccessTokens } from '../weixin/access-token.ts';
import { WeixinError } from '../weixin/errors.ts';
import { code2Session, type Session } from '../weixin/session.ts';
import type { Transport } from '../weixin/transport.ts';
import { itemFor } from './virtualpay-item.ts';
import { refunding } from './virtualpay-refund.ts';
import { reportOf, unclearReport } from './virtualpay-report.ts';
import { translated } from './weixin-errors.ts';

/** How the shop is known to virtual payment, and the way there. The two keys are secrets; never log one. */
export interface VirtualPaySettings {
  /** The AppSecret of the mini-program, for code2Session and the access_token. */
  readonly app_secret: string;
  /** The AppKey of `env`. */
  readonly app_key: string;
  readonly env: Env;
  readonly offer_id?: string;
  readonly transport: Transport;
  readonly tokens: AccessTokens;
}

/** What it takes to ask virtual payment within one call. */
export interface VirtualPayNeeds {
  /** Or what is wrong with them, by name and without a value: a shop that sells nothing this way has none. */
  readonly settings: VirtualPaySettings | { readonly problem: string };
  readonly clock: { now(): Date };
  /** When an answer comes too late to be of use. */
  readonly answerBy: Date;
}

/** What an order of this channel stores. */
export const VirtualPayFieldsSchema = v.object({
  offer_id: v.string(),
  env: v.picklist([0, 1]),
  /** The item (productId) that it buys, at the order's price. */
  item_id: v.string(),
  /** That it was paid through Apple, who alone gives the money back. */
  apple: v.exactOptional(v.literal(true)),
});

export type VirtualPayFields = v.InferOutput<typeof VirtualPayFieldsSchema>;

/**
 * Virtual payment as a channel. An order is known there only once the phone has opened the cashier with it, and nobody can
 * close it. The session_key lives for one signature: it is neither stored nor logged.
 */
export function openVirtualPay(needs: VirtualPayNeeds): PaymentChannel {
  return {
    checkSettings: () => void settingsOf(needs),

    begin(wanted) {
      const { env, offer_id } = settingsOf(needs);
      if (offer_id === undefined) throw misconfigured('VIRTUAL_PAY_OFFER_ID is missing');
      if (!wanted.code) return { kind: 'cannot-sell', refusal: codeMissing(wanted) };
      const found = itemFor(wanted, env);
      if (found.kind === 'cannot-sell') return found;
      return { kind: 'begun', mch_id: NO_MCH_ID, fields: { offer_id, env, item_id: found.item_id } };
    },

    check(order) {
      const problem = problemOfPayment(paymentOf(order));
      if (problem === undefined) return;
      throw new ChannelError('REFUSED', `${problem}.`, { reason: 'PARAMETER_REFUSED' });
    },

    // Virtual payment takes no order from us: the phone's call makes it.
    prepare: async () => ({ kind: 'prepared', fields: {} }),

    async paymentFor(order, { code }) {
      if (!code) return codeMissing({ code });
      const { app_key } = settingsOf(needs);
      // Nothing is signed that nobody could ask about: the token comes first, before the code is used up.
      await checkAskable(needs, order.appid);
      const session = await sessionOf(needs, { appid: order.appid, code });
      if ('kind' in session) return session;
      if (session.openid !== order._openid) return codeInvalid;
      return signVirtualPayment(paymentOf(order), { app_key, session_key: session.session_key });
    },

    unaskable(order) {
      const { settings } = needs;
      const { env, offer_id } = fieldsOf(order);
      if ('problem' in settings) return undefined;
      if (env === settings.env) {
        if (settings.offer_id === undefined || settings.offer_id === offer_id) return undefined;
        const now = `the functions have ${settings.offer_id}`;
        const wayOut = 'Set VIRTUAL_PAY_OFFER_ID and its AppKey back until its orders have ended.';
        return { why: `The order was made under the OfferID ${offer_id}; ${now}. ${wayOut}` };
      }
      return env === SANDBOX ? { why: OF_THE_SANDBOX, isUnpayable: true } : { why: OF_THE_LIVE_SHOP };
    },

    async query(order) {
      const asker = askerOf(needs, order.appid);
      const asked = { openid: order._openid, order_id: order._id };
      const answer = await queryOrder(asker, asked).catch((error: unknown) => unclearOrThrow(order, error));
      if (answer.kind === 'report') return answer;
      return answer.kind === 'absent' ? answer : reportOf(order, answer, asker.env);
    },

    close: undefined,

    staffGoOnWithRefunds: false,

    unrefundable(order) {
      if (fieldsOf(order).apple) return APPLE_ALONE;
      return 'problem' in needs.settings ? needs.settings.problem : undefined;
    },

    ...refunding(({ appid }) => askerOf(needs, appid)),

    // Its bill is a file whose columns nobody has published.
    bills: 'problem' in needs.settings ? undefined : { mch_id: NO_MCH_ID },

    async markDelivered(order) {
      await translated(() => notifyProvideGoods(askerOf(needs, order.appid), order._id));
      return undefined;
    },
  };
}

const SANDBOX: Env = 1;
const OF_THE_SANDBOX =
  'The order was made in the sandbox, where nobody pays; the functions are live. Nothing is to be done: it ends by itself.';
const OF_THE_LIVE_SHOP =
  'The order was made live; the functions are in the sandbox, whose key cannot ask about it. Set VIRTUAL_PAY_ENV to 0.';

/**
 * An answer that is not as documented, or one that the shopper does not exist, ends no order and books none: a human is
 * called, and what else goes wrong is thrown in the rules' words.
 */
function unclearOrThrow(order: Order, error: unknown): Promise<Report> | Report {
  const isUnclear =
    error instanceof VirtualPayError && (error.code === 'ANSWER_REFUSED' || error.code === 'OPENID_REFUSED');
  return isUnclear
    ? unclearReport(order, error.message, error.rid)
    : translated<Report>(() => Promise.reject(error));
}

/** Asks virtual payment for the mini-program of `appid`. @throws ChannelError MISCONFIGURED where settings are missing */
export function askerOf(needs: VirtualPayNeeds, appid: string): Asker {
  const { clock, answerBy } = needs;
  const { app_secret, app_key, env, transport, tokens } = settingsOf(needs);
  const app = { appid, secret: app_secret };
  return {
    app_key,
    env,
    post: (path, body) => transport({ path, body }, answerBy),
    accessToken: (stale) => tokens.get(app, { transport, answerBy, clock }, stale),
  };
}

const APPLE_ALONE =
  'The order was paid through Apple, who alone gives the money back: the shopper asks for it in the App Store.';

/** What is stored for orders that belong to no merchant number: no function of WeChat Pay takes them for its own. */
const NO_MCH_ID = '';

const codeInvalid = refusal(
  'LOGIN_CODE_INVALID',
  'Call wx.login right before this call, and send what it gives as code.',
);

const pageTooOld = refusal(
  'INVALID_PARAMETERS',
  'The page sends no code: it is of a release that does not know virtual payment. Release the mini-program.',
);

const loginBlocked = refusal(
  'LOGIN_BLOCKED',
  'WeChat does not let this shopper log in for now. The same call can be made again later.',
);

/** Pages that know of codes send an empty one where they have none yet; older ones send nothing, and have no way to. */
function codeMissing({ code }: Login): Refusal {
  return code === undefined ? pageTooOld : codeInvalid;
}

/** @throws ChannelError where WeChat does not give a token for certain; where that is not clear, the order may be signed */
async function checkAskable(needs: VirtualPayNeeds, appid: string): Promise<void> {
  try {
    await translated(() => askerOf(needs, appid).accessToken());
  } catch (error) {
    if (!(error instanceof ChannelError) || error.code !== 'UNKNOWN') throw error;
  }
}

/** Who logged in on the phone, or why nobody did. */
async function sessionOf(
  needs: VirtualPayNeeds,
  { appid, code }: { appid: string; code: string },
): Promise<Session | Refusal> {
  const { app_secret: secret, transport } = settingsOf(needs);
  const { answerBy } = needs;
  try {
    return await translated(() => code2Session({ transport, answerBy }, { appid, secret, code }));
  } catch (error) {
    const { cause } = error instanceof ChannelError ? error : {};
    if (!(cause instanceof WeixinError)) throw error;
    switch (cause.code) {
      // Whatever a client sent as a code, no human is called for it.
      case 'CODE_REFUSED':
      case 'REFUSED':
        return codeInvalid;
      case 'SHOPPER_BLOCKED':
        return loginBlocked;
      default:
        throw error;
    }
  }
}

function settingsOf({ settings }: VirtualPayNeeds): VirtualPaySettings {
  if ('problem' in settings) throw misconfigured(settings.problem);
  return settings;
}

function misconfigured(problem: string): ChannelError {
  const message = `Virtual payment cannot be asked: ${problem}.`;
  return new ChannelError('MISCONFIGURED', message, { reason: 'CONFIGURATION_WRONG' });
}

/** @throws ChannelError REFUSED for an order that is not this channel's */
export function fieldsOf(order: Order): VirtualPayFields {
  const read = v.safeParse(VirtualPayFieldsSchema, order.by_channel.virtualpay);
  if (read.success) return read.output;
  const message = `The order ${order._id} lacks what virtual payment is asked with.`;
  throw new ChannelError('REFUSED', message, { reason: 'ORDER_UNREADABLE' });
}

function paymentOf(order: Order) {
  const { offer_id, env, item_id } = fieldsOf(order);
  const { _id: out_trade_no, total_fee: price, attach = '' } = order;
  return { offer_id, env, item_id, price, out_trade_no, attach };
}
