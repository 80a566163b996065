import { notProvided, parameterInvalid } from '../errors.ts';
import { NESTING_MAX } from './limits.ts';
import { type Document, isDocument, isList, type Value } from './value.ts';

const GEO_TYPES = ['Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon'];

/** JavaScript's spelling of the options that MongoDB knows; those of JavaScript alone change no match and are left out. */
const REGEXP_OPTIONS = /[ims]/g;

/**
 * Reads MongoDB Extended JSON, canonical or relaxed, as the SDK writes it.
 * @param now what `db.serverDate()` stands for
 * @throws CloudError INVALID_PARAM for what is no Extended JSON, LOCAL_CLOUD_NOT_PROVIDED for a type we do not keep
 */
export function parseExtendedJson(text: string, now: Date): Value {
  let json: Value;
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
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : `{"$numberDouble":"${value}"}`;
  if (value instanceof Date) return `{"$date":${value.getTime()}}`;
  if (value instanceof RegExp)
    return JSON.stringify({ $regularExpression: { pattern: value.source, options: value.flags } });
  if (isList(value)) return `[${value.map(stringifyExtendedJson).join()}]`;
  return isDocument(value) ? writeFields(value) : String(value);
}

/** Piece by piece: a copy of the document for JSON.stringify would cost more than its text. */
function writeFields(document: Document): string {
  let fields = '';
  for (const name of Object.keys(document)) {
    const held = document[name];
    if (held === undefined) continue;
    fields += `${fields === '' ? '' : ','}${written(name)}${stringifyExtendedJson(held)}`;
  }
  return `{${fields}}`;
}

const NAMES_MAX = 1000;
const names = new Map<string, string>();

/** The names of fields are few, and come again in every document. */
function written(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  const text = `${JSON.stringify(name)}:`;
  if (names.size < NAMES_MAX) names.set(name, text);
  return text;
}

/** In its place: what JSON.parse has made belongs to nobody else, and mostly it is as it shall be. */
function decode(json: Value, now: Date, depth: number): Value {
  if (depth > NESTING_MAX) throw parameterInvalid(`Nested deeper than ${NESTING_MAX} levels`);
  if (isMadeList(json)) {
    for (const [at, item] of json.entries()) json[at] = decode(item, now, depth + 1);
    return json;
  }
  if (!isDocument(json)) return json;
  const made: Record<string, Value> = json;
  const fields = Object.keys(json);
  const [first] = fields;
  if (first !== undefined && fields.length === 1) {
    const special = decodeSpecial(first, json[first], now);
    if (special !== undefined) return special;
  }
  refuseGeoType(json);
  for (const field of fields) {
    const held = json[field];
    if (held !== undefined) made[field] = decode(held, now, depth + 1);
  }
  return json;
}

function isMadeList(json: Value): json is Value[] {
  return Array.isArray(json);
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
