import type { AlarmCode } from '../alarms.ts';

/** An alarm for the merchant's people, in Chinese. */
export interface Advice {
  /** What happened, in a few words. */
  readonly title: string;
  /** What to do about it, in a sentence. docs/runbook.zh-CN.md has the whole of it. */
  readonly advice: string;
}

/** What an alarm of this code says to people. A code that this release does not know still calls for somebody. */
export function adviceOf(code: string): Advice {
  return KNOWN.get(code) ?? { title: '需要人工查看', advice: '按运维手册处理。' };
}

const COMPARE = '对照商户平台：款不对就退款，款没错就改正订单后放行。';
const REFUND_ONE = '看看是否付了两次，重复的退一笔。';
const OTHER_SYSTEM = '查是否有别的系统或环境共用商户号、通知地址；都没有就更换密钥。';

const ADVICE: Readonly<Record<AlarmCode, Advice>> = {
  PAID_AFTER_CLOSE: { title: '关单之后收到付款，已入账', advice: REFUND_ONE },
  PAID_TWICE: { title: '同一次购买付了两笔，都已入账', advice: '退掉其中一笔。' },
  REFUND_BEFORE_PAYMENT: { title: '没有收到过付款的订单被退款', advice: '对照商户平台核对这笔订单。' },
  REFUND_ELSEWHERE: {
    title: '在商户平台做了部分退款，会员期没有变',
    advice: '需要扣会员天数的，打开订单，选“不退款”，填写天数。',
  },
  REFUND_REFUSED: {
    title: '微信不受理退款',
    advice:
      '余额不足就给商户号充值，系统会继续尝试；账户异常等请管理员先放弃这笔退款，变成已关闭之后再另行退款，以免退两次。',
  },
  REFUND_ABNORMAL: { title: '退款异常，钱退不回去', advice: '到商户平台“交易中心 → 退款管理”继续处理。' },
  REFUND_AFTER_CLOSE: { title: '已经作废的退款到账了', advice: '看看用户是否收到了两次退款。' },
  REFUND_MISMATCH: { title: '退款和订单对不上，没有入账', advice: '对照商户平台核对。' },
  COMPLAINT_RECEIVED: { title: '用户向微信投诉', advice: '尽快在虚拟支付后台回复，回复晚了会影响结算。' },
  ITEM_NOT_PUBLISHED: { title: '商品的道具没有发布，买不了', advice: '重新部署，部署会发布道具。' },
  DELIVERY_NOT_MARKED: {
    title: '微信没有收下发货标记',
    advice: '到虚拟支付后台标记发货，微信支付的订单到小程序后台“功能 → 发货信息管理”录入；用户已经得到会员。',
  },
  PAYMENT_STATE_UNKNOWN: {
    title: '虚拟支付的订单状态看不懂',
    advice: '到虚拟支付后台核对，已付款的手动处理。',
  },
  PAID_FEE_DIFFERS: { title: '实付金额与标价不同，已入账', advice: '和账单核对。' },
  AMOUNT_MISMATCH: { title: '付款金额与订单不符，已扣住', advice: COMPARE },
  APPID_MISMATCH: { title: '付款的小程序与订单不符，已扣住', advice: COMPARE },
  MCH_ID_MISMATCH: { title: '收款商户号与订单不符，已扣住', advice: COMPARE },
  PAYER_MISMATCH: { title: '付款人不是下单人，已扣住', advice: COMPARE },
  ORDER_MISMATCH: { title: '微信回答的是另一笔订单', advice: COMPARE },
  HELD: { title: '扣住的订单又收到付款', advice: COMPARE },
  SIGN_TYPE_MISMATCH: { title: '通知的签名方式与订单不同', advice: OTHER_SYSTEM },
  NOTICE_REFUSED: { title: '签名有效但不属于本店的通知', advice: OTHER_SYSTEM },
  ORDER_UNKNOWN: { title: '收到没有的订单的付款通知', advice: OTHER_SYSTEM },
  ORDER_UNREADABLE: { title: '订单文档被改坏了', advice: '按告警里写的字段改正。' },
  PRODUCT_UNREADABLE: { title: '商品文档被改坏了，卖不了', advice: '按告警里写的字段改正。' },
  MEMBERSHIP_UNREADABLE: {
    title: '会员信息读不出，从现在起重新算',
    advice: '查用户和订单，把少的会员期补上。',
  },
  MESSAGE_REFUSED: { title: '到期提醒发不出去', advice: '核对模板编号和字段设置，按运维手册处理。' },
  MERCHANT_CHANGED: {
    title: '未结订单属于原来的商户',
    advice: '到原商户平台查是否已付款，或者先换回原来的商户号。',
  },
  BILL_MISMATCH: {
    title: '账单和订单对不上',
    advice: '到商户平台“交易中心 → 交易订单”核对；付了两次的退一笔。',
  },
  BILL_PAYMENT_MISSING: {
    title: '已入账的付款，账单里没有',
    advice: '到商户平台查这笔付款；钱在微信就联系微信客服。',
  },
  BILL_REFUND_MISSING: {
    title: '已入账的退款，账单里没有',
    advice: '到商户平台“交易中心 → 退款管理”查这笔退款；没有退的，请管理员处理。',
  },
  BILL_UNREADABLE: { title: '账单读不懂或不完整', advice: '会自动重读；个别行到商户平台查是哪笔交易。' },
  BILL_UNAVAILABLE: {
    title: '过了一天还没有账单',
    advice: '到商户平台“账户中心 → 交易账单”看能否下载。',
  },
  MERCHANT_MISCONFIGURED: {
    title: '微信不接受我们的请求，或配置有误',
    advice: '请管理员运行 npm run doctor -- --live。',
  },
};

const KNOWN: ReadonlyMap<string, Advice> = new Map(Object.entries(ADVICE));
