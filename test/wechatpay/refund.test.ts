import { createCipheriv, createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decrypted, readRefundNotice } from '../../cloudfunctions/_shared/wechatpay/refund-notice.ts';
import type { RefundParameters } from '../../cloudfunctions/_shared/wechatpay/wechatpay.ts';
import { type Fields, writeXml } from '../../cloudfunctions/_shared/wechatpay/xml.ts';
import { answered, gateway, merchant, ORDER, PREVIOUS_KEY } from './gateway.ts';
import { refusalOf } from './refusal.ts';
import { vectors } from './vectors.ts';

const REFUND: RefundParameters = {
  ...ORDER,
  out_refund_no: 'fedcba9876543210fedcba9876543210',
  total_fee: 300,
  refund_fee: 100,
  refund_desc: '买错了',
  notify_url: 'https://shop.example.com/refundNotify',
};

const ACCEPTED: Fields = {
  out_trade_no: REFUND.out_trade_no,
  out_refund_no: REFUND.out_refund_no,
  refund_id: '50000408942018111907145868882',
  refund_fee: '100',
};

describe('a refund is asked for', () => {
  test('with the numbers of order and refund, both amounts, and what the shopper reads', async () => {
    const { wechatpay, requests } = gateway(() => answered(ACCEPTED));
    expect(await wechatpay.refund(REFUND)).toEqual({ kind: 'accepted', refund_id: ACCEPTED.refund_id });
    expect(requests).toMatchObject([
      {
        path: '/secapi/pay/refund',
        fields: {
          total_fee: '300',
          refund_fee: '100',
          refund_desc: '买错了',
          out_refund_no: REFUND.out_refund_no,
        },
      },
    ]);
  });

  test.each(['SYSTEMERROR', 'BIZERR_NEED_RETRY', 'FREQUENCY_LIMITED', 'INVALID_REQ_TOO_MUCH'])(
    'and %s leaves it open',
    async (err_code) => {
      const { wechatpay } = gateway(() => answered({ result_code: 'FAIL', err_code }));
      await expect(wechatpay.refund(REFUND)).rejects.toMatchObject({ code: 'TRY_AGAIN', err_code });
    },
  );

  test.each(['NOTENOUGH', 'USER_ACCOUNT_ABNORMAL', 'TRADE_OVERDUE', 'ERROR', 'PARAM_ERROR', 'A_NEW_ONE'])(
    'and %s is a no that says why',
    async (err_code) => {
      const { wechatpay } = gateway(() => answered({ result_code: 'FAIL', err_code, err_code_des: '原因' }));
      expect(await wechatpay.refund(REFUND)).toEqual({ kind: 'refused', err_code, err_code_des: '原因' });
    },
  );

  test.each([
    ['another refund', { out_refund_no: 'another-refund' }],
    ['another amount', { refund_fee: '101' }],
  ])('and an answer about %s is refused', async (_, change) => {
    const { wechatpay } = gateway(() => answered({ ...ACCEPTED, ...change }));
    await expect(wechatpay.refund(REFUND)).rejects.toMatchObject({ code: 'ANSWER_REFUSED' });
  });

  test('never of more than the order is about', async () => {
    const { wechatpay, requests } = gateway(() => answered(ACCEPTED));
    const asking = wechatpay.refund({ ...REFUND, refund_fee: 301 });
    await expect(asking).rejects.toMatchObject({ code: 'PARAMETER_REFUSED' });
    expect(requests).toEqual([]);
  });
});

