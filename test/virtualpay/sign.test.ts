import { describe, expect, test } from 'vitest';
import { signDataOf, signVirtualPayment } from '../../cloudfunctions/_shared/virtualpay/payment.ts';
import { paySig, userSignature } from '../../cloudfunctions/_shared/virtualpay/sign.ts';
import { bodyNamed, vectors } from './vectors.ts';

test.each(vectors.pay_sig)('pay_sig of $id', ({ appkey, uri, body, expected }) => {
  expect(paySig(appkey, uri, body)).toBe(expected);
});

test.each(vectors.signature)('signature of $id', ({ session_key, body, expected }) => {
  expect(userSignature(session_key, body)).toBe(expected);
});

test.each(vectors.negative_client)('the client’s $id is not what is signed', (vector) => {
  const made =
    vector.field === 'paySig'
      ? paySig(vector.appkey, 'requestVirtualPayment', vector.signData)
      : userSignature(vector.session_key, vector.signData);
  expect(made).not.toBe(vector.wrong_value);
});

test.each(vectors.negative_server)('the server’s $id is not what is signed', (vector) => {
  expect(paySig(vector.appkey, vector.uri, vector.body)).not.toBe(vector.wrong_value);
});

describe('what the phone is given', () => {
  const payment = {
    offer_id: '1450000000',
    env: 0,
    item_id: 'city_m1_v1',
    price: 990,
    out_trade_no: 'M20261127abcdef0123456789',
    attach: 'city.1',
  } as const;
  const session_key = '9hAb/NEYUlkaMBEsmFgzig==';

  test('is the published text, byte for byte, under both published signatures', () => {
    const { body, appkey, expected } = bodyNamed('client-city-1-month-live');
    expect(signDataOf(payment)).toBe(body);
    const signed = signVirtualPayment(payment, { app_key: appkey, session_key });
    expect(signed).toMatchObject({ signData: body, mode: 'short_series_goods', paySig: expected });
    expect(signed.signature).toBe(
      vectors.signature.find(({ id }) => id === 'client-city-1-month-live')?.expected,
    );
  });

  test('has an offerId that is text, one piece, and CNY', () => {
    expect(JSON.parse(signDataOf(payment))).toMatchObject({
      offerId: '1450000000',
      buyQuantity: 1,
      currencyType: 'CNY',
    });
  });
});
