import type { Transport } from '../../cloudfunctions/_shared/weixin/transport.ts';

/** The key of every session here; it must be found nowhere else. */
export const SESSION_KEY = '9hAb/NEYUlkaMBEsmFgzig==';
export const ACCESS_TOKEN = 'the-access-token-of-the-desk';

type Said = object | string;

/** api.weixin.qq.com in this process, as far as a test says what it answers. What was asked is kept. */
export function weixinDesk(
  said: {
    query?: (order_id: string) => Said;
    login?: (code: string) => Said;
    deliver?: () => Said;
    /** What the shipping service says of an order. */
    ship?: (out_trade_no: string) => Said;
    isManaged?: () => boolean;
    token?: (app: { appid: string }) => Said;
  } = {},
) {
  const asked: { readonly path: string; readonly body: Readonly<Record<string, unknown>> }[] = [];
  const transport: Transport = async ({ path, body = '{}' }) => {
    const url = new URL(path, 'https://localhost');
    const fields: Record<string, unknown> = JSON.parse(body);
    asked.push({ path: url.pathname, body: fields });
    const answer = answerTo(url, fields);
    return Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer));
  };
  return {
    transport,
    /** How often a path was asked. */
    count: (path: string) => asked.filter((each) => each.path === path).length,
    asked,
  };

  function answerTo(url: URL, fields: Readonly<Record<string, unknown>>): Said {
    switch (url.pathname) {
      case '/cgi-bin/stable_token':
        return (
          said.token?.({ appid: String(fields.appid) }) ?? { access_token: ACCESS_TOKEN, expires_in: 7200 }
        );
      case '/sns/jscode2session': {
        const code = url.searchParams.get('js_code') ?? '';
        return said.login?.(code) ?? { openid: code, session_key: SESSION_KEY };
      }
      case '/xpay/query_order':
        return said.query?.(String(fields.order_id)) ?? NO_ORDER;
      case '/wxa/sec/order/is_trade_managed':
        return { errcode: 0, errmsg: 'ok', is_trade_managed: said.isManaged?.() ?? true };
      case '/wxa/sec/order/upload_shipping_info':
        return said.ship?.(Object(fields.order_key).out_trade_no) ?? { errcode: 0, errmsg: 'ok' };
      default:
        return said.deliver?.() ?? { errcode: 0, errmsg: 'OK' };
    }
  }
}

export const NO_ORDER = { errcode: 268490002, errmsg: '数据不存在 rid: 1-2-3', order: null };

/** What query_order answers of an order with this status. */
export function queried(order_id: string, change: object = {}): object {
  const order = {
    order_id,
    order_type: 0,
    env_type: 1,
    status: 1,
    order_fee: 4800,
    paid_fee: 4800,
    ...change,
  };
  return { errcode: 0, errmsg: 'OK', order };
}
