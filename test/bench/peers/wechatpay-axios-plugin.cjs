const { Formatter, Hash, Transformer } = require('wechatpay-axios-plugin');

/** What its client does to a request and to an answer, and what its documents tell one to do with a notice. */
module.exports = ({ merchant: { appid, mch_id, api_key }, order, reply }) => {
  const key = Hash.keyObjectFrom(api_key);
  const { signer, verifier } = new Transformer(mch_id, key);
  const { sign_type } = order;
  const config = { method: 'POST', url: '/pay/unifiedorder' };
  return {
    sign: (fields) => Hash.sign(sign_type, fields, key),
    order() {
      const request = Transformer.toXml(signer.call({ ...config }, { appid, mch_id, ...order }));
      const { prepay_id } = verifier.call(config, Transformer.toObject(reply), {}, 200);
      const payment = {
        appId: appid,
        timeStamp: `${Formatter.timestamp()}`,
        nonceStr: Formatter.nonce(),
        package: `prepay_id=${prepay_id}`,
        signType: sign_type,
      };
      return { request, prepay_id, payment: { ...payment, paySign: Hash.sign(sign_type, payment, key) } };
    },
    notice(xml) {
      const notice = Transformer.toObject(xml);
      const type = notice.sign?.length === 64 ? Hash.ALGO_HMAC_SHA256 : Hash.ALGO_MD5;
      if (!Hash.equals(Hash.sign(type, notice, key), notice.sign)) throw new Error('SIGN');
      return notice;
    },
  };
};
