import { Command, DatabaseRegExp, ServerDate } from './command.ts';

/** A condition in MongoDB's language. */
export type Filter = Readonly<Record<string, unknown>>;

const COMBINING = new Set(['$and', '$or', '$nor']);

/**
 * Writes what `where()` was given as a filter. An object inside it is a condition on each of its fields
 * (`{a: {b: 1}}` is `a.b = 1`), as the platform reads it.
 *
 * @param now the world's time, for `db.serverDate()`
 * @throws TypeError for an undefined value: on the platform such a condition silently vanishes, and the query finds
 * more than was meant
 */
export function toFilter(condition: unknown, now: () => number): Filter {
  if (condition instanceof Command) return combinedFilter(condition, now);
  if (!isPlainObject(condition)) throw new TypeError('where() takes an object of conditions');
  return merge(Object.entries(condition).flatMap(([field, value]) => fieldFilters(field, value, now)));
}

function combinedFilter({ operator, operands }: Command, now: () => number): Filter {
  if (!COMBINING.has(operator))
    throw new TypeError(`${operator} stands on no field: put it under the field's name`);
  return { [operator]: operands.map((operand) => toFilter(operand, now)) };
}

function fieldFilters(field: string, value: unknown, now: () => number): Filter[] {
  if (value === undefined) throw new TypeError(`the condition on ${field} is undefined`);
  if (value instanceof Command) return [commandFilter(field, value, now)];
  if (isPlainObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([name, inner]) => fieldFilters(`${field}.${name}`, inner, now));
  }
  return [{ [field]: toValue(value, now) }];
}

function commandFilter(field: string, { operator, operands }: Command, now: () => number): Filter {
  if (COMBINING.has(operator)) {
    return { [operator]: operands.map((operand) => merge(fieldFilters(field, operand, now))) };
  }
  const [operand] = operands;
  if (operand === undefined) throw new TypeError(`the operand of ${operator} on ${field} is undefined`);
  if (operator === '$not' && operand instanceof Command) {
    return { [field]: { $not: { [operand.operator]: toValue(operand.operands[0], now) } } };
  }
  if (operator === '$elemMatch' && isPlainObject(operand))
    return { [field]: { $elemMatch: toFilter(operand, now) } };
  return { [field]: { [operator]: toValue(operand, now) } };
}

/** One object where every field occurs once, `$and` where they would overwrite one another. */
function merge(filters: readonly Filter[]): Filter {
  const fields = filters.flatMap(Object.keys);
  return new Set(fields).size === fields.length ? Object.assign({}, ...filters) : { $and: filters };
}

function toValue(value: unknown, now: () => number): unknown {
  if (value instanceof DatabaseRegExp) return { $regex: value.regexp, $options: value.options };
  if (value instanceof RegExp) return { $regex: value.source, $options: value.flags };
  if (value instanceof ServerDate) return new Date(now() + value.offset);
  if (Array.isArray(value)) return value.map((item) => toValue(item, now));
  return value;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
