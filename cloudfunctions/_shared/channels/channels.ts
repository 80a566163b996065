import type { ChannelName } from '../contract.ts';
import { ChannelError, type ChannelOf, type PaymentChannel } from '../order/channel.ts';
import { openWeChatPay, problemOfBody, type WeChatPayNeeds } from './wechatpay.ts';

/** What it takes to open any of the channels for one call. */
export interface ChannelNeeds {
  readonly wechatpay: WeChatPayNeeds;
}

interface Channel {
  readonly open: (needs: ChannelNeeds) => PaymentChannel;
  /** Why the channel refuses a body, to follow the name of its field: the limit, never the value. */
  readonly problemOfBody: (body: string) => string | undefined;
}

/** Every way to pay that is built in. A product or an order that names another is refused. */
export const channels: Readonly<Partial<Record<ChannelName, Channel>>> = {
  wechatpay: { open: ({ wechatpay }) => openWeChatPay(wechatpay), problemOfBody },
};

export function openChannels(needs: ChannelNeeds): ChannelOf {
  return ({ channel: name = 'wechatpay' }) => {
    const channel = channels[name];
    if (channel) return channel.open(needs);
    throw new ChannelError(
      'REFUSED',
      `The functions have no channel ${name}: deploy the release that has it.`,
      {
        reason: 'CHANNEL_MISSING',
      },
    );
  };
}
