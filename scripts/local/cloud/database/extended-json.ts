import { notProvided, parameterInvalid } from '../errors.ts';
import { NESTING_MAX } from './limits.ts';
import { type Document, documentOf, isDocument, type Value } from './value.ts';

const GEO_TYPES = ['Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon'];

/** JavaScript's spelling of the options that MongoDB knows; those of JavaScript alone change no match and are left out. */
const REGEXP_OPTIONS = /[ims]/g;

/**
 * Reads MongoDB Extended JSON, canonical or relaxed, as the SDK writes it.
 * @param now what `db.serverDate()` stands for
 * @throws CloudError INVALID_PARAM for what is no Extended JSON, LOCAL_CLOUD_NOT_PROVIDED for a type we do not keep
 */
export function parseExtendedJson(text: string, now: Date): Value {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw parameterInvalid(`Not Extended JSON: ${error instanceof Error ? error.message : error}`);
  }
  return decode(json, now, 0);
}

/** As `parseExtendedJson`, for what must be a document: a filter, an update, a document itself. */
export function parseDocument(text: string, now: Date): Document {
  const value = parseExtendedJson(text, now);
  if (!isDocument(value)) throw parameterInvalid('Expected a document in Extended JSON');
  return value;
}

/** Writes relaxed Extended JSON: plain numbers, `$date` in milliseconds. The SDK and `parseExtendedJson` read it. */
export function stringifyExtendedJson(value: Value): string {
  return JSON.stringify(encode(value));
}

function decode(json: unknown, now: Date, depth: number): Value {
  if (depth > NESTING_MAX) throw parameterInvalid(`Nested deeper than ${NESTING_MAX} levels`);
  if (json === null || typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') {
    return json;
  }
  if (Array.isArray(json)) return json.map((item) => decode(item, now, depth + 1));
  if (typeof json !== 'object') throw parameterInvalid(`Not Extended JSON: a ${typeof json}`);
  const fields = Object.entries(json);
  const [first] = fields;
  if (first && fields.length === 1) {
    const special = decodeSpecial(first[0], first[1], now);
    if (special !== undefined) return special;
  }
  refuseGeoType(json);
  return documentOf(fields.map(([field, held]) => [field, decode(held, now, depth + 1)]));
}

/** The one-field objects that stand for a value; undefined for an ordinary object. */
function decodeSpecial(key: string, held: unknown, now: Date): Value | undefined {
  switch (key) {
    case '$numberInt':
    case '$numberLong':
    case '$numberDouble':
      return Number(held);
    case '$date':
      return decodeDate(held);
    case '$regularExpression':
      return decodeRegExp(held);
    case '$tcb_server_date':
      return new Date(now.getTime() + offsetOf(held));
    case '$oid':
    case '$numberDecimal':
    case '$binary':
    case '$timestamp':
    case '$minKey':
    case '$maxKey':
    case '$symbol':
    case '$code':
      throw notProvided(`values of the Extended JSON type ${key}`);
    default:
      return undefined;
  }
}

function decodeDate(held: unknown): Date {
  const milliseconds = typeof held === 'object' && held !== null ? Number(Object.values(held)[0]) : held;
  const date = new Date(typeof milliseconds === 'string' ? milliseconds : Number(milliseconds));
  if (Number.isNaN(date.getTime())) throw parameterInvalid(`Not a date: ${JSON.stringify(held)}`);
  return date;
}

function decodeRegExp(held: unknown): RegExp {
  const { pattern = '', options = '' } = Object(held);
  return regExp(String(pattern), String(options));
}

/** @throws CloudError when JavaScript cannot read the pattern; MongoDB's PCRE knows more. */
export function regExp(pattern: string, options: string): RegExp {
  if (options.includes('x')) throw notProvided('the regular expression option x');
  try {
    return new RegExp(pattern, [...new Set(options.match(REGEXP_OPTIONS) ?? [])].join(''));
  } catch (error) {
    throw parameterInvalid(
      `Regular expression is invalid: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function offsetOf(held: unknown): number {
  const { offset = 0 } = Object(held);
  const milliseconds = Number(
    typeof offset === 'object' && offset !== null ? Object.values(offset)[0] : offset,
  );
  if (!Number.isFinite(milliseconds))
    throw parameterInvalid('serverDate: offset must be a number of milliseconds');
  return milliseconds;
}

/** CloudBase keeps GeoJSON as values of their own, with indexes of their own; kept as plain documents they would lie. */
function refuseGeoType(json: object): void {
  const { type, coordinates } = Object(json);
  if (typeof type === 'string' && GEO_TYPES.includes(type) && Array.isArray(coordinates)) {
    throw notProvided(`the geo type ${type}`);
  }
}

function encode(value: Value): unknown {
  if (value instanceof Date) return { $date: { $numberLong: String(value.getTime()) } };
  if (value instanceof RegExp) return { $regularExpression: { pattern: value.source, options: value.flags } };
  if (Array.isArray(value)) return value.map(encode);
  if (isDocument(value))
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, encode(held)]));
  if (typeof value === 'number' && !Number.isFinite(value)) return { $numberDouble: String(value) };
  return value;
}
