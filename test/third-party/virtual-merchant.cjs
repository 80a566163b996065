// A merchant who has read WeChat's pages about virtual payment, and nothing of this project: Node alone, no package. It
// does one thing for each message it gets, and sends back what came of it.
const { createHmac } = require('node:crypto');

const { ORIGIN, APPID, SECRET, OFFER_ID, APP_KEY } = process.env;
const hmac = (key, text) => createHmac('sha256', key).update(text).digest('hex');

let session;
let access_token;

async function post(path, body) {
  const text = JSON.stringify(body);
  const query = new URLSearchParams({ access_token, pay_sig: hmac(APP_KEY, `${path}&${text}`) });
  const reply = await fetch(`${ORIGIN}${path}?${query}`, { method: 'POST', body: text });
  return reply.json();
}

const deeds = {
  async login({ js_code }) {
    const query = new URLSearchParams({
      appid: APPID,
      secret: SECRET,
      js_code,
      grant_type: 'authorization_code',
    });
    session = JSON.parse(await (await fetch(`${ORIGIN}/sns/jscode2session?${query}`)).text());
    return session;
  },
  async token() {
    const body = { grant_type: 'client_credential', appid: APPID, secret: SECRET };
    const reply = await fetch(`${ORIGIN}/cgi-bin/stable_token`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    const { access_token: token, expires_in } = await reply.json();
    access_token = token;
    return { expires_in };
  },
  sign({ outTradeNo, productId, goodsPrice, attach }) {
    const order = { offerId: OFFER_ID, buyQuantity: 1, env: 0, currencyType: 'CNY', productId, goodsPrice };
    const signData = JSON.stringify({ ...order, outTradeNo, attach });
    return {
      signData,
      mode: 'short_series_goods',
      paySig: hmac(APP_KEY, `requestVirtualPayment&${signData}`),
      signature: hmac(session.session_key, signData),
    };
  },
  upload: ({ item }) => post('/xpay/start_upload_goods', { upload_item: [item], env: 0 }),
  publish: ({ id }) => post('/xpay/start_publish_goods', { publish_item: [{ id }], env: 0 }),
  query: ({ order_id }) => post('/xpay/query_order', { openid: session.openid, env: 0, order_id }),
  provide: ({ order_id }) => post('/xpay/notify_provide_goods', { order_id, env: 0 }),
  refund: ({ order_id, refund_order_id, fee }) =>
    post('/xpay/refund_order', {
      openid: session.openid,
      order_id,
      refund_order_id,
      left_fee: fee,
      refund_fee: fee,
      biz_meta: '退款',
      refund_reason: '3',
      req_from: '2',
      env: 0,
    }),
};

process.on('message', async ({ deed, ...fields }) => {
  try {
    process.send({ answer: await deeds[deed](fields) });
  } catch (error) {
    process.send({ error: String(error) });
  }
});
process.send({ answer: 'ready' });
