import fc from 'fast-check';
import { writeXml } from '../../scripts/local/wechatpay/xml.ts';
import { KEY, MERCHANT } from './runtime.ts';
import { signByRule } from './wechat-rule.ts';

/** A notice that somebody could have seen: signed with a key of ours, or with any. */
const NOTICE = {
  ...{ return_code: 'SUCCESS', result_code: 'SUCCESS', ...MERCHANT, nonce_str: 'n0nce', openid: 'oShopper' },
  ...{ out_trade_no: '0123456789abcdef0123456789abcdef', transaction_id: '4200009999202701150000000001' },
  ...{ total_fee: '4800', cash_fee: '4800', bank_type: 'OTHERS', time_end: '20270115103000' },
};

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));

const fieldName = fc.oneof(
  fc.constantFrom(...Object.keys(NOTICE), 'sign', 'sign_type', 'trade_state', 'attach', '__proto__', 'xml'),
  fc.string({ maxLength: 8 }),
);

/** Pieces of markup, so that what is made of them is nearly a message. */
const piece = fc.oneof(
  fc.constantFrom(
    '<xml>',
    '</xml>',
    '<![CDATA[',
    ']]>',
    '<?xml version="1.0"?>',
    '<!--',
    '-->',
    '<!DOCTYPE x>',
  ),
  fc.constantFrom(
    '<',
    '>',
    '</',
    '/>',
    '&',
    ';',
    '&amp;',
    '&#x4e2d;',
    '&#0;',
    ']]',
    '\uFEFF',
    ' ',
    '\n',
    '\0',
  ),
  fieldName.map((name) => `<${name}>`),
  fieldName.map((name) => `</${name}>`),
  fc.tuple(fieldName, anyText).map(([name, value]) => `<${name}>${value}</${name}>`),
  anyText,
);

const markup = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''));

const message = fc
  .record({
    changes: fc.dictionary(fieldName, anyText, { maxKeys: 3 }),
    key: fc.constantFrom('', '0'.repeat(32), MERCHANT.mch_id, KEY.toUpperCase()),
    by: fc.constantFrom('MD5', 'HMAC-SHA256'),
    sign: fc.option(fc.oneof(anyText, fc.constantFrom('0'.repeat(32), 'F'.repeat(64))), { freq: 3 }),
  })
  .map(({ changes, key, by, sign }) => {
    const fields: Record<string, string> = { ...NOTICE, ...changes };
    return writeXml({ ...fields, sign: sign ?? signByRule(fields, key, by) });
  });

/** A validly signed notice with a few bytes or pieces changed, taken out, or put in. */
const tampered = fc
  .tuple(
    fc.constantFrom('MD5', 'HMAC-SHA256'),
    fc.array(fc.tuple(fc.nat({ max: 1000 }), fc.nat({ max: 40 }), piece), { minLength: 1, maxLength: 3 }),
  )
  .map(([by, cuts]) =>
    cuts.reduce(
      (text, [at, length, put]) =>
        text.slice(0, at % text.length) + put + text.slice((at % text.length) + length),
      writeXml({ ...NOTICE, sign: signByRule(NOTICE, KEY, by) }),
    ),
  );

const large = fc
  .tuple(piece, fc.integer({ min: 1, max: 5000 }), markup)
  .map(([unit, times, rest]) => unit.repeat(times).slice(0, 40_000) + rest);

/** Any text that could be meant as a message. */
export const hostileText = fc.oneof(
  { weight: 4, arbitrary: message },
  { weight: 4, arbitrary: tampered },
  { weight: 3, arbitrary: markup },
  { weight: 1, arbitrary: anyText },
);

const body = fc.oneof(
  { weight: 20, arbitrary: hostileText },
  {
    weight: 4,
    arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  },
  { weight: 4, arbitrary: hostileText.map((text) => Buffer.from(text).toString('base64')) },
  { weight: 1, arbitrary: large },
  { weight: 1, arbitrary: fc.anything() },
);

const method = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('POST', 'post', 'Post') },
  { weight: 2, arbitrary: fc.constantFrom('GET', 'PUT', 'HEAD', 'OPTIONS', 'POST ', 'ＰＯＳＴ', '') },
  { weight: 1, arbitrary: fc.anything() },
);

const headers = fc.dictionary(
  fc.oneof(fc.constantFrom('content-type', 'x-wx-openid', 'content-encoding', '__proto__'), fc.string()),
  fc.oneof(fc.constantFrom('text/xml', 'application/json', 'gzip'), anyText),
  { maxKeys: 3 },
);

/** What HTTP access could hand to payNotify, and what it could not. */
export const anyRequest = fc.oneof(
  {
    weight: 19,
    arbitrary: fc.record(
      {
        httpMethod: method,
        body,
        isBase64Encoded: fc.oneof(
          { weight: 6, arbitrary: fc.boolean() },
          { weight: 1, arbitrary: fc.anything() },
        ),
        headers,
        path: anyText,
        queryStringParameters: headers,
      },
      { requiredKeys: ['httpMethod', 'body'] },
    ),
  },
  { weight: 1, arbitrary: fc.anything() },
);
