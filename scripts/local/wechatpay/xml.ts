/** The fields of a message in their order. Without a prototype, so that no name in it can mean more. */
export type Message = Record<string, string>;

/** A text that is not a message: one flat level of fields inside `<xml>`. It says where it breaks off. */
export class XmlFormatError extends Error {
  override readonly name = 'XmlFormatError';
}

/**
 * Reads a message, strictly and by hand: this side must not share a reader with the functions it answers, or a
 * mistake in it would be made twice and noticed never. Values stay text, white space and all, except that line ends
 * become LF, as XML demands: a CR that was signed does not verify.
 */
export function readXml(text: string): Message {
  const cursor = new Cursor(text.replaceAll(/\r\n?/g, '\n'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones XML forbids.
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(text)) cursor.fail('a control character');
  const message: Message = Object.create(null);
  cursor.match(/\uFEFF?\s*(?:<\?xml\b[^<>]*\?>)?\s*/y);
  cursor.skip('<xml>');
  for (cursor.match(/\s*/y); !cursor.has('</xml>'); cursor.match(/\s*/y)) {
    const [, name, empty] = cursor.match(/<([A-Za-z_][\w.-]*)\s*(\/?)>/y) ?? [];
    if (name === undefined) return cursor.fail('no field');
    if (name in message) cursor.fail(`${name} twice,`);
    message[name] = empty ? '' : readValue(cursor);
    if (!empty) cursor.skip(`</${name}>`);
  }
  cursor.skip('</xml>');
  cursor.match(/\s*/y);
  return cursor.isAtEnd ? message : cursor.fail('more after </xml>');
}

/** Writes a message the way WeChat Pay does: a line a field, text in CDATA, amounts bare. */
export function writeXml(message: Readonly<Message>): string {
  const fields = Object.entries(message).map(([name, value]) => `<${name}>${written(name, value)}</${name}>`);
  return `<xml>${fields.join('\n')}\n</xml>`;
}

function written(name: string, value: string): string {
  if (/_fee$/.test(name) && /^\d+$/.test(value)) return value;
  return `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** A place in a text, which moves forward over what is recognised. */
class Cursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  fail(why: string): never {
    throw new XmlFormatError(`${why} at character ${this.#at}`);
  }

  has(token: string): boolean {
    return this.#text.startsWith(token, this.#at);
  }

  skip(token: string): void {
    if (!this.has(token)) this.fail(`no ${token}`);
    this.#at += token.length;
  }

  /** @param pattern sticky */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  /** What comes before the next `token`; moves behind it. */
  until(token: string): string {
    const end = this.#text.indexOf(token, this.#at);
    if (end < 0) this.fail(`no ${token}`);
    const before = this.#text.slice(this.#at, end);
    this.#at = end + token.length;
    return before;
  }
}

function readValue(cursor: Cursor): string {
  let value = '';
  while (!cursor.has('</')) {
    if (cursor.has('<![CDATA[')) {
      cursor.skip('<![CDATA[');
      value += cursor.until(']]>');
    } else {
      const [text] = cursor.match(/[^<]+/y) ?? [];
      value += text === undefined ? cursor.fail('neither text nor CDATA') : decode(text, cursor);
    }
  }
  return value;
}

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decode(text: string, cursor: Cursor): string {
  return text.replaceAll(/&([^;]*)(;?)/g, (entity, name: string, end: string) => {
    const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name) ?? [];
    const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
    const decoded = isCharacter(point) ? String.fromCodePoint(point) : ENTITIES.get(name);
    return decoded === undefined || !end ? cursor.fail(`the entity ${entity}`) : decoded;
  });
}

/** What XML 1.0 calls a character: no controls, no halves of surrogate pairs. */
function isCharacter(point: number): boolean {
  if (point < 0x20) return point === 0x9 || point === 0xa || point === 0xd;
  return point <= 0xd7ff || (point >= 0xe000 && point <= 0xfffd) || (point >= 0x10000 && point <= 0x10ffff);
}
