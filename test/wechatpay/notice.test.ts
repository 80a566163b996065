import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WeChatPayError } from '../../cloudfunctions/_shared/wechatpay/errors.ts';
import type { Merchant } from '../../cloudfunctions/_shared/wechatpay/merchant.ts';
import { readNotice } from '../../cloudfunctions/_shared/wechatpay/notice.ts';
import { type SignType, sign } from '../../cloudfunctions/_shared/wechatpay/sign.ts';
import { type Fields, writeXml } from '../../cloudfunctions/_shared/wechatpay/xml.ts';
import { refusalOf } from './refusal.ts';
import { vectors } from './vectors.ts';

const merchant: Merchant = {
  mch_id: '10000100',
  api_key: '192006250b4c09247ec02edce69f6a2d',
  api_key_previous: '8934e7d15453e97507ef794cf7b0519d',
};

const PAID: Readonly<Fields> = {
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  appid: 'wxd930ea5d5a258f4f',
  mch_id: '10000100',
  nonce_str: '5d2b6c2a8db53831f7eda20af46e531c',
  openid: 'oUpF8uMEb4qRXf22hE3X68TekukE',
  out_trade_no: '1409811653',
  transaction_id: '1004400740201409030005092168',
  total_fee: '300',
  cash_fee: '290',
  bank_type: 'OTHERS',
  time_end: '20140903131540',
};

/** A notice as WeChat sends it, validly signed unless asked otherwise. */
function notice(
  fields: Readonly<Fields>,
  { key = merchant.api_key, sign_type = 'HMAC-SHA256' as SignType } = {},
): Buffer {
  return Buffer.from(writeXml({ ...fields, sign: sign(fields, key, sign_type) }));
}

function without(...names: string[]): Fields {
  return Object.fromEntries(Object.entries(PAID).filter(([name]) => !names.includes(name)));
}

test('a notice becomes a report, spelled as WeChat spells it', () => {
  expect(readNotice(notice(PAID), merchant)).toEqual({
    sign_type: 'HMAC-SHA256',
    key: 'current',
    report: {
      kind: 'report',
      trade_state: 'SUCCESS',
      out_trade_no: '1409811653',
      appid: 'wxd930ea5d5a258f4f',
      mch_id: '10000100',
      openid: 'oUpF8uMEb4qRXf22hE3X68TekukE',
      transaction_id: '1004400740201409030005092168',
      total_fee: 300,
      cash_fee: 290,
      bank_type: 'OTHERS',
      time_end: new Date('2014-09-03T05:15:40Z'),
    },
  });
});

test.each([
  ['current', 'MD5'],
  ['current', 'HMAC-SHA256'],
  ['previous', 'MD5'],
  ['previous', 'HMAC-SHA256'],
] as const)('the %s key with %s is recognised, and named', (key, sign_type) => {
  const api_key = key === 'current' ? merchant.api_key : (merchant.api_key_previous ?? '');
  expect(readNotice(notice(PAID, { key: api_key, sign_type }), merchant)).toMatchObject({ key, sign_type });
});

test('a key that is both the current and the previous one counts as current', () => {
  const { mch_id, api_key } = merchant;
  expect(readNotice(notice(PAID), { mch_id, api_key, api_key_previous: api_key }).key).toBe('current');
});

test('the sign_type a notice names is not asked', () => {
  const claimed = { ...PAID, sign_type: 'MD5' };
  expect(readNotice(notice(claimed, { sign_type: 'HMAC-SHA256' }), merchant).sign_type).toBe('HMAC-SHA256');
});

test('unknown fields are signed and otherwise let be', () => {
  const fields = { ...PAID, coupon_fee_0: '10', something_new: '&=<>]]>' };
  expect(readNotice(notice(fields), merchant).report.total_fee).toBe(300);
});

test.each([
  'openid',
  'out_trade_no',
  'total_fee',
  'result_code',
  'mch_id',
  'appid',
  'transaction_id',
  'sign',
])('a notice whose %s was changed on the way is refused', async (name) => {
  const changed = notice(PAID)
    .toString()
    .replace(new RegExp(`<${name}><!\\[CDATA\\[.`), `<${name}><![CDATA[~`);
  expect(changed).not.toBe(notice(PAID).toString());
  expect((await refusalOf(() => readNotice(changed, merchant))).code).toBe('SIGN_MISMATCH');
});

test.each([
  ['a sign of another key', notice(PAID, { key: '0'.repeat(32) })],
  ['a sign of the empty key', notice(PAID, { key: '' })],
])('a notice with %s is refused', async (_what, body) => {
  expect((await refusalOf(() => readNotice(body, merchant))).code).toBe('SIGN_MISMATCH');
});

