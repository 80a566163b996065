import { Command, DatabaseRegExp, ServerDate } from './command.ts';
import { toFilter } from './filter.ts';

type Fields = Record<string, unknown>;

/**
 * Writes what `add()` and `set()` were given as a document, as the platform's SDK sends it.
 * @throws TypeError for an update operator, which has no document to change
 */
export function toDocument(data: unknown): Fields {
  if (!isPlainObject(data)) throw new TypeError('data is an object');
  return Object.fromEntries(kept(data).map(([field, value]) => [field, toValue(value, field)]));
}

/**
 * Writes what `update()` was given with MongoDB's operators. An object inside it changes each of its fields
 * (`{a: {b: 1}}` sets `a.b`), as the platform reads it; `_.set(…)` replaces it.
 */
export function toUpdate(data: unknown, now: () => number): Fields {
  if (!isPlainObject(data)) throw new TypeError('data is an object');
  const update: Record<string, Fields> = {};
  const put = (operator: string, path: string, operand: unknown) => {
    update[operator] = { ...update[operator], [path]: operand };
  };
  const walk = (fields: Readonly<Fields>, prefix: string) => {
    for (const [field, value] of kept(fields)) {
      const path = prefix + field;
      if (value instanceof Command) put(...operation(value, path, now));
      else if (isPlainObject(value) && Object.keys(value).length > 0) walk(value, `${path}.`);
      else put('$set', path, toValue(value, path));
    }
  };
  walk(data, '');
  return update;
}

/** The operator of MongoDB, the field and the operand. */
function operation(
  { operator, operands }: Command,
  path: string,
  now: () => number,
): [operator: string, path: string, operand: unknown] {
  const [operand] = operands;
  switch (operator) {
    case '$unset':
      return [operator, path, ''];
    case '$pop':
      return [operator, path, operand];
    case '$push':
      return [operator, path, eachOf(operands, path)];
    case '$unshift':
      return ['$push', path, { ...eachOf(operands, path), $position: 0 }];
    case '$addToSet':
      return [operator, path, isEach(operand) ? eachOf(operands, path) : toValue(operand, path)];
    case '$pull':
      return [operator, path, pulled(operand, path, now)];
    case '$set':
    case '$inc':
    case '$mul':
    case '$min':
    case '$max':
    case '$rename':
    case '$pullAll':
      return [operator, path, toValue(operand, path)];
    default:
      throw new TypeError(`${operator} on ${path} changes nothing: it is for queries`);
  }
}

/** `_.push(a, b)`, `_.push([a, b])` and `_.push({ each: [a, b], position, sort, slice })`. */
function eachOf(operands: readonly unknown[], path: string): Fields {
  const [first] = operands;
  if (!isEach(first)) return { $each: operands.flat().map((item) => toValue(item, path)) };
  return Object.fromEntries(kept(first).map(([modifier, value]) => [`$${modifier}`, toValue(value, path)]));
}

function isEach(operand: unknown): operand is Readonly<Fields> {
  return isPlainObject(operand) && Array.isArray(operand.each);
}

function pulled(operand: unknown, path: string, now: () => number): unknown {
  if (operand instanceof Command) return toFilter({ [path]: operand }, now)[path];
  return isPlainObject(operand) ? toFilter(operand, now) : toValue(operand, path);
}

function toValue(value: unknown, path: string): unknown {
  if (value instanceof Command) throw new TypeError(`${path}: an operator stands where a value is stored`);
  if (value instanceof ServerDate) return { $tcb_server_date: { offset: value.offset } };
  if (value instanceof DatabaseRegExp) return new RegExp(value.regexp, value.options);
  if (Array.isArray(value)) return value.map((item) => toValue(item, path));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(kept(value).map(([field, held]) => [field, toValue(held, `${path}.${field}`)]));
}

/** JSON has no undefined: such a field is not written. */
function kept(fields: Readonly<Fields>): [field: string, value: unknown][] {
  return Object.entries(fields).filter(([, value]) => value !== undefined);
}

function isPlainObject(value: unknown): value is Readonly<Fields> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
