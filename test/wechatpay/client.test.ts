import { expect, test } from 'vitest';
import { createWeChatPay } from '../../cloudfunctions/_shared/wechatpay/client.ts';
import { WeChatPayError, type WeChatPayErrorCode } from '../../cloudfunctions/_shared/wechatpay/errors.ts';
import { sign } from '../../cloudfunctions/_shared/wechatpay/sign.ts';
import { type Fields, writeXml } from '../../cloudfunctions/_shared/wechatpay/xml.ts';
import {
  type Answer,
  answered,
  failed,
  gateway,
  merchant,
  ORDER,
  PARAMETERS,
  PREVIOUS_KEY,
} from './gateway.ts';
import { refusalOf } from './refusal.ts';

const PREPAY_ID = 'wx201410272009395522657a690389285100';
const PREPAID = answered({ trade_type: 'JSAPI', prepay_id: PREPAY_ID });
const PAID_FIELDS = {
  trade_state: 'SUCCESS',
  out_trade_no: ORDER.out_trade_no,
  openid: PARAMETERS.openid,
  transaction_id: '1008450740201411110005820873',
  total_fee: '300',
  cash_fee: '300',
  bank_type: 'OTHERS',
  time_end: '20261123120506',
} as const;

test('unifiedorder sends what was ordered, and gives the prepay_id', async () => {
  const { wechatpay, requests } = gateway(() => PREPAID);
  expect(await wechatpay.unifiedorder(PARAMETERS)).toEqual({ kind: 'prepaid', prepay_id: PREPAY_ID });
  expect(requests).toEqual([
    {
      path: '/pay/unifiedorder',
      limits: expect.anything(),
      fields: {
        appid: ORDER.appid,
        mch_id: merchant.mch_id,
        sign_type: 'HMAC-SHA256',
        nonce_str: expect.stringMatching(/^[0-9a-f]{32}$/),
        sign: expect.stringMatching(/^[0-9A-F]{64}$/),
        trade_type: 'JSAPI',
        out_trade_no: ORDER.out_trade_no,
        openid: PARAMETERS.openid,
        body: '城市会员 3 个月',
        total_fee: '300',
        spbill_create_ip: '127.0.0.1',
        notify_url: 'https://shop.example.com/payNotify',
        time_start: '20261123120000',
        time_expire: '20261123123000',
      },
    },
  ]);
});

test('repeating unifiedorder repeats everything but the nonce and the sign', async () => {
  const { wechatpay, requests } = gateway(() => PREPAID);
  await wechatpay.unifiedorder(PARAMETERS);
  await wechatpay.unifiedorder(PARAMETERS);
  const [first, second] = requests.map(({ fields: { nonce_str, sign: _sign, ...ordered } }) => ({
    nonce_str,
    ordered,
  }));
  expect(second?.ordered).toEqual(first?.ordered);
  expect(second?.nonce_str).not.toBe(first?.nonce_str);
});

test('an order of either sign_type is asked about with its own', async () => {
  const { wechatpay, requests } = gateway(() => answered(PAID_FIELDS));
  for (const sign_type of ['MD5', 'HMAC-SHA256'] as const) {
    expect(await wechatpay.orderquery({ ...ORDER, sign_type })).toMatchObject({ trade_state: 'SUCCESS' });
  }
  expect(requests.map(({ fields }) => [fields.sign_type, fields.sign?.length])).toEqual([
    ['MD5', 32],
    ['HMAC-SHA256', 64],
  ]);
});

test('orderquery gives what WeChat says of a paid order', async () => {
  const { wechatpay } = gateway(() => answered(PAID_FIELDS));
  expect(await wechatpay.orderquery(ORDER)).toEqual({
    kind: 'report',
    trade_state: 'SUCCESS',
    appid: ORDER.appid,
    mch_id: merchant.mch_id,
    out_trade_no: ORDER.out_trade_no,
    openid: PARAMETERS.openid,
    transaction_id: '1008450740201411110005820873',
    total_fee: 300,
    cash_fee: 300,
    bank_type: 'OTHERS',
    time_end: new Date('2026-11-23T04:05:06Z'),
  });
});

