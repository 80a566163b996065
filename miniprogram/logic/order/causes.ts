/**
 * What became of a virtual payment that did not go through, as far as its cashier says: one word for all codes of which
 * the shopper has to know the same.
 */
export type Cause =
  | 'declined'
  | 'risk'
  | 'sign-in'
  | 'number-used'
  | 'number-closed'
  | 'busy'
  | 'too-often'
  | 'crowded'
  | 'not-effective'
  | 'merchant'
  | 'restricted'
  | 'request'
  | 'ios-off'
  | 'apple-account'
  | 'terminal'
  | 'client'
  | 'unknown';

/** What the order page says of a failure; `code` is what the merchant can look up. */
export function wordsOfCause(cause: Cause, code = ''): { readonly title: string; readonly text: string } {
  const [title, text] = WORDS[cause];
  return { title, text: text.replace('*', code && `（${code}）`) };
}

export function isCause(text: string): text is Cause {
  return Object.keys(WORDS).includes(text);
}

const AGAIN = '重新支付前会先核对付款结果。';

/** Title and text; `*` stands for the code, where a merchant who is asked needs it. */
const WORDS: Readonly<Record<Cause, readonly [title: string, text: string]>> = {
  declined: ['支付未完成', `微信支付未能完成本次付款。\n${AGAIN}`],
  risk: ['支付未完成', '微信支付出于安全考虑，暂停了本次付款。\n请稍后再试，或联系微信客服。'],
  'sign-in': ['微信登录已过期', `请重新支付。\n${AGAIN}`],
  'number-used': ['支付未完成', `请重新支付。\n${AGAIN}`],
  'number-closed': ['支付未完成', `本次付款已关闭，请重新支付。\n${AGAIN}`],
  busy: ['未收到支付结果', `如已付款，结果会在这里更新。\n${AGAIN}`],
  'too-often': ['操作太频繁', '请稍等片刻，再重新支付。'],
  crowded: ['当前付款的人较多', '请稍等片刻，再重新支付。'],
  'not-effective': ['商品尚未生效', '微信支付还在更新商品，\n通常半小时内可以购买。'],
  merchant: ['商家支付设置异常', '暂时无法付款，请联系商家*。'],
  restricted: ['商家暂时无法收款', '暂时无法付款，请联系商家*。'],
  request: ['暂时无法付款', '请重新打开小程序后再试。\n如仍无法付款，请联系商家*。'],
  'ios-off': ['暂不支持在此设备付款', '商家尚未开通 iPhone 和 iPad 上的支付，\n请联系商家。'],
  'apple-account': ['不支持当前 Apple 账户', '请在 App Store 中换用中国大陆地区的账户，\n再重新支付。'],
  terminal: ['此设备无法付款', '请在手机微信中打开小程序，\n再重新支付。'],
  client: ['微信版本过低', '请在手机上更新微信，\n再重新支付。'],
  unknown: ['未收到支付结果', `如已付款，结果会在这里更新。\n${AGAIN}`],
};
