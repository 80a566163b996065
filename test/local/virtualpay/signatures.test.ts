import { expect, test } from 'vitest';
import { paySig, userSignature } from '../../../scripts/local/virtualpay/sign.ts';
import vectors from '../../vectors/virtual-payment.json' with { type: 'json' };

test.each(vectors.pay_sig)('pay_sig: $id', ({ appkey, uri, body, expected }) => {
  expect(paySig(appkey, uri, body)).toBe(expected);
});

test.each(vectors.signature)('signature: $id', ({ session_key, body, expected }) => {
  expect(userSignature(session_key, body)).toBe(expected);
});

test.each(vectors.negative_client)(
  'not $field: $id',
  ({ field, appkey, session_key, signData, wrong_value }) => {
    const right =
      field === 'paySig'
        ? paySig(appkey, 'requestVirtualPayment', signData)
        : userSignature(session_key, signData);
    expect(wrong_value).not.toBe(right);
  },
);

test.each(vectors.negative_server)('not pay_sig: $id', ({ appkey, uri, body, wrong_value }) => {
  expect(wrong_value).not.toBe(paySig(appkey, uri, body));
});
