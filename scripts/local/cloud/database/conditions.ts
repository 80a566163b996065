import { type Document, isDocument, isList, type Value } from './value.ts';

/**
 * The conditions that every match must meet, by field: the top level and what stands under $and. An operator that
 * a condition does not spell out is $eq.
 */
export function conditionsOf(source: Document): [path: string, operator: string, expected: Value][] {
  return Object.entries(source).flatMap(([field, condition]): [string, string, Value][] => {
    if (field === '$and' && isList(condition)) return condition.filter(isDocument).flatMap(conditionsOf);
    if (field.startsWith('$')) return [];
    if (!isOperators(condition)) return [[field, '$eq', condition]];
    return Object.entries(condition).map(([operator, expected]) => [field, operator, expected]);
  });
}

/** Whether a condition is made of operators rather than being the value to equal. */
export function isOperators(condition: Value): condition is Document {
  return isDocument(condition) && (Object.keys(condition)[0]?.startsWith('$') ?? false);
}
