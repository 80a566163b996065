const { createServer } = require('node:http');

/**
 * What any merchant's program does around an SDK, as steps that the test watches: two orders, notices over HTTP, a
 * question, a closing. `createSdk` is where a third-party package comes in.
 */
module.exports = async function trade(createSdk) {
  const notices = [];
  let sdk;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const received = await sdk.receive(Buffer.concat(chunks).toString());
    notices.push(received.verified);
    response.setHeader('Content-Type', 'application/xml').end(received.reply);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

  const { openid, sign_type, ...merchant } = await message();
  const notify_url = `http://127.0.0.1:${server.address().port}/notify`;
  sdk = createSdk({ ...merchant, notify_url });
  const order = {
    body: '两个月',
    total_fee: 3200,
    openid,
    sign_type,
    spbill_create_ip: '127.0.0.1',
    trade_type: 'JSAPI',
  };
  const { prepay_id } = await sdk.order({ ...order, out_trade_no: 'third-party-1', notify_url });
  await sdk.order({ ...order, out_trade_no: 'third-party-2', notify_url });
  const refused = await sdk
    .order({ ...order, out_trade_no: 'third-party-1', notify_url, total_fee: 1 })
    .catch(said);
  process.send({ payment: sdk.payment(prepay_id, sign_type) });

  await message();
  const paid = await sdk.query({ out_trade_no: 'third-party-1', sign_type });
  await sdk.close({ out_trade_no: 'third-party-2', sign_type });
  const closed = await sdk.query({ out_trade_no: 'third-party-2', sign_type });
  server.close();
  process.send({
    notices,
    refused,
    paid: paid.trade_state,
    total_fee: paid.total_fee,
    closed: closed.trade_state,
  });
  process.disconnect();
};

function message() {
  return new Promise((resolve) => process.once('message', resolve));
}

function said(error) {
  return error.message;
}
