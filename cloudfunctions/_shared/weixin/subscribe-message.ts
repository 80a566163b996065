import type { Meanings } from './answer.ts';
import { askWithToken, DONE, type WeixinNeeds } from './client.ts';
import type { App } from './transport.ts';

/** A message to somebody who agreed to one of this template. */
export interface SubscribeMessage {
  /** The openid. */
  readonly touser: string;
  readonly template_id: string;
  /** A page of the mini-program with its parameters, which a tap opens. */
  readonly page: string;
  /** The template's fields. */
  readonly data: Readonly<Record<string, { readonly value: string }>>;
}

/** From the pages subscribeMessage.send and sendMessage (发送订阅消息). */
const MEANINGS: Meanings = new Map([
  [43101, 'SHOPPER_REFUSED'],
  [40003, 'SHOPPER_UNKNOWN'],
  [40037, 'TEMPLATE_REFUSED'],
  [41030, 'TEMPLATE_REFUSED'],
  [47003, 'TEMPLATE_REFUSED'],
  [43107, 'NOT_PERMITTED'],
]);

/**
 * Sends a message (subscribeMessage.send). One consent is one message; it is never sent twice by itself.
 * @throws WeixinError SHOPPER_REFUSED without a consent that is left, TEMPLATE_REFUSED where the template or a field is not as
 * the mini-program has it, and whatever every API throws
 */
export async function sendSubscribeMessage(
  needs: WeixinNeeds,
  app: App,
  message: SubscribeMessage,
): Promise<void> {
  await askWithToken(needs, app, {
    path: '/cgi-bin/message/subscribe/send',
    body: { ...message, miniprogram_state: 'formal', lang: 'zh_CN' },
    answer: DONE,
    meanings: MEANINGS,
    isOnce: true,
  });
}