test.each(['NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR', 'ACCEPT', 'REFUND', 'A_NEW_ONE'])(
  'orderquery is judged by trade_state, not by result_code: %s',
  async (trade_state) => {
    const { wechatpay } = gateway(() =>
      answered({ trade_state, out_trade_no: ORDER.out_trade_no, attach: '' }),
    );
    expect(await wechatpay.orderquery(ORDER)).toEqual({
      kind: 'report',
      trade_state,
      appid: ORDER.appid,
      mch_id: merchant.mch_id,
      out_trade_no: ORDER.out_trade_no,
    });
  },
);

test('closeorder says closed when WeChat says so', async () => {
  const { wechatpay, requests } = gateway(() => answered({ result_msg: 'OK' }));
  expect(await wechatpay.closeorder(ORDER)).toEqual({ kind: 'closed' });
  expect(requests[0]).toMatchObject({
    path: '/pay/closeorder',
    fields: { out_trade_no: ORDER.out_trade_no },
  });
});

type Call = 'unifiedorder' | 'orderquery' | 'closeorder';
const CALLS: readonly Call[] = ['unifiedorder', 'orderquery', 'closeorder'];
const SAID: Readonly<Record<Call, Answer>> = {
  unifiedorder: PREPAID,
  orderquery: answered(PAID_FIELDS),
  closeorder: answered({}),
};

/** Asks as `call` does, with a gateway that always gives this answer. */
function asking(call: Call, answer: Answer | string): () => Promise<unknown> {
  const { wechatpay } = gateway(() => answer);
  return () => (call === 'unifiedorder' ? wechatpay.unifiedorder(PARAMETERS) : wechatpay[call](ORDER));
}

