import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sign } from '../../../scripts/local/wechatpay/sign.ts';
import { readTime, spellTime } from '../../../scripts/local/wechatpay/spelling.ts';
import { readXml, writeXml, XmlFormatError } from '../../../scripts/local/wechatpay/xml.ts';

const OFFICIAL = {
  appid: 'wxd930ea5d5a258f4f',
  body: 'test',
  device_info: '1000',
  mch_id: '10000100',
  nonce_str: 'ibuaiVcKdpRxkhJA',
};
const OFFICIAL_KEY = '192006250b4c09247ec02edce69f6a2d';

describe('signing', () => {
  test.each([
    ['MD5', '9A0A8659F005D6984697E2CA0A9CF3B7'],
    ['HMAC-SHA256', '6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6'],
  ] as const)("the document's example comes out under %s", (sign_type, expected) => {
    expect(sign(OFFICIAL, OFFICIAL_KEY, sign_type)).toBe(expected);
  });

  test.each([
    [
      'Chinese text is signed as raw UTF-8',
      { body: '腾讯充值中心-QQ会员充值' },
      '385985D44CFE023026D6429EA056492E',
    ],
    ['a zero is not empty', { total_fee: '0' }, '138F8B181233F2DBB3506A63A002EC9A'],
    [
      'names are sorted by ASCII',
      { Zkey: '1', akey: '2', coupon_id_10: 'b', coupon_id_2: 'a' },
      'B49169A54621B10434E3E78B9D33B562',
    ],
    [
      'an empty value and sign itself are left out',
      { attach: '', sign: 'X' },
      '9A0A8659F005D6984697E2CA0A9CF3B7',
    ],
  ])('%s', (_name, more, expected) => {
    expect(sign({ ...OFFICIAL, ...more }, OFFICIAL_KEY, 'MD5')).toBe(expected);
  });
});

describe('reading XML', () => {
  test.each([
    ['text and CDATA', '<xml><a>1</a><b><![CDATA[2]]></b></xml>', { a: '1', b: '2' }],
    ['a declaration and white space', '<?xml version="1.0"?>\n<xml>\n <a>1</a>\n</xml>\n', { a: '1' }],
    ['white space in a value stays', '<xml><a> 1 </a></xml>', { a: ' 1 ' }],
    [
      '28 digits stay text',
      '<xml><a>4200000540202005267407409907</a></xml>',
      { a: '4200000540202005267407409907' },
    ],
    [
      'the five entities and numbers',
      '<xml><a>&lt;&amp;&gt;&quot;&apos;&#65;&#x4e2d;</a></xml>',
      { a: '<&>"\'A中' },
    ],
    ['markup in CDATA is text', '<xml><a><![CDATA[<b>&amp;</b>]]></a></xml>', { a: '<b>&amp;</b>' }],
    ['a split CDATA', '<xml><a><![CDATA[x]]]]><![CDATA[>y]]></a></xml>', { a: 'x]]>y' }],
    ['line ends become LF', '<xml><a><![CDATA[1\r\n2\r3]]></a></xml>', { a: '1\n2\n3' }],
    ['empty fields', '<xml><a></a><b/><c><![CDATA[]]></c></xml>', { a: '', b: '', c: '' }],
    [
      'a field named like a property of objects',
      '<xml><constructor>1</constructor></xml>',
      { constructor: '1' },
    ],
  ])('%s', (_name, xml, expected) => {
    expect({ ...readXml(xml) }).toEqual(expected);
  });

  test.each([
    ['nothing', ''],
    ['JSON', '{"a":1}'],
    ['another root', '<root><a>1</a></root>'],
    ['a DOCTYPE', '<!DOCTYPE x [<!ENTITY e "1">]><xml><a>&e;</a></xml>'],
    ['an entity of its own', '<xml><a>&e;</a></xml>'],
    ['an entity that is none', '<xml><a>&constructor;</a></xml>'],
    ['an entity without end', '<xml><a>A&amp</a></xml>'],
    ['a bare ampersand', '<xml><a>A&B</a></xml>'],
    ['a field twice', '<xml><a>1</a><a>2</a></xml>'],
    ['nesting', '<xml><a><b>1</b></a></xml>'],
    ['a mismatched end', '<xml><a>1</b></xml>'],
    ['a missing end', '<xml><a>1</a>'],
    ['an unfinished field', '<xml><a>1'],
    ['an unfinished CDATA', '<xml><a><![CDATA[1</a></xml>'],
    ['CDATA that another CDATA ends', '<xml><a><![CDATA[x]]><b>]]></a></xml>'],
    ['text between fields', '<xml>1<a>1</a></xml>'],
    ['text after the end', '<xml><a>1</a></xml>2'],
    ['two roots', '<xml></xml><xml></xml>'],
    ['a comment', '<xml><a>1<!-- -->2</a></xml>'],
    ['a control character', '<xml><a>\u0001</a></xml>'],
    ['a control character by number', '<xml><a>&#1;</a></xml>'],
    ['half a surrogate pair', '<xml><a>&#xD800;</a></xml>'],
  ])('%s is refused', (_name, xml) => {
    expect(() => readXml(xml)).toThrow(XmlFormatError);
  });

  test('what is written is read again, whatever is in it', () => {
    const text = fc.string({
      unit: fc.constantFrom(...']]><![CDATA[&amp;</xml>中文😀 "\'\n'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, text, (attach, body) => {
        const message = { attach, total_fee: '1', body };
        expect({ ...readXml(writeXml(message)) }).toEqual(message);
      }),
    );
  });

  test('no text does worse than be refused', () => {
    const piece = fc.constantFrom(
      '<xml>',
      '</xml>',
      '<a>',
      '</a>',
      '<a/>',
      '<![CDATA[',
      ']]>',
      '&#38;',
      '&',
      '1',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          readXml(`<xml>${pieces.join('')}</xml>`);
        } catch (error) {
          expect(error).toBeInstanceOf(XmlFormatError);
        }
      }),
    );
  });
});

describe('spelling time', () => {
  test('a moment is spelled in UTC+8 and read again', () => {
    const moment = new Date('2026-12-31T16:00:05Z');
    expect(spellTime(moment)).toBe('20270101000005');
    expect(readTime('20270101000005')).toEqual(moment);
  });

  test.each([
    '',
    '2027010100000',
    '202701010000000',
    '20270230000000',
    '20271301000000',
    '20270101240000',
    '2027-01-01',
  ])('%j is no time', (text) => {
    expect(readTime(text)).toBeUndefined();
  });
});
