import { expect, test } from 'vitest';
import { signPayment } from '../../cloudfunctions/_shared/wechatpay/payment.ts';
import { vectors } from './vectors.ts';

const published = vectors.sign.filter(({ id }) => id.startsWith('derived-paysign'));

test('there are examples of both algorithms', () => {
  expect(published.map(({ sign_type }) => sign_type)).toEqual(['MD5', 'HMAC-SHA256']);
});

test.each(published)(
  'wx.requestPayment gets its five parameters, signed ($id)',
  ({ params, key, sign_type, expected }) => {
    const payment = signPayment({
      appid: 'wxd930ea5d5a258f4f',
      prepay_id: 'wx201410272009395522657a690389285100',
      sign_type,
      api_key: key,
      nonce_str: '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
      now: new Date(1414561699123),
    });
    const { appId: _notTold, ...reported } = params;
    expect(payment).toEqual({ ...reported, paySign: expected });
  },
);