/** The right answer to a call, with some fields changed or (undefined) left out. */
function changed(call: Call, changes: Readonly<Record<string, string | undefined>>): Answer {
  const fields = Object.entries<string | undefined>({ ...SAID[call].fields, ...changes });
  return {
    fields: Object.fromEntries(
      fields.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
  };
}

const NOT_BELIEVED: readonly (readonly [string, (call: Call) => Answer | string, WeChatPayErrorCode])[] = [
  ['unsigned', (call) => ({ ...SAID[call], sign: false }), 'SIGN_MISMATCH'],
  [
    'with an empty sign',
    (call) => ({ fields: { ...SAID[call].fields, sign: '' }, sign: false }),
    'SIGN_MISMATCH',
  ],
  ['signed with another key', (call) => signedWith('0'.repeat(32), SAID[call].fields), 'SIGN_MISMATCH'],
  ['signed with the other algorithm', (call) => md5Signed(SAID[call].fields), 'SIGN_MISMATCH'],
  ['for another appid', (call) => changed(call, { appid: 'wx0000000000000000' }), 'ANSWER_REFUSED'],
  ['for no appid', (call) => changed(call, { appid: undefined }), 'ANSWER_REFUSED'],
  ['for another merchant', (call) => changed(call, { mch_id: '10000101' }), 'ANSWER_REFUSED'],
  ['for no merchant', (call) => changed(call, { mch_id: '' }), 'ANSWER_REFUSED'],
  ['without result_code', (call) => changed(call, { result_code: undefined }), 'ANSWER_REFUSED'],
  ['with an unknown result_code', (call) => changed(call, { result_code: 'MAYBE' }), 'ANSWER_REFUSED'],
  ['that failed without err_code', (call) => changed(call, { result_code: 'FAIL' }), 'ANSWER_REFUSED'],
  ['that is a web page', () => '<html><body>502 Bad Gateway</body></html>', 'XML_REFUSED'],
  ['that is empty', () => '', 'XML_REFUSED'],
  ['with return_code FAIL', () => '<xml><return_code>FAIL</return_code></xml>', 'RETURN_FAIL'],
];

function signedWith(key: string, fields: Readonly<Fields>): string {
  return writeXml({ ...fields, sign: sign(fields, key, ORDER.sign_type) });
}

function md5Signed(fields: Readonly<Fields>): string {
  return writeXml({ ...fields, sign: sign(fields, merchant.api_key, 'MD5') });
}

test.each(
  NOT_BELIEVED.flatMap(([what, answer, code]) => CALLS.map((call) => ({ call, what, answer, code }))),
)('$call does not believe an answer $what', async ({ call, answer, code }) => {
  expect((await refusalOf(asking(call, answer(call)))).code).toBe(code);
});

test.each([
  ['unifiedorder', 'prepay_id', undefined],
  ['orderquery', 'trade_state', undefined],
  ['orderquery', 'out_trade_no', undefined],
  ['orderquery', 'out_trade_no', 'another_order'],
  ['orderquery', 'total_fee', undefined],
  ['orderquery', 'total_fee', '3.00'],
  ['orderquery', 'openid', ''],
  ['orderquery', 'transaction_id', undefined],
  ['orderquery', 'time_end', '20261332000000'],
] as const)('%s refuses an answer whose %s is %s', async (call, name, value) => {
  const { code, message } = await refusalOf(asking(call, changed(call, { [name]: value })));
  expect([code, message]).toEqual(['ANSWER_REFUSED', expect.stringContaining(name)]);
});

test('the reason WeChat gives for return_code FAIL is passed on, but not at any length', async () => {
  const said = (return_msg: string) => writeXml({ return_code: 'FAIL', return_msg });
  expect((await refusalOf(asking('orderquery', said('商户号非法')))).message).toContain('商户号非法');
  expect((await refusalOf(asking('orderquery', said('长'.repeat(5000))))).message.length).toBeLessThan(300);
});

test.each(['unifiedorder', 'orderquery', 'closeorder'] as const)(
  '%s about another merchant’s order is not sent: WeChat would not know it, and it would pass for one that never arrived',
  async (api) => {
    const { wechatpay, requests } = gateway(() => PREPAID);
    const refusal = await refusalOf(() => wechatpay[api]({ ...PARAMETERS, mch_id: '10000101' }));
    expect(refusal.code).toBe('MERCHANT_MISCONFIGURED');
    expect(requests).toEqual([]);
  },
);

const rotating = { ...merchant, api_key: 'f'.repeat(32), api_key_previous: PREVIOUS_KEY };

test.each([
  ['unsigned, as return_msg', undefined],
  ['signed, as err_code', () => failed('SIGNERROR')],
  ['unsigned, as err_code', () => ({ ...failed('SIGNERROR'), sign: false })],
] as const)('a sign refused %s is made once more with the previous key', async (_how, refuseSign) => {
  const key = () => PREVIOUS_KEY;
  const options = { merchant: rotating, key, ...(refuseSign ? { refuseSign } : {}) };
  const { wechatpay, requests } = gateway(() => PREPAID, options);
  expect(await wechatpay.unifiedorder(PARAMETERS)).toEqual({ kind: 'prepaid', prepay_id: PREPAY_ID });
  expect(requests).toHaveLength(2);
});

test('an answer to a request under the previous key must be signed with that key', async () => {
  const { wechatpay } = gateway(() => signedWith(rotating.api_key, PREPAID.fields), {
    merchant: rotating,
    key: () => PREVIOUS_KEY,
  });
  expect((await refusalOf(() => wechatpay.unifiedorder(PARAMETERS))).code).toBe('SIGN_MISMATCH');
});

test.each([
  ['the only key', { ...merchant, api_key: 'f'.repeat(32) }, 1],
  ['both keys, and the current one again,', rotating, 3],
] as const)('when WeChat refuses %s, a human must look', async (_which, asker, requests) => {
  const refusing = gateway(() => PREPAID, { merchant: asker });
  const refusal = await refusalOf(() => refusing.wechatpay.orderquery(ORDER));
  expect(refusal).toMatchObject({ code: 'MERCHANT_MISCONFIGURED', err_code: 'SIGNERROR' });
  expect(refusal.message).toContain('api_key');
  expect(refusing.requests).toHaveLength(requests);
});

test.each([
  ['between our two questions', (request: number) => (request === 0 ? PREVIOUS_KEY : rotating.api_key)],
  ['before the first', () => rotating.api_key],
  ['after the last', () => PREVIOUS_KEY],
] as const)(
  'while keys are changed, WeChat may take the new one %s: the order goes on, and no human is called',
  async (_when, key) => {
    const { wechatpay, requests } = gateway(() => PREPAID, { merchant: rotating, key });
    expect(await wechatpay.unifiedorder(PARAMETERS)).toMatchObject({ kind: 'prepaid' });
    expect(new Set(requests.map(({ fields }) => fields.sign)).size).toBe(requests.length);
  },
);

test('time that runs out between two keys is unknown, not a wrong key', async () => {
  const noTimeLeft = new WeChatPayError('TIMEOUT', 'No time is left.');
  let requests = 0;
  const transport = async () => {
    if (requests++ > 0) throw noTimeLeft;
    return Buffer.from(writeXml({ return_code: 'FAIL', return_msg: '签名错误' }));
  };
  const random = (bytes: number) => Buffer.alloc(bytes);
  const wechatpay = createWeChatPay({ merchant: rotating, transport, random, answerBy: new Date(0) });
  await expect(wechatpay.orderquery(ORDER)).rejects.toBe(noTimeLeft);
});

test('whatever is asked must be answered by the call’s deadline, and every time it is asked within it', async () => {
  const answerBy = new Date('2026-11-23T04:10:00Z');
  for (const call of CALLS) {
    const { wechatpay, requests } = gateway(() => SAID[call], { merchant: rotating, answerBy });
    await refusalOf(() => (call === 'unifiedorder' ? wechatpay[call](PARAMETERS) : wechatpay[call](ORDER)));
    expect(requests.map(({ limits }) => limits)).toEqual(Array(3).fill({ sendBy: answerBy, answerBy }));
  }
});

test('unifiedorder is not sent, nor sent again, once less than five minutes of the order are left', async () => {
  const answerBy = new Date('2026-11-23T04:29:00Z');
  const { wechatpay, requests } = gateway(() => PREPAID, { answerBy });
  await wechatpay.unifiedorder(PARAMETERS);
  expect(requests[0]?.limits).toEqual({ sendBy: new Date('2026-11-23T04:25:00Z'), answerBy });
});

test('with a previous key at hand, an accepted sign is not made twice', async () => {
  const { wechatpay, requests } = gateway(() => failed('SYSTEMERROR'), {
    merchant: { ...merchant, api_key_previous: PREVIOUS_KEY },
  });
  await refusalOf(() => wechatpay.closeorder(ORDER));
  expect(requests).toHaveLength(1);
});

test.each(['TIMEOUT', 'UNREACHABLE', 'BROKEN_CONNECTION'] as const)(
  '%s on the way passes through',
  async (code) => {
    const failure = new WeChatPayError(code, 'on the way');
    const transport = () => Promise.reject(failure);
    const random = (bytes: number) => Buffer.alloc(bytes);
    const wechatpay = createWeChatPay({ merchant, transport, random, answerBy: PARAMETERS.time_start });
    await expect(wechatpay.orderquery(ORDER)).rejects.toBe(failure);
  },
);

test('no refusal carries a key, a sign or the answer', async () => {
  for (const call of CALLS) {
    for (const [, answer] of NOT_BELIEVED) {
      const { message } = await refusalOf(asking(call, answer(call)));
      expect(message).not.toMatch(/192006|[0-9A-F]{32}|oUpF8uME|Gateway|prepay_id=/);
    }
  }
});
