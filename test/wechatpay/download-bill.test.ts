import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { BillPart } from '../../cloudfunctions/_shared/wechatpay/bill.ts';
import { downloadBill } from '../../cloudfunctions/_shared/wechatpay/download-bill.ts';
import type { Merchant } from '../../cloudfunctions/_shared/wechatpay/merchant.ts';
import { matchesSign } from '../../cloudfunctions/_shared/wechatpay/sign.ts';
import { type Fields, readXml, writeXml } from '../../cloudfunctions/_shared/wechatpay/xml.ts';
import { counted, merchant, ORDER, PREVIOUS_KEY } from './gateway.ts';
import { vectors } from './vectors.ts';

const ASKED = { appid: ORDER.appid, bill_date: '20261122' };
const ANSWER_BY = new Date('2026-11-23T02:30:50Z');
const BILL = vectors.bill.find(({ id }) => id === 'bill-all-real-shape')?.csv ?? '';

/** Asks a WeChat Pay that knows one key and answers with the same each time. */
async function ask(
  answer: string | Buffer,
  { asking = merchant, key = merchant.api_key } = {} as { asking?: Merchant; key?: string },
) {
  const requests: Fields[] = [];
  const bill = await downloadBill(
    {
      merchant: asking,
      random: counted(),
      answerBy: ANSWER_BY,
      transport: async (path, body, limits) => {
        const request = readXml(body);
        requests.push(request);
        expect({ path, limits }).toEqual({
          path: '/pay/downloadbill',
          limits: { sendBy: ANSWER_BY, answerBy: ANSWER_BY },
        });
        return Buffer.from(matchesSign(request, key, 'HMAC-SHA256') ? answer : refusal('SIGN ERROR'));
      },
    },
    ASKED,
  );
  return { bill, requests };
}

function refusal(return_msg: string): string {
  return writeXml({ return_code: 'FAIL', return_msg, error_code: '20001' });
}

async function partsOf({ bill }: Awaited<ReturnType<typeof ask>>): Promise<BillPart[]> {
  const parts: BillPart[] = [];
  if (bill.kind === 'bill') for await (const piece of bill.parts()) parts.push(...piece);
  return parts;
}

test('all of a day is asked for, packed, under our sign', async () => {
  const { requests } = await ask(gzipSync(BILL));
  expect(requests).toEqual([
    {
      ...{ ...ASKED, mch_id: merchant.mch_id, bill_type: 'ALL', tar_type: 'GZIP', sign_type: 'HMAC-SHA256' },
      nonce_str: expect.stringMatching(/^[0-9a-f]{32}$/),
      sign: expect.stringMatching(/^[0-9A-F]{64}$/),
    },
  ]);
});

test('the bill is read the same, packed or not, and as often as need be', async () => {
  const plain = await ask(BILL);
  const packed = await ask(gzipSync(BILL));
  expect(await partsOf(packed)).toEqual(await partsOf(plain));
  expect(await partsOf(packed)).toEqual(await partsOf(plain));
  expect(await partsOf(plain)).toHaveLength(6);
});

test('one that cannot be unpacked is not whole', async () => {
  const cut = gzipSync(BILL).subarray(0, -12);
  expect(await partsOf(await ask(cut))).toEqual([{ kind: 'not-whole', problem: 'it cannot be unpacked' }]);
});

test.each(['No Bill Exist', 'NO Bill Exist', ' no bill exist'])(
  '%j is a day on which nothing happened',
  async (words) => {
    expect(await partsOf(await ask(refusal(words)))).toEqual([]);
  },
);

test('Bill Creating is a bill that is not ready', async () => {
  expect((await ask(refusal('Bill Creating'))).bill).toEqual({ kind: 'bill-not-ready' });
});

test.each([
  ['system error', 'TRY_AGAIN'],
  ['CompressGZip Error', 'TRY_AGAIN'],
  ['UnCompressGZip Error', 'TRY_AGAIN'],
  ['words that nobody has heard of', 'TRY_AGAIN'],
  ['invalid bill_type', 'MERCHANT_MISCONFIGURED'],
  ['data format error', 'MERCHANT_MISCONFIGURED'],
  ['missing parameter', 'MERCHANT_MISCONFIGURED'],
])('%s is %s', async (words, code) => {
  await expect(ask(refusal(words))).rejects.toMatchObject({ code });
});

test.each(vectors.bill_errors)('the published refusal $id is not taken for a bill', async ({ xml }) => {
  await expect(ask(xml)).rejects.toMatchObject({ code: 'TRY_AGAIN' });
});

test('with the previous key, while WeChat does not know the current one yet', async () => {
  const asking = { ...merchant, api_key_previous: PREVIOUS_KEY };
  const { requests } = await ask(BILL, { asking, key: PREVIOUS_KEY });
  expect(requests).toHaveLength(2);
});

test('a sign that WeChat accepts under no key calls for a human', async () => {
  await expect(ask(BILL, { key: PREVIOUS_KEY })).rejects.toMatchObject({ code: 'MERCHANT_MISCONFIGURED' });
});
