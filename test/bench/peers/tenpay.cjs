const tenpay = require('tenpay');
const util = require('tenpay/lib/util');

/** The steps of unifiedOrder and of the middleware, without the network between them. */
module.exports = ({ merchant: { appid, mch_id, api_key }, order, reply }) => {
  const api = tenpay.init({ appid, mchid: mch_id, partnerKey: api_key, notify_url: order.notify_url });
  const { sign_type } = order;
  return {
    sign: (fields) => api._getSign(fields, sign_type),
    async order() {
      const params = { ...order, appid, mch_id, nonce_str: util.generate() };
      params.sign = api._getSign(params, sign_type);
      const request = util.buildXML(params);
      const { prepay_id } = await api._parse(reply, 'unifiedorder', sign_type);
      return { request, prepay_id, payment: api.getPayParamsByPrepay({ prepay_id }, sign_type) };
    },
    notice: (xml) => api._parse(xml, 'middleware_pay'),
  };
};
