/**
 * The little protobuf that cloud.openapi speaks: CommApiData {2: {1: {1: key, 2: value}}} there,
 * CommOpenApiResp {1: body, 2: content type} back. Both are read off wx-server-sdk's own encoder.
 */
const OPENAPI_DATA = 2;
const PAIRS = 1;
const KEY = 1;
const VALUE = 2;
const BODY = 1;
const CONTENT_TYPE = 2;
const LENGTH_DELIMITED = 2;

/** What a function passed to cloud.openapi: every value is JSON of its own, or bytes where it is none. */
export function decodeRequest(data: Uint8Array): Record<string, unknown> {
  const request: Record<string, unknown> = {};
  for (const pair of fields(data, OPENAPI_DATA).flatMap((inner) => fields(inner, PAIRS))) {
    const [key] = fields(pair, KEY);
    const [value] = fields(pair, VALUE);
    if (key) request[text(key)] = value ? jsonOrText(text(value)) : undefined;
  }
  return request;
}

/** An answer with a JSON body, as wx-server-sdk reads it. */
export function encodeReply(json: string): Buffer {
  return Buffer.concat([
    field(BODY, Buffer.from(json)),
    field(CONTENT_TYPE, Buffer.from('application/json')),
  ]);
}

/** The contents of every length-delimited field with this number. What cannot be read ends the reading. */
function fields(data: Uint8Array, wanted: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; at < data.length; shift += 7) {
      const byte = data[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < data.length) {
    const tag = varint();
    const length = varint();
    if ((tag & 7) !== LENGTH_DELIMITED) continue; // A number: `length` was its value.
    if (tag >> 3 === wanted) found.push(data.subarray(at, at + length));
    at += length;
  }
  return found;
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([(number << 3) | LENGTH_DELIMITED, ...varintOf(content.length)]),
    content,
  ]);
}

function varintOf(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varintOf(Math.floor(value / 0x80))];
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
