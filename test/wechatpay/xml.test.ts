import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WeChatPayError } from '../../cloudfunctions/_shared/wechatpay/errors.ts';
import {
  readXml,
  writeXml,
  XML_BYTES_MAX,
  XML_FIELDS_MAX,
} from '../../cloudfunctions/_shared/wechatpay/xml.ts';
import { anyFields } from './any-fields.ts';
import { refusalOf } from './refusal.ts';
import { vectors } from './vectors.ts';

test.each(vectors.xml)('the published message $id is read as it was meant', ({ xml, parsed }) => {
  const fields = readXml(Buffer.from(xml));
  expect(Object.keys(fields).length).toBeGreaterThan(0);
  if (parsed) expect(fields).toEqual(parsed);
});

test('what is written is what WeChat publishes as a reply, byte for byte', () => {
  const published = vectors.xml.find(({ id }) => id === 'reply-success')?.xml;
  expect(writeXml({ return_code: 'SUCCESS', return_msg: 'OK' })).toBe(published);
});

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

test.each([
  ['a number stays text', '<xml><a>007</a><b>1e5</b><c>true</c></xml>', { a: '007', b: '1e5', c: 'true' }],
  ['28 digits stay 28 digits', `<xml><a>${'4200000540'.repeat(3)}</a></xml>`, { a: '4200000540'.repeat(3) }],
  ['space in a value stays', '<xml><a> 1 </a><b><![CDATA[ 2 ]]></b></xml>', { a: ' 1 ', b: ' 2 ' }],
  ['an empty field is empty text', '<xml><a></a><b/><c><![CDATA[]]></c></xml>', { a: '', b: '', c: '' }],
  ['the five entities', '<xml><a>&lt;&gt;&amp;&quot;&apos;</a></xml>', { a: '<>&"\'' }],
  ['numeric references', '<xml><a>&#20013;&#x4e2d;&#x1F600;</a></xml>', { a: '中中😀' }],
  ['an entity is not decoded twice', '<xml><a>&amp;lt;</a></xml>', { a: '&lt;' }],
  ['no entity in CDATA', '<xml><a><![CDATA[&amp;<b>]]></a></xml>', { a: '&amp;<b>' }],
  ['a split ]]>', '<xml><a><![CDATA[x]]]]><![CDATA[>y]]></a></xml>', { a: 'x]]>y' }],
  ['text beside CDATA', '<xml><a>1<![CDATA[2]]>3<![CDATA[4]]></a></xml>', { a: '1234' }],
  ['a line break is \\n', '<xml><a>1\r\n2\r3</a></xml>', { a: '1\n2\n3' }],
  ['space around fields', '\n <xml >\r\n\t<a >1</a >\n</xml >\n', { a: '1' }],
  ['a declaration', '<?xml version="1.0" encoding="UTF-8" ?>\n<xml><a>1</a></xml>', { a: '1' }],
  ['a declaration after a byte order mark', `\uFEFF${DECLARATION}<xml><a>1</a></xml>`, { a: '1' }],
  ['a declaration after white space', ` \r\n\t${DECLARATION}\n<xml><a>1</a></xml>`, { a: '1' }],
  ['a declaration after both', `\uFEFF\n${DECLARATION}<xml><a>1</a></xml>`, { a: '1' }],
  ['comments around it', '<!-- a - b -->\n<!----><xml><a>1</a></xml><!-- &c; -->', { a: '1' }],
  ['an instruction around it', '<?php 1 ?><?a?><xml><a>1</a></xml>\n<?xml-model href="x"?>', { a: '1' }],
  [
    'all of it at once',
    `\uFEFF ${DECLARATION} <!-- 1 --> <?b c?> <xml><a>1</a></xml> <?b?> <!-- 2 --> `,
    { a: '1' },
  ],
  ['a byte order mark', '\uFEFF<xml><a>1</a></xml>', { a: '1' }],
  ['no field at all', '<xml></xml>', {}],
])('reads %s', (_what, xml, fields) => {
  expect(readXml(xml)).toEqual(fields);
  expect(readXml(Buffer.from(xml))).toEqual(fields);
});

