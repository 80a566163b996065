const { Payment } = require('wechat-pay');

/** The steps of getBrandWCPayRequestParams and of its middleware, without the network. It knows MD5 only. */
module.exports = ({ merchant: { appid, mch_id, api_key }, order, reply }) => {
  const api = new Payment({ appId: appid, mchId: mch_id, partnerKey: api_key, notifyUrl: order.notify_url });
  return {
    sign: (fields) => api._getSign(fields),
    async order() {
      const params = api._extendWithDefault(order, ['appid', 'mch_id', 'nonce_str']);
      const request = api.buildXml({ sign: api._getSign(params), ...params });
      const { prepay_id } = await api.validate(reply);
      const payment = {
        appId: appid,
        timeStamp: api._generateTimeStamp(),
        nonceStr: api._generateNonceStr(),
        signType: 'MD5',
        package: `prepay_id=${prepay_id}`,
      };
      return { request, prepay_id, payment: { ...payment, paySign: api._getSign(payment) } };
    },
    notice: (xml) => api.validate(xml),
  };
};
