import { isUtf8 } from 'node:buffer';
import { XMLParser } from 'fast-xml-parser';
import { WeChatPayError } from './errors.ts';

/** The fields of a WeChat Pay message, by name. Those that were read have no prototype: no name is special. */
export type Fields = Record<string, string>;

/** WeChat's messages are about 1 kB. Nothing larger than this is looked at. */
export const XML_BYTES_MAX = 32 * 1024;

/** WeChat's messages have about 20 fields, and 3 more for each coupon. */
export const XML_FIELDS_MAX = 500;

/**
 * Reads a WeChat Pay message: one `<xml>` with flat fields of text or CDATA. What XML allows around it says nothing and
 * is passed over: a byte order mark, white space, a declaration, comments, processing instructions. Every value stays the text it was (an id
 * of 28 digits is no number), except that a line break is always `\n`, as XML wants it.
 *
 * Strict on purpose, since whoever knows our address can send us one. Two parsers that read one message differently
 * are what forgeries are made of, so whatever could be read in two ways is refused.
 * @param root what a refund's notice holds in its encrypted part is in a `<root>`
 * @throws WeChatPayError XML_REFUSED; its message never quotes what was sent.
 */
export function readXml(body: Buffer | string, root: Root = 'xml'): Fields {
  const text = textOf(body);
  if (isForbidden(text)) throw refused('it holds a control character or half a surrogate pair');
  const [, element] = shapeOf(root).exec(text) ?? [];
  if (element === undefined)
    throw refused(`it is not one <${root}> element with flat fields of text or CDATA`);
  // Only the root: the parser takes a declaration that is not at the very beginning for a field.
  return readFields(element, root);
}

/**
 * Writes a message for WeChat Pay: every value as CDATA, in the order given. `readXml` reads back what was written.
 * @throws WeChatPayError PARAMETER_REFUSED for a value that XML cannot carry unchanged.
 */
export function writeXml(fields: Readonly<Record<string, string>>): string {
  let xml = '<xml>';
  for (const name in fields) {
    if (!NAME.test(name)) {
      throw new WeChatPayError(
        'PARAMETER_REFUSED',
        'a field name needs letters, digits and _, and cannot be xml',
      );
    }
    const value = fields[name] ?? '';
    xml += `<${name}><![CDATA[${value.includes(']]>') ? value.replaceAll(']]>', CDATA_SPLIT) : value}]]></${name}>`;
  }
  xml += '</xml>';
  // One look at all of it; which field it was is only looked for where there is one.
  if (unwritable(xml)) throw unwritableField(fields);
  return xml;
}

function unwritableField(fields: Readonly<Record<string, string>>): WeChatPayError {
  const [name, value = ''] = Object.entries(fields).find(([, each]) => unwritable(each)) ?? ['a value'];
  return new WeChatPayError('PARAMETER_REFUSED', `${name} ${unwritable(value)}.`);
}

/** What keeps a value out of a message, to follow its field's name; undefined where XML carries it unchanged. */
export function unwritable(value: string): string | undefined {
  if (!isForbidden(value) && !value.includes('\r')) return undefined;
  return 'holds a control character or half a surrogate pair, which XML cannot carry';
}

/** A CDATA section cannot hold its own end: it ends after `]]`, and the next one begins with `>`. */
const CDATA_SPLIT = ']]]]><![CDATA[>';

