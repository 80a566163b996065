import { once } from 'node:events';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Certificates,
  makeCertificates,
  type Pair,
} from '../../../scripts/local/wechatpay/certificates.ts';
import {
  serveWeChatPay,
  serveWeChatPaySecurely,
  type WeChatPayServer,
} from '../../../scripts/local/wechatpay/server.ts';
import { readXml } from '../../../scripts/local/wechatpay/xml.ts';
import {
  createWorld,
  MERCHANT,
  OTHER,
  OUT_REFUND_NO,
  OUT_TRADE_NO,
  REFUND_PATH,
  refundParameters,
  signedRequest,
} from './world.ts';

let own: Certificates;
let strange: Certificates;
beforeAll(async () => {
  [own, strange] = await Promise.all([makeCertificates(MERCHANT.mch_id), makeCertificates(MERCHANT.mch_id)]);
});

const world = createWorld();
let server: WeChatPayServer;
beforeAll(async () => {
  await world.paid();
  server = await serveWeChatPaySecurely(world.wechatpay, own);
});
afterAll(() => server.close());

/** Posts as a merchant's program does, with or without a certificate. */
async function post(path: string, body: string, pair?: Pair, ca = own.ca.cert) {
  const sending = request(`${server.url}${path}`, { method: 'POST', ca, agent: false, ...pair });
  sending.end(body);
  const [response] = await once(sending, 'response');
  return { status: response.statusCode, type: response.headers['content-type'], body: await text(response) };
}

const refundsHere = () => world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.refunds;
const refused = {
  status: 400,
  type: 'text/html',
  body: expect.stringContaining('No required SSL certificate was sent'),
};

test.each<[string, () => Pair | undefined]>([
  ['no certificate', () => undefined],
  ['one that another authority issued', () => strange.merchant],
  ['one of the authority itself', () => own.ca],
  ['that of the server', () => own.server],
])('a refund over a connection with %s is refused before its message is read', async (_, pair) => {
  expect(await post(REFUND_PATH, signedRequest(refundParameters()), pair())).toEqual(refused);
  expect(await post(REFUND_PATH, 'no message', pair())).toEqual(refused);
  expect(refundsHere()).toBeUndefined();
});

test('a refund of a merchant over a connection with the certificate of another is refused', async () => {
  const { merchant: others } = await issuedBy(own, OTHER.mch_id);
  expect(await post(REFUND_PATH, signedRequest(refundParameters()), others)).toEqual(refused);
  expect(refundsHere()).toBeUndefined();
});

test('with a private key that is not that of the certificate no connection is made', async () => {
  const pair = { cert: own.merchant.cert, key: strange.merchant.key };
  await expect(post(REFUND_PATH, signedRequest(refundParameters()), pair)).rejects.toThrow(/key/i);
});

test('whoever does not know the authority does not connect', async () => {
  const asking = post(REFUND_PATH, signedRequest(refundParameters()), own.merchant, strange.ca.cert);
  await expect(asking).rejects.toThrow(/certificate|signature/);
});

test('without TLS no refund is taken', async () => {
  const plain = await serveWeChatPay(world.wechatpay);
  try {
    const body = signedRequest(refundParameters());
    const response = await fetch(`${plain.url}${REFUND_PATH}`, { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(refundsHere()).toBeUndefined();
  } finally {
    await plain.close();
  }
});

test('with the certificate of the merchant it is taken, and asked about without one', async () => {
  const { status, type, body } = await post(REFUND_PATH, signedRequest(refundParameters()), own.merchant);
  expect({ status, type }).toEqual({ status: 200, type: 'text/xml' });
  expect(readXml(body)).toMatchObject({ result_code: 'SUCCESS', out_refund_no: OUT_REFUND_NO });
  const asked = await post('/pay/refundquery', signedRequest({ out_refund_no: OUT_REFUND_NO }));
  expect(readXml(asked.body)).toMatchObject({ refund_status_0: 'PROCESSING' });
});

/** Certificates of another merchant under the same authority. */
async function issuedBy({ ca }: Certificates, mch_id: string): Promise<{ merchant: Pair }> {
  const { generate } = await import('selfsigned');
  const { cert, private: key } = await generate([{ name: 'commonName', value: mch_id }], {
    ...{ keyType: 'ec', algorithm: 'sha256', ca },
    notBeforeDate: new Date('2020-01-01T00:00:00Z'),
    notAfterDate: new Date('2049-12-31T00:00:00Z'),
    extensions: [{ name: 'extKeyUsage', clientAuth: true }],
  });
  return { merchant: { cert, key } };
}
