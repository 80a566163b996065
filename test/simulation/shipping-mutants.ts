import type { Mutant } from './mutant.ts';

/** Bugs in telling WeChat that orders were fulfilled. */
export const SHIPPING_MUTANTS: readonly Mutant[] = [
  {
    name: 'a payment whose notice came is not noted to be shipped',
    file: 'payNotify/build.ts',
    find: 'readNotice(body, merchant, { ships });',
    replace: 'readNotice(body, merchant, { ships: ships && body.length === 0 });',
    foundBy: 'shipped in the end',
  },
  {
    name: 'an order that WeChat does not have yet is refused for good',
    file: '_shared/weixin/shipping.ts',
    find: "[10060001, 'TRY_AGAIN'],",
    replace: "[10060001, 'REFUSED'],",
    foundBy: 'alarms by the table',
  },
  {
    name: 'what is said a second time differs',
    file: '_shared/channels/wechatpay-shipping.ts',
    find: 'await uploadShippingInfo(needs, app, { mch_id, out_trade_no, openid, item_desc, upload_time });',
    replace:
      'await uploadShippingInfo(needs, app, { mch_id, out_trade_no, openid, item_desc: item_desc + clock.now().getTime(), upload_time });',
    foundBy: 'shipped in the end',
  },
  {
    name: 'an order of which a part was given back is not shipped',
    file: '_shared/order/order.ts',
    find: "const isPaid = trade_state === 'SUCCESS' || trade_state === 'REFUND';",
    replace: "const isPaid = trade_state === 'SUCCESS';",
    foundBy: 'shipped in the end',
  },
];
