import { fieldsOf } from '../logic/fields';

/**
 * Asks whether the shop may send one message of a template. Phones that cannot ask, and templates that WeChat does not know or has
 * banned, are no reason to trouble a shopper who has just paid.
 * https://developers.weixin.qq.com/miniprogram/dev/api/open-api/subscribe-message/wx.requestSubscribeMessage.html
 */
export async function askForMessage(template_id: string): Promise<'accept' | 'reject' | 'unasked'> {
  if (!wx.canIUse('requestSubscribeMessage')) return 'unasked';
  try {
    const answer = fieldsOf(await wx.requestSubscribeMessage({ tmplIds: [template_id] }))?.[template_id];
    return answer === 'accept' || answer === 'reject' ? answer : 'unasked';
  } catch (cause) {
    console.warn('message', cause);
    return 'unasked';
  }
}
