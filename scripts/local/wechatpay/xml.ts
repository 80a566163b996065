/** The fields of a message in the order they stand in. Without a prototype, so that no name in it can mean more. */
export type Message = Record<string, string>;

/** A text that is not a message: one flat level of fields inside `<xml>`. The message says where it breaks off. */
export class XmlFormatError extends Error {
  override readonly name = 'XmlFormatError';
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads a message, strictly and by hand: this side must not share a reader with the functions it answers, or a
 * mistake in it would be made twice and noticed never. Values stay text, white space and all.
 */
export function readXml(text: string): Message {
  const message: Message = Object.create(null);
  let at = 0;

  const fail = (why: string): never => {
    throw new XmlFormatError(`${why} at character ${at}`);
  };
  const has = (token: string) => text.startsWith(token, at);
  const skip = (token: string) => {
    if (!has(token)) fail(`${token} expected`);
    at += token.length;
  };
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const until = (token: string): string => {
    const end = text.indexOf(token, at);
    if (end < 0) fail(`${token} missing`);
    const before = text.slice(at, end);
    at = end + token.length;
    return before;
  };
  const value = (): string => {
    let read = '';
    while (!has('</')) {
      if (has('<![CDATA[')) {
        skip('<![CDATA[');
        read += until(']]>');
      } else {
        read += decode(match(/[^<]+/y)?.[0] ?? fail('neither text nor CDATA'), fail);
      }
    }
    return read;
  };

  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones XML forbids.
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(text)) fail('a control character');
  match(/\uFEFF?\s*(?:<\?xml\b[^<>]*\?>)?\s*/y);
  skip('<xml>');
  for (match(/\s*/y); !has('</xml>'); match(/\s*/y)) {
    const [, name = fail('a field expected'), empty] = match(/<([A-Za-z_][\w.-]*)\s*(\/?)>/y) ?? [];
    if (name in message) fail(`${name} twice,`);
    message[name] = empty ? '' : value();
    if (!empty) skip(`</${name}>`);
  }
  skip('</xml>');
  match(/\s*/y);
  if (at < text.length) fail('more after </xml>');
  return message;
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

function decode(text: string, fail: (why: string) => never): string {
  return text.replaceAll(/&([^;]*);?/g, (entity, name: string) => {
    const code = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
    const point = code ? (code[1] ? Number.parseInt(code[1], 16) : Number(code[2])) : Number.NaN;
    if (point > 0 && point <= 0x10ffff && entity.endsWith(';')) return String.fromCodePoint(point);
    return (
      (entity.endsWith(';') && Object.hasOwn(ENTITIES, name) && ENTITIES[name]) ||
      fail(`the entity ${entity}`)
    );
  });
}
