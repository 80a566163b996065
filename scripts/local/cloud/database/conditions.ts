import { type Document, isDocument, isList, type Value } from './value.ts';

/** An operator that a condition does not spell out is $eq. */
export type Condition = readonly [path: string, operator: string, expected: Value];

/** More ways to match are not looked at one by one: then an $or is not looked into. */
const BRANCHES_MAX = 32;

/** The conditions that every match must meet, by field: the top level and what is under $and. */
export function conditionsOf(source: Document): Condition[] {
  return Object.entries(source).flatMap(([field, condition]) => {
    if (field === '$and' && isList(condition)) return condition.filter(isDocument).flatMap(conditionsOf);
    return conditionsOn(field, condition);
  });
}

/** The ways to match, by what is under $or: every match meets all the conditions of one of them. */
export function branchesOf(source: Document): Condition[][] {
  return Object.entries(source)
    .map(([field, condition]) => {
      const parts = isList(condition) ? condition.filter(isDocument).map(branchesOf) : [];
      if (field === '$and') return parts.reduce(both, [[]]);
      return field === '$or' ? parts.flat() : [conditionsOn(field, condition)];
    })
    .reduce(both, [[]]);
}

/** Whether a condition is made of operators rather than being the value to equal. */
export function isOperators(condition: Value): condition is Document {
  return isDocument(condition) && (Object.keys(condition)[0]?.startsWith('$') ?? false);
}

function conditionsOn(field: string, condition: Value): Condition[] {
  if (field.startsWith('$')) return [];
  if (!isOperators(condition)) return [[field, '$eq', condition]];
  return Object.entries(condition).map(([operator, expected]) => [field, operator, expected]);
}

function both(some: Condition[][], others: Condition[][]): Condition[][] {
  if (some.length * others.length > BRANCHES_MAX) return some;
  return some.flatMap((conditions) => others.map((more) => [...conditions, ...more]));
}