test.each([undefined, ''])(
  'without a previous key (%j) only the current one counts',
  async (api_key_previous) => {
    const { api_key_previous: previous = '', ...settled } = merchant;
    const rotated = api_key_previous === undefined ? settled : { ...settled, api_key_previous };
    for (const key of [previous, '']) {
      expect((await refusalOf(() => readNotice(notice(PAID, { key }), rotated))).code).toBe('SIGN_MISMATCH');
    }
  },
);

const NEEDED = [
  ...['return_code', 'result_code', 'appid', 'mch_id', 'nonce_str', 'out_trade_no'],
  ...['transaction_id', 'openid', 'total_fee', 'time_end'],
];

test.each<[string, Buffer | string]>([
  ['no sign', writeXml(PAID)],
  ['an empty sign', writeXml({ ...PAID, sign: '' })],
  [
    'the published message without a sign',
    vectors.xml_negative.find(({ id }) => id === 'missing-sign')?.xml ?? '',
  ],
  ['nothing in it', '<xml></xml>'],
  ['another return_code', notice({ ...PAID, return_code: 'MAYBE' })],
  ['a trade_state that is not SUCCESS', notice({ ...PAID, trade_state: 'REFUND' })],
  ...NEEDED.map((name) => [`no ${name}`, notice(without(name))] as [string, Buffer]),
  ...NEEDED.map((name) => [`an empty ${name}`, notice({ ...PAID, [name]: '' })] as [string, Buffer]),
])('a message with %s is no notice, signed or not', async (_what, body) => {
  expect((await refusalOf(() => readNotice(body, merchant))).code).toBe('NOT_A_NOTICE');
});

test.each(['transaction_id', 'openid', 'total_fee', 'time_end'])(
  'a notice of a failed attempt may lack %s',
  (name) => {
    const failed = { ...without(name), result_code: 'FAIL' };
    expect(readNotice(notice(failed), merchant).report.trade_state).toBe('NOTPAY');
  },
);

const REFUSED: readonly (readonly [string, Readonly<Fields>, string])[] = [
  ['for another merchant', { ...PAID, mch_id: '10000101' }, 'mch_id'],
  ['with an unknown result_code', { ...PAID, result_code: 'MAYBE' }, 'result_code'],
  ...['1.00', '-1', '1e3', '0x10', ' 1', '１', '9'.repeat(16)].map(
    (total_fee) => [`with a total_fee of ${total_fee}`, { ...PAID, total_fee }, 'total_fee'] as const,
  ),
  ['with a time_end in another form', { ...PAID, time_end: '2014-09-03 13:15:40' }, 'time_end'],
];

test.each(REFUSED)(
  'a notice with a valid sign %s is refused, the field named and the order reported',
  async (_what, fields, name) => {
    const { code, message, out_trade_no } = await refusalOf(() => readNotice(notice(fields), merchant));
    expect([code, out_trade_no]).toEqual(['ANSWER_REFUSED', '1409811653']);
    expect(message).toContain(name);
  },
);

test('a sign that was made for another reading of the same text is refused', async () => {
  for (const { message_b, key, shared_sign } of vectors.sign_ambiguity) {
    const body = writeXml({ ...message_b, sign: shared_sign });
    const { code } = await refusalOf(() => readNotice(body, { mch_id: '1', api_key: key }));
    expect(code).toBe('NOT_A_NOTICE');
  }
});

test('return_code FAIL is about no order, signed or not', async () => {
  const fields = { return_code: 'FAIL', return_msg: '系统繁忙' };
  for (const body of [writeXml(fields), notice({ ...PAID, ...fields })]) {
    expect((await refusalOf(() => readNotice(body, merchant))).code).toBe('RETURN_FAIL');
  }
});

test('a failed attempt leaves the order unpaid and payable, as it does at WeChat', () => {
  const { report } = readNotice(
    notice({ ...without('time_end', 'transaction_id'), result_code: 'FAIL' }),
    merchant,
  );
  expect(report).toMatchObject({ trade_state: 'NOTPAY', out_trade_no: '1409811653' });
});

test('no refusal reveals a secret or repeats what was sent', async () => {
  const hostile = [
    notice(PAID, { key: 'x' }),
    writeXml(PAID),
    notice(without('openid')),
    '<xml><a>oUpF8uME</xml>',
  ];
  for (const body of hostile) {
    const { message } = await refusalOf(() => readNotice(body, merchant));
    expect(message).not.toMatch(/oUpF8uME|1409811653|192006|8934e7/);
  }
});

test('no message whatever makes it fail in another way than by refusing', () => {
  const fields = fc.dictionary(
    fc.constantFrom(...Object.keys(PAID)),
    fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
  );
  fc.assert(
    fc.property(fields, fc.boolean(), (changes, signed) => {
      const changed = { ...PAID, ...changes };
      try {
        readNotice(signed ? notice(changed) : writeXml(changed), merchant);
      } catch (error) {
        if (!(error instanceof WeChatPayError)) throw error;
      }
    }),
  );
});
