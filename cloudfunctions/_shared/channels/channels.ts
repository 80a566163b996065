import type { ChannelName } from '../contract.ts';
import type { OptionToSell } from '../order/catalogue.ts';
import { ChannelError, type ChannelOf, type PaymentChannel } from '../order/channel.ts';
import { openWeChatPay, problemOfOption, type WeChatPayNeeds } from './wechatpay.ts';

/** What it takes to open any of the channels for one call. */
export interface ChannelNeeds {
  readonly wechatpay: WeChatPayNeeds;
}

interface Channel {
  readonly open: (needs: ChannelNeeds) => PaymentChannel;
  /** Why the channel refuses an option of a product: the field and the limit, never the value. */
  readonly problemOfOption: (option: OptionToSell) => string | undefined;
}

/** Every way to pay that is built in. A product or an order that names another is refused. */
export const channels: Readonly<Partial<Record<ChannelName, Channel>>> = {
  wechatpay: { open: ({ wechatpay }) => openWeChatPay(wechatpay), problemOfOption },
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
