/**
 * A shop's functions as most are written: both packages at the top of the file, from node_modules. `notice` is the function
 * that takes notices, `order` one that a shopper calls.
 */
const cloud = require('wx-server-sdk');
const tenpay = require('tenpay');

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
const { WECHAT_PAY_MCH_ID, WECHAT_PAY_API_KEY } = process.env;
const settings = {
  mchid: WECHAT_PAY_MCH_ID,
  partnerKey: WECHAT_PAY_API_KEY,
  notify_url: 'https://shop.example.com',
};
const api = tenpay.init({ appid: 'wxd930ea5d5a258f4f', ...settings });

exports.notice = ({ body }) =>
  api._parse(body, 'middleware_pay').then(
    () => 'believed',
    () => 'refused',
  );
exports.order = async () => {
  const { data } = await cloud
    .database()
    .collection('orders')
    .where({ _id: '0'.repeat(32) })
    .get();
  return data.length === 0 ? 'absent' : 'found';
};