describe('refundquery', () => {
  const listed = (place: number, change: Fields = {}): Fields =>
    Object.fromEntries(
      Object.entries({
        out_refund_no: `refund-${place}`,
        refund_id: `5000040894201811190714586888${place}`,
        refund_fee: '100',
        refund_status: 'SUCCESS',
        refund_success_time: '2018-11-19 16:24:13',
        ...change,
      }).map(([name, value]) => [`${name}_${place}`, value]),
    );
  const { out_trade_no } = ORDER;

  test('gives one refund by its number, its moment in Beijing’s time', async () => {
    const { wechatpay } = gateway(() => answered({ out_trade_no, refund_count: '1', ...listed(0) }));
    expect(await wechatpay.refundquery(ORDER, 'refund-0')).toEqual({
      kind: 'refund-report',
      out_trade_no,
      out_refund_no: 'refund-0',
      refund_id: '50000408942018111907145868880',
      refund_fee: 100,
      refund_status: 'SUCCESS',
      success_time: new Date('2018-11-19T08:24:13Z'),
    });
  });

  test('gives none where WeChat has none', async () => {
    const { wechatpay } = gateway(() => answered({ result_code: 'FAIL', err_code: 'REFUNDNOTEXIST' }));
    expect(await wechatpay.refundquery(ORDER, 'refund-0')).toEqual({ kind: 'absent' });
    expect(await wechatpay.refundsOf(ORDER)).toEqual([]);
  });

  /** WeChat with so many refunds of the order, which lists them in pages of this length. */
  const listing = (count: number, page: number) =>
    gateway(({ offset = '0' }) => {
      const begin = Number(offset);
      // An offset behind the last refund is refused, and by the documents not as a refund that is not there.
      if (begin >= count) return answered({ result_code: 'FAIL', err_code: 'PARAM_ERROR' });
      const length = Math.min(page, count - begin);
      const refunds = Array.from({ length }, (_, place) =>
        listed(place, { out_refund_no: `refund-${begin + place}` }),
      );
      return answered(Object.assign({ out_trade_no }, ...refunds));
    });

  test.each(
    [1, 9, 10, 11, 19, 20, 29, 50].flatMap((count) => [10, 20].map((page) => [count, page] as const)),
  )('gives all %i of an order, in pages of %i', async (count, page) => {
    const { wechatpay } = listing(count, page);
    const numbers = (await wechatpay.refundsOf(ORDER)).map(({ out_refund_no }) => out_refund_no);
    expect(numbers).toEqual(Array.from({ length: count }, (_, place) => `refund-${place}`));
  });

  test.each([
    ['about another order', { out_trade_no: 'another-order', ...listed(0) }],
    ['about another refund', { out_trade_no, ...listed(0, { out_refund_no: 'another' }) }],
    ['without an amount', { out_trade_no, ...listed(0, { refund_fee: '' }) }],
    ['with an amount of 0', { out_trade_no, ...listed(0, { refund_fee: '0' }) }],
    ['with an amount in yuan', { out_trade_no, ...listed(0, { refund_fee: '1.00' }) }],
    ['without a status', { out_trade_no, ...listed(0, { refund_status: '' }) }],
  ])('refuses an answer %s', async (_, fields) => {
    const { wechatpay } = gateway(() => answered(fields));
    await expect(wechatpay.refundquery(ORDER, 'refund-0')).rejects.toMatchObject({ code: 'ANSWER_REFUSED' });
  });
});

/** A notice as WeChat sends it. */
function notice(
  content: Fields,
  { key = merchant.api_key, ...change }: Fields & { key?: string } = {},
): string {
  const plain = writeXml(content).replace('<xml>', '<root>').replace('</xml>', '</root>');
  return writeXml({
    return_code: 'SUCCESS',
    mch_id: merchant.mch_id,
    req_info: encrypt(plain, key),
    ...change,
  });
}

function encrypt(text: string, api_key: string): string {
  const key = createHash('md5').update(api_key).digest('hex');
  const cipher = createCipheriv('aes-256-ecb', key, null);
  return Buffer.concat([cipher.update(text), cipher.final()]).toString('base64');
}

const CONTENT = {
  out_trade_no: ORDER.out_trade_no,
  out_refund_no: REFUND.out_refund_no,
  refund_status: 'SUCCESS',
};

describe('a notice of a refund', () => {
  const published = vectors.refund_req_info.flatMap(({ mch_key, ...vector }) =>
    mch_key ? [{ mch_key, ...vector }] : [],
  );
  test.each(published)('is opened as published: $id', ({ mch_key, req_info, plaintext }) => {
    expect(decrypted(req_info, mch_key)?.toString()).toBe(plaintext);
  });

  test('names its order and its refund: the whole published one', () => {
    const body = vectors.xml.find(({ id }) => id === 'derived-refund-notify-xml')?.xml ?? '';
    expect(readRefundNotice(body, merchant)).toEqual({
      out_trade_no: '71106718111915575302817',
      out_refund_no: '131811191610442717309',
    });
  });

  test('is opened with the previous key too', () => {
    const both = { ...merchant, api_key_previous: PREVIOUS_KEY };
    const { out_trade_no, out_refund_no } = CONTENT;
    expect(readRefundNotice(notice(CONTENT, { key: PREVIOUS_KEY }), both)).toEqual({
      out_trade_no,
      out_refund_no,
    });
  });

  test.each([
    ['no XML', 'hello', 'XML_REFUSED'],
    ['return_code FAIL', writeXml({ return_code: 'FAIL' }), 'RETURN_FAIL'],
    ['without req_info', writeXml({ return_code: 'SUCCESS', mch_id: merchant.mch_id }), 'NOT_A_NOTICE'],
    ['under another key', notice(CONTENT, { key: PREVIOUS_KEY }), 'SIGN_MISMATCH'],
    ['with a req_info that is no base64', notice(CONTENT, { req_info: '%%%' }), 'SIGN_MISMATCH'],
    ['of another merchant', notice(CONTENT, { mch_id: '10000101' }), 'ANSWER_REFUSED'],
    ['that names no refund', notice({ out_trade_no: ORDER.out_trade_no }), 'ANSWER_REFUSED'],
  ])('%s is refused', async (_, body, code) => {
    expect(await refusalOf(() => readRefundNotice(body, merchant))).toMatchObject({ code });
  });

  test('that anybody makes up is refused by a code, and never crashes', async () => {
    const check = async (req_info: string) => {
      const { code } = await refusalOf(() => readRefundNotice(notice(CONTENT, { req_info }), merchant));
      expect(['SIGN_MISMATCH', 'NOT_A_NOTICE']).toContain(code);
    };
    await fc.assert(fc.asyncProperty(fc.base64String(), check));
  });
});