const NOT_MESSAGES: readonly (readonly [string, string])[] = [
  ...vectors.xml_negative.filter(({ id }) => id !== 'missing-sign').map(({ id, xml }) => [id, xml] as const),
  ['nothing', ''],
  ['only space', ' \n'],
  ['JSON', '{"return_code":"SUCCESS"}'],
  ['a DOCTYPE', '<!DOCTYPE xml><xml><a>1</a></xml>'],
  ['an external DTD', '<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd"><xml><a>1</a></xml>'],
  ['a DOCTYPE inside', '<xml><!DOCTYPE a><a>1</a></xml>'],
  ['a field twice', '<xml><a>1</a><a>1</a></xml>'],
  ['an empty field twice', '<xml><a></a><a/></xml>'],
  ['a field within a field', '<xml><a><b>1</b></a></xml>'],
  ['an empty field within a field', '<xml><a><b/></a></xml>'],
  ['the root within itself', '<xml><xml><a>1</a></xml></xml>'],
  ['another root', '<root><a>1</a></root>'],
  ['the root in capitals', '<XML><a>1</a></XML>'],
  ['two roots', '<xml><a>1</a></xml><xml><b>1</b></xml>'],
  ['a mismatched closing tag', '<xml><a>1</b></xml>'],
  ['a closing tag that only begins alike', '<xml><a>1</ab></xml>'],
  ['a missing closing tag', '<xml><a>1</xml>'],
  ['an open root', '<xml><a>1</a>'],
  ['an extra closing tag', '<xml><a>1</a></a></xml>'],
  ['a closing tag after the end', '<xml><a>1</a></xml></xml>'],
  ['crossed tags', '<xml><a>1<b>2</a>3</b></xml>'],
  ['text before the root', 'x<xml><a>1</a></xml>'],
  ['text after the root', '<xml><a>1</a></xml>x'],
  ['text between fields', '<xml><a>1</a>x<b>2</b></xml>'],
  ['CDATA between fields', '<xml><![CDATA[x]]><a>1</a></xml>'],
  ['an attribute', '<xml><a type="int">1</a></xml>'],
  ['an attribute of the root', '<xml version="1"><a>1</a></xml>'],
  ['a namespace', '<xml><n:a>1</n:a></xml>'],
  ['a comment in a value', '<xml><a>1<!-- -->01</a></xml>'],
  ['a comment between fields', '<xml><!-- --><a>1</a></xml>'],
  ['a processing instruction', '<xml><?php 1 ?><a>1</a></xml>'],
  ['a declaration that is not first', '<xml><?xml version="1.0"?><a>1</a></xml>'],
  ['a declaration with an open quote', '<?xml version="1.0?><xml><a>1</a></xml>'],
  ['two declarations', `${DECLARATION}${DECLARATION}<xml><a>1</a></xml>`],
  ['a declaration after a comment', `<!-- -->${DECLARATION}<xml><a>1</a></xml>`],
  ['a declaration after the root', `<xml><a>1</a></xml>${DECLARATION}`],
  ['an empty declaration of the wrong kind', '<?xml?version="1.0"?><xml><a>1</a></xml>'],
  ['two byte order marks', '\uFEFF\uFEFF<xml><a>1</a></xml>'],
  ['a byte order mark after a space', ' \uFEFF<xml><a>1</a></xml>'],
  ['a comment that holds markup', '<!-- <xml><b>1</b></xml> --><xml><a>1</a></xml>'],
  ['a comment that ends early for some', '<!--> <xml><b>1</b></xml> <!-- --><xml><a>1</a></xml>'],
  ['a comment with -- in it', '<!-- a -- b --><xml><a>1</a></xml>'],
  ['an open comment', '<!-- <xml><a>1</a></xml>'],
  ['an instruction that holds markup', '<?a <xml><b>1</b></xml> ?><xml><a>1</a></xml>'],
  ['an open instruction', '<?a <xml><a>1</a></xml>'],
  ['a DOCTYPE after a comment', '<!-- --><!DOCTYPE xml><xml><a>1</a></xml>'],
  ['CDATA around the root', '<![CDATA[ ]]><xml><a>1</a></xml>'],
  ['an open CDATA', '<xml><a><![CDATA[1</a></xml>'],
  ['a CDATA that ends twice', '<xml><a><![CDATA[1]]>2]]></a></xml>'],
  ['an open tag', '<xml><a'],
  ['a lone &', '<xml><a>1 & 2</a></xml>'],
  ['an unknown entity', '<xml><a>&nbsp;</a></xml>'],
  ['an entity named like a method', '<xml><a>&toString;</a></xml>'],
  ['an entity without its end', '<xml><a>&amp</a></xml>'],
  ['a reference to nothing', '<xml><a>&#;</a></xml>'],
  ['a negative reference', '<xml><a>&#-1;</a></xml>'],
  ['a reference in octal dress', '<xml><a>&#o17;</a></xml>'],
  ['an unknown entity beside a good one', '<xml><a>&amp;&foo;</a></xml>'],
  ['a reference to NUL', '<xml><a>&#0;</a></xml>'],
  ['a reference to half a pair', '<xml><a>&#xD83D;&#xDE00;</a></xml>'],
  ['a reference beyond Unicode', '<xml><a>&#x110000;</a></xml>'],
  ['NUL', '<xml><a>1\u00000</a></xml>'],
  ['NUL in a name', '<xml><a\u0000>1</a\u0000></xml>'],
  ['a control character in CDATA', '<xml><a><![CDATA[\u001b[2J]]></a></xml>'],
  ['half a surrogate pair', '<xml><a>\ud83d</a></xml>'],
  ['a name that begins with a digit', '<xml><1a>1</1a></xml>'],
  ['a name that is not ASCII', '<xml><金额>1</金额></xml>'],
  ['__proto__', '<xml><__proto__>1</__proto__></xml>'],
  ['constructor', '<xml><constructor>1</constructor></xml>'],
  ['toString', '<xml><toString>1</toString></xml>'],
  ['an odd kind of space', '<xml>\u00a0<a>1</a></xml>'],
];

