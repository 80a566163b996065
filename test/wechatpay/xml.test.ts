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
import { MESSAGES, NOT_MESSAGES } from './messages.ts';
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

test.each(MESSAGES)('reads %s', (_what, xml, fields) => {
  expect(readXml(xml)).toEqual(fields);
  expect(readXml(Buffer.from(xml))).toEqual(fields);
});

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
