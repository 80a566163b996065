import type { ChannelName } from '../contract.ts';
import type { OptionToSell } from '../order/catalogue.ts';
import { ChannelError, type ChannelOf, type PaymentChannel } from '../order/channel.ts';
import { channelNameOf } from '../order/order.ts';
import { openVirtualPay, type VirtualPayNeeds } from './virtualpay.ts';
import * as virtualpay from './virtualpay-item.ts';
import { openWeChatPay, problemOfOption, type WeChatPayNeeds } from './wechatpay.ts';

/** What it takes to open each of the channels for one call. A function has only those whose settings it is given. */
export interface ChannelNeeds {
  readonly wechatpay?: WeChatPayNeeds;
  readonly virtualpay?: VirtualPayNeeds;
}

interface Channel {
  readonly open: (needs: ChannelNeeds) => PaymentChannel | undefined;
  /** Why the channel refuses an option of a product: the field and the limit, never the value. */
  readonly problemOfOption: (option: OptionToSell) => string | undefined;
}

/** Every way to pay that is built in. A product or an order that names another is refused. */
export const channels: Readonly<Partial<Record<ChannelName, Channel>>> = {
  wechatpay: { open: ({ wechatpay: needs }) => needs && openWeChatPay(needs), problemOfOption },
  virtualpay: {
    open: ({ virtualpay: needs }) => needs && openVirtualPay(needs),
    problemOfOption: virtualpay.problemOfOption,
  },
};

export function openChannels(needs: ChannelNeeds): ChannelOf {
  return (of) => {
    const name = channelNameOf(of);
    const channel = channels[name]?.open(needs);
    if (channel) return channel;
    throw new ChannelError(
      'REFUSED',
      `The functions have no channel ${name}: deploy the release that has it.`,
      {
        reason: 'CHANNEL_MISSING',
      },
    );
  };
}