test.each(NOT_MESSAGES)('refuses %s, without quoting it', async (_what, xml) => {
  const { code, message } = await refusalOf(() => readXml(xml));
  expect(code).toBe('XML_REFUSED');
  expect(message).toMatch(/^Not a WeChat Pay message: [\w ,<>]+\.$/);
});

test.each([
  ['overlong', [0xc0, 0xbc]],
  ['cut off', [0xe4, 0xb8]],
  ['a surrogate', [0xed, 0xa0, 0xbd]],
  ['not UTF-8 at all', [0xff]],
])('refuses bytes that are %s', async (_what, bytes) => {
  const body = Buffer.concat([Buffer.from('<xml><a>'), Buffer.from(bytes), Buffer.from('</a></xml>')]);
  expect((await refusalOf(() => readXml(body))).code).toBe('XML_REFUSED');
});

test('32 kB are read and one byte more is refused, counted in bytes', async () => {
  const characters = Math.floor((XML_BYTES_MAX - Buffer.byteLength('<xml><a></a></xml>')) / 3);
  const xml = `<xml><a>${'中'.repeat(characters)}</a></xml>`;
  const full = xml + ' '.repeat(XML_BYTES_MAX - Buffer.byteLength(xml));
  expect(readXml(full).a).toHaveLength(characters);
  for (const body of [`${full} `, Buffer.from(`${full} `)]) {
    expect((await refusalOf(() => readXml(body))).message).toContain('larger than 32768 bytes');
  }
});

