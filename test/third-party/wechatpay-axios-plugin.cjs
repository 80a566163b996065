const { Decorator, Formatter, Hash, Transformer } = require('wechatpay-axios-plugin');
const trade = require('./merchant.cjs');

/** wechatpay-axios-plugin takes axios' own settings: baseURL is the gateway. It verifies answers itself, notices by its tools. */
trade(({ appid, mch_id, api_key, gateway }) => {
  const client = Decorator.xmlBased({ mchid: mch_id, secret: api_key, baseURL: gateway });
  const key = Hash.keyObjectFrom(api_key);
  const post = async (api, parameters) =>
    (await client.post(`/pay/${api}`, { appid, mch_id, ...parameters })).data;
  return {
    order: (parameters) => post('unifiedorder', parameters),
    query: (parameters) => post('orderquery', parameters),
    close: (parameters) => post('closeorder', parameters),
    payment(prepay_id, signType) {
      const payment = {
        timeStamp: `${Formatter.timestamp()}`,
        nonceStr: Formatter.nonce(),
        package: `prepay_id=${prepay_id}`,
      };
      return {
        ...payment,
        signType,
        paySign: Hash.sign(signType, { appId: appid, ...payment, signType }, key),
      };
    },
    receive(body) {
      const notice = Transformer.toObject(body);
      const signType = notice.sign?.length === 64 ? Hash.ALGO_HMAC_SHA256 : Hash.ALGO_MD5;
      const verified = Hash.equals(Hash.sign(signType, notice, key), notice.sign);
      return { verified, reply: Transformer.toXml({ return_code: verified ? 'SUCCESS' : 'FAIL' }) };
    },
  };
});
