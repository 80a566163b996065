import { writeRefused } from '../errors.ts';
import { compareValues } from './order.ts';
import { addToSet, pop, pull, pullAll, push } from './update-arrays.ts';
import { editAt, readAt } from './update-place.ts';
import { areEqual, type Document, isDocument, isList, show, typeName, type Value } from './value.ts';

/** One operator on one field. `path` holds no positional parts any more. */
export type Change = (
  document: Document,
  at: { readonly path: string; readonly argument: Value; readonly now: Date },
) => Document;

/** What is written in place of a field's value; `held` is undefined where there is no field. */
type NewValue = (
  held: Value | undefined,
  at: { readonly path: string; readonly argument: Value; readonly now: Date; readonly document: Document },
) => Value | undefined;

/** Every update operator of MongoDB by its name. */
export const updateOperators: Readonly<Record<string, Change>> = {
  $set: creating((_, { argument }) => argument),
  $setOnInsert: (document) => document,
  $unset: existing(() => undefined),
  $inc: creating((held, at) =>
    arithmetic(held, at, { name: '$inc', verb: 'increment', of: (a, b) => a + b }),
  ),
  $mul: creating((held, at) => arithmetic(held, at, { name: '$mul', verb: 'multiply', of: (a, b) => a * b })),
  $min: creating((held, { argument }) =>
    held === undefined || compareValues(argument, held) < 0 ? argument : held,
  ),
  $max: creating((held, { argument }) =>
    held === undefined || compareValues(argument, held) > 0 ? argument : held,
  ),
  $bit: creating(bitwise),
  $currentDate: creating((_, { path, argument, now }) => currentDate(path, argument, now)),
  $rename: rename,
  $push: creating((held, { path, argument, document }) => push(held, argument, { path, document })),
  $addToSet: creating((held, { path, argument }) => addToSet(held, argument, path)),
  $pull: existing((held, { argument }) => pull(held, argument)),
  $pullAll: existing((held, { argument }) => pullAll(held, argument)),
  $pop: existing((held, { path, argument }) => pop(held, argument, path)),
};

function creating(newValue: NewValue): Change {
  return (document, at) =>
    editAt(document, at.path, (held) => newValue(held, { ...at, document }), { create: true });
}

/** Leaves a field alone that is not there. */
function existing(newValue: NewValue): Change {
  return (document, at) =>
    editAt(
      document,
      at.path,
      (held) => {
        const value = newValue(held, { ...at, document });
        return held === undefined ? undefined : value;
      },
      { create: false },
    );
}

function arithmetic(
  held: Value | undefined,
  { path, argument, document }: { path: string; argument: Value; document: Document },
  { name, verb, of }: { name: string; verb: string; of: (a: number, b: number) => number },
): number {
  if (typeof argument !== 'number') {
    throw writeRefused(`Cannot ${verb} with non-numeric argument: {${path}: ${show(argument)}}`);
  }
  if (held !== undefined && typeof held !== 'number') {
    throw writeRefused(
      `Cannot apply ${name} to a value of non-numeric type. {_id: ${show(document._id)}} has the field '${leafName(path)}' of non-numeric type ${typeName(held)}`,
    );
  }
  return held === undefined ? of(0, argument) : of(held, argument);
}

/** MongoDB counts in 64 bits here, so we do too. */
function bitwise(
  held: Value | undefined,
  { path, argument, document }: { path: string; argument: Value; document: Document },
): number {
  if (!isDocument(argument)) {
    throw writeRefused(
      `The $bit modifier is not compatible with a ${typeName(argument)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    );
  }
  if (held !== undefined && (typeof held !== 'number' || !Number.isInteger(held))) {
    throw writeRefused(
      `Cannot apply $bit to a value of non-integral type._id: ${show(document._id)} has the field ${leafName(path)} of non-integer type ${typeName(held)}`,
    );
  }
  if (Object.keys(argument).length === 0) {
    throw writeRefused(
      `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`,
    );
  }
  let bits = BigInt(held ?? 0);
  for (const [operation, operand] of Object.entries(argument)) bits = applyBits(bits, operation, operand);
  return Number(BigInt.asIntN(64, bits));
}

function applyBits(bits: bigint, operation: string, operand: Value): bigint {
  if (!['and', 'or', 'xor'].includes(operation)) {
    throw writeRefused(
      `The $bit modifier only supports 'and', 'or', and 'xor', not '${operation}' which is an unknown operator: {${operation}: ${show(operand)}}`,
    );
  }
  if (typeof operand !== 'number' || !Number.isInteger(operand)) {
    throw writeRefused(
      `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(operand)}' is not supported here: {${operation}: ${show(operand)}}`,
    );
  }
  if (operation === 'and') return bits & BigInt(operand);
  return operation === 'or' ? bits | BigInt(operand) : bits ^ BigInt(operand);
}

function currentDate(path: string, argument: Value, now: Date): Date {
  if (typeof argument === 'boolean') return now;
  if (!isDocument(argument)) {
    throw writeRefused(
      `${typeName(argument)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  }
  if (argument.$type !== 'date') {
    throw writeRefused(
      `The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {${path}: {$type: 'date'}}}`,
    );
  }
  return now;
}

function rename(document: Document, { path, argument }: { path: string; argument: Value }): Document {
  if (typeof argument !== 'string') {
    throw writeRefused(`The 'to' field for $rename must be a string: ${path}: ${show(argument)}`);
  }
  if (areEqual(path, argument)) {
    throw writeRefused(`The source and target field for $rename must differ: ${path}: ${show(argument)}`);
  }
  refuseArrayOnTheWay(document, path, 'source');
  refuseArrayOnTheWay(document, argument, 'destination');
  const value = readAt(document, path);
  if (value === undefined) return document;
  const without = editAt(document, path, () => undefined, { create: false });
  return editAt(without, argument, () => value, { create: true });
}

function refuseArrayOnTheWay(document: Document, path: string, which: 'source' | 'destination'): void {
  const parts = path.split('.');
  for (let length = 1; length < parts.length; length++) {
    if (isList(readAt(document, parts.slice(0, length).join('.')))) {
      throw writeRefused(
        `The ${which} field cannot be an array element, '${path}' in doc with _id: ${show(document._id)} has an array field called '${parts[length - 1]}'`,
      );
    }
  }
}

function leafName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