/** What no value may hold, written out or as a numeric reference: characters that XML, or a log line, cannot bear. */
const FORBIDDEN = /[^\t\n\r\x20-\x7E\xA0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
/** The same and any surrogate, without telling halves from pairs, which takes three times as long. */
const SUSPECT = /[^\t\n\r\x20-\x7E\xA0-\uD7FF\uE000-\uFFFD]/;

function isForbidden(text: string): boolean {
  return SUSPECT.test(text) && FORBIDDEN.test(text);
}

// The grammar of a message. Each piece ends at a character that the piece before it cannot contain, so there is one
// way to match a text and the time is linear in its length. A text may not hold `]]>`, as XML has it, nor refer to any
// entity but XML's own five.
const SPACE = String.raw`[ \t\r\n]*`;
const DECLARATION = String.raw`<\?xml(?:[ \t\r\n]+[a-z]+=(?:"[\w.-]*"|'[\w.-]*'))*${SPACE}\?>`;
const COMMENT = '<!--[^<>-]*(?:-(?!-)[^<>-]*)*-->';
const INSTRUCTION = String.raw`<\?(?!xml[ \t\r\n?])[A-Za-z][\w-]*(?:[ \t\r\n][^<>?]*)?\?>`;
const AROUND = `${SPACE}(?:(?:${COMMENT}|${INSTRUCTION})${SPACE})*`;
const fieldName = (root: string) => String.raw`(?!(?:xml|${root})\b)[A-Za-z]\w*`;
const REFERENCE = String.raw`&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});`;
const TEXT = String.raw`[^<\]&]*(?:(?:\](?!\]>)|${REFERENCE})[^<\]&]*)*`;
const CDATA = String.raw`<!\[CDATA\[[^\]]*(?:\](?!\]>)[^\]]*)*\]\]>`;
const field = (root: string) =>
  String.raw`<(?<name>${fieldName(root)})${SPACE}(?:/>|>${TEXT}(?:${CDATA}${TEXT})*</\k<name>${SPACE}>)`;
const NAME = new RegExp(`^${fieldName('xml')}$`);
const shape = (root: string) =>
  new RegExp(
    String.raw`^\uFEFF?${SPACE}(?:${DECLARATION})?${AROUND}(<${root}${SPACE}>${SPACE}(?:${field(root)}${SPACE}){0,${XML_FIELDS_MAX}}</${root}${SPACE}>)${AROUND}$`,
  );

type Root = 'xml' | 'root';
/** Made when the first message of its kind comes. */
const SHAPES = new Map<Root, RegExp>();

function shapeOf(root: Root): RegExp {
  const made = SHAPES.get(root) ?? shape(root);
  SHAPES.set(root, made);
  return made;
}

/**
 * Uses fast-xml-parser as a reader of events: `updateTag` receives every element and keeps it out of the tree that
 * would be built otherwise, `tagValueProcessor` receives every run of text or CDATA. That is twice as fast as the
 * tree, and shows a field that comes twice. A field ends where the next begins, since none is in another. One parser serves every message: it reads one from its beginning to its end
 * before it gives anybody else a turn.
 */
function readFields(text: string, root: string): Fields {
  const fields: Fields = Object.create(null);
  message = { root, fields, name: '', value: '' };
  try {
    parser.parse(text);
    keepField(message);
  } catch (error) {
    if (error instanceof WeChatPayError) throw error;
    throw refused('its names or its markup are refused'); // The parser's own message would quote the input.
  }
  return fields;
}

/** The parser's own decoder leaves numeric references as they are, and is created for every message. */
const entityDecoder = {
  decode: (text: string) => (text.includes('&') ? text.replace(/&([^;]+);/g, decodeReference) : text),
  addInputEntities: () => {
    throw refused('it has a DOCTYPE');
  },
  setExternalEntities: () => {},
  setXmlVersion: () => {},
  reset: () => {},
};

/** The one that is being read. */
let message: { readonly root: string; readonly fields: Fields; name: string; value: string };

/** Names come from the parser as texts that no object has seen yet: looking one up twice costs as much as reading it. */
function keepField({ fields, name, value }: typeof message): void {
  if (name === '') return;
  if (fields[name] !== undefined) throw refused('a field comes twice');
  fields[name] = value;
}

const parser = new XMLParser({
  preserveOrder: true, // otherwise the tree is folded into objects, and we want neither
  jPath: false,
  trimValues: false,
  entityDecoder,
  onDangerousProperty: () => {
    throw refused('a field has the name of an object method');
  },
  updateTag(name) {
    if (name === message.root) return false;
    keepField(message);
    message.name = name;
    message.value = '';
    return false;
  },
  tagValueProcessor(name, value) {
    if (name !== message.root) message.value += value;
    return ''; // nothing to put into the tree, and nothing to look at for numbers
  },
});

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decodeReference(_reference: string, name: string): string {
  const entity = ENTITIES.get(name);
  if (entity !== undefined) return entity;
  const code = Number(name.replace('#', '0')); // #20013 and #x4e2d, as JavaScript spells numbers: 020013, 0x4e2d
  const character = code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  if (character === undefined || FORBIDDEN.test(character)) {
    throw refused('it refers to a character that may not be in it');
  }
  return character;
}

function textOf(body: Buffer | string): string {
  if (Buffer.byteLength(body) > XML_BYTES_MAX) throw refused(`it is larger than ${XML_BYTES_MAX} bytes`);
  if (typeof body === 'string') return body;
  if (!isUtf8(body)) throw refused('it is not UTF-8');
  return body.toString('utf8');
}

function refused(reason: string): WeChatPayError {
  return new WeChatPayError('XML_REFUSED', `Not a WeChat Pay message: ${reason}.`);
}