test('as many fields as are allowed are read, and one more is refused', async () => {
  const xml = (count: number) => `<xml>${Array.from({ length: count }, (_, i) => `<f${i}/>`).join('')}</xml>`;
  expect(Object.keys(readXml(xml(XML_FIELDS_MAX)))).toHaveLength(XML_FIELDS_MAX);
  expect((await refusalOf(() => readXml(xml(XML_FIELDS_MAX + 1)))).code).toBe('XML_REFUSED');
});

// An expression with nested repetition could be made to try every way of splitting these; that takes hours.
test.each([
  ['<xml>', ' ', ''],
  ['<xml>', '<a>', ''],
  ['<xml>', '<a>1</a>', ''],
  ['<xml>', '<a/>', '<'],
  ['<xml><', 'a', '></b></xml>'],
  ['<xml><a>', ']', '</b></xml>'],
  ['<xml><a>', '<![CDATA[]]>', '</b></xml>'],
  ['<xml><a>', ']<![CDATA[]a]]>', '</b></xml>'],
  ['<xml><a><![CDATA[', ']', ']></b></xml>'],
  ['<xml><a><![CDATA[', ']]', ''],
  ['<xml><a>', '&', '</a></xml>'],
  ['<xml><a>', '&#1', '</a></xml>'],
  ['<?xml', ' a="b"', ''],
  ['<?xml', ' \n', '?'],
  ['', '<!---->', ''],
  ['<!--', '-a', ''],
  ['', '<?a ?>', ''],
  ['<?a', ' b', ''],
  ['<xml/>', '<!-- -->', ''],
  ['<!DOCTYPE xml [', '<!ENTITY a "b">', ']><xml/>'],
])(
  '32 kB of %s then %s over and over are refused at once',
  async (start, unit, end) => {
    const room = XML_BYTES_MAX - start.length - end.length;
    const hostile = start + unit.repeat(Math.floor(room / unit.length)) + end;
    expect((await refusalOf(() => readXml(hostile))).code).toBe('XML_REFUSED');
  },
  1000,
);

test('whatever is written is read back unchanged', () => {
  fc.assert(
    fc.property(anyFields, (fields) => {
      expect({ ...readXml(Buffer.from(writeXml(fields))) }).toEqual({ ...fields });
    }),
  );
});

test.each([
  ['a control character', { a: '\u0007' }],
  ['a carriage return, which XML would turn into \\n', { a: 'a\rb' }],
  ['half a surrogate pair', { a: 'a\udc00' }],
  ['a name with markup', { 'a><b': '1' }],
  ['a name with a line break at its end', { 'a\n': '1' }],
  ['an empty name', { '': '1' }],
  ['the name of the root', { xml: '1' }],
])('does not write %s', async (_what, fields) => {
  expect((await refusalOf(() => writeXml(fields))).code).toBe('PARAMETER_REFUSED');
});

/** Reads, and lets a refusal pass: any other error fails the property. */
function readOrRefuse(body: Buffer | string): void {
  try {
    readXml(body);
  } catch (error) {
    if (!(error instanceof WeChatPayError && error.code === 'XML_REFUSED')) throw error;
  }
}

test('no bytes whatever make it fail in another way than by refusing', () => {
  const markup = fc.constantFrom(
    '<xml>',
    '</xml>',
    '<a>',
    '</a>',
    '<a/>',
    '<![CDATA[',
    ']]>',
    '<?',
    '?>',
    '<!',
    '&',
    ';',
    '#',
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readOrRefuse(Buffer.from(bytes))));
  fc.assert(
    fc.property(fc.array(fc.oneof(markup, fc.string({ unit: 'binary', maxLength: 5 }))), (parts) => {
      readOrRefuse(parts.join(''));
      readOrRefuse(`<xml><a>${parts.join('')}</a></xml>`);
    }),
    { numRuns: 500 },
  );
});
