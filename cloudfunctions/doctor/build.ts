import * as v from 'valibot';
import { identityOf } from '../_shared/cloud/functions/identity.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { openVirtualPayAsker } from '../_shared/cloud/services.ts';
import { ChannelError } from '../_shared/order/channel.ts';
import { deadlineOf, PUSH_CALL_MS } from '../_shared/order/deadline.ts';
import { VirtualPayError } from '../_shared/virtualpay/errors.ts';
import { queryOrder } from '../_shared/virtualpay/query-order.ts';
import { WeixinError } from '../_shared/weixin/errors.ts';

const FromShopper = v.object({ userInfo: v.unknown() });
const Question = v.object({ appid: v.pipe(v.string(), v.regex(/^wx[0-9a-f]{16}$/)) });

/** What the merchant's machine reads: an errcode as everywhere, or what asking WeChat came to. */
type Answer =
  | { readonly errcode: 'FORBIDDEN' | 'INVALID_PARAMETERS' }
  /** WeChat gave a token for the AppSecret, and took the signature of the AppKey. */
  | { readonly kind: 'proven' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/**
 * Answers `npm run doctor`: whether the settings of virtual payment are right and this network leads to WeChat. Only a function can
 * tell, since it leaves by addresses of its own. It asks about an order of an invented shopper, which changes nothing: that
 * there is no such shopper is said after token and signature were looked at.
 */
export function build(runtime: Runtime) {
  return async (event: unknown, context: unknown): Promise<Answer> => {
    if (identityOf(context)?.openid || v.is(FromShopper, event)) return { errcode: 'FORBIDDEN' };
    const question = v.safeParse(Question, event);
    if (!question.success) return { errcode: 'INVALID_PARAMETERS' };
    return prove(runtime, question.output.appid, deadlineOf(runtime.clock.now(), PUSH_CALL_MS));
  };
}

async function prove(runtime: Runtime, appid: string, answerBy: Date): Promise<Answer> {
  const invented = runtime.random(14).toString('hex');
  try {
    const asker = openVirtualPayAsker(runtime, appid, answerBy);
    await queryOrder(asker, { openid: invented, order_id: invented });
    return { kind: 'proven' };
  } catch (error) {
    if (!isOfWeChat(error)) throw error;
    if (error.code === 'OPENID_REFUSED') return { kind: 'proven' };
    return { kind: 'failed', code: error.code, message: error.message };
  }
}

const isOfWeChat = (error: unknown): error is VirtualPayError | WeixinError | ChannelError =>
  error instanceof VirtualPayError || error instanceof WeixinError || error instanceof ChannelError;
