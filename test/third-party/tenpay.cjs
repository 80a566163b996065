const tenpay = require('tenpay');
const trade = require('./merchant.cjs');

/** tenpay has its gateway in a table of addresses, which is public and may be changed. */
trade(({ appid, mch_id, api_key, gateway, notify_url }) => {
  const api = tenpay.init({ appid, mchid: mch_id, partnerKey: api_key, notify_url });
  for (const name of Object.keys(api.urls)) {
    api.urls[name] = api.urls[name].replace('https://api.mch.weixin.qq.com', gateway);
  }
  const middleware = api.middlewareForExpress('pay');
  return {
    order: (parameters) => api.unifiedOrder(parameters),
    query: (parameters) => api.orderQuery(parameters),
    close: (parameters) => api.closeOrder(parameters),
    payment: (prepay_id, sign_type) => api.getPayParamsByPrepay({ prepay_id }, sign_type),
    receive: (body) =>
      new Promise((resolve) => {
        const request = { body };
        const response = { header() {}, send: (reply) => resolve({ verified: 'weixin' in request, reply }) };
        middleware(request, response, () => response.reply());
      }),
  };
});
