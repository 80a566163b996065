import { Query } from 'mingo/query';
import { CloudError, notProvided, queryRefused } from '../errors.ts';
import { isOperators } from './conditions.ts';
import { withEveryOperator } from './every-operator.ts';
import { MINGO_OPTIONS } from './mingo-options.ts';
import { queryOperators } from './query-operators.ts';
import { areEqual, type Document, isDocument, isList, type Value } from './value.ts';

/** A filter, ready to be held against documents. */
export interface Filter {
  readonly source: Document;
  matches(document: Document): boolean;
}

const GEO_OPERATORS = ['$near', '$nearSphere', '$geoWithin', '$geoIntersects'];

/** Ours that hold a value and no filter of their own. */
const PLAIN_OPERATORS = new Map(
  Object.entries(queryOperators).filter(([name]) => name !== '$all' && name !== '$elemMatch'),
);

/** @throws CloudError with MongoDB's text when the filter is malformed */
export function compileFilter(source: Document): Filter {
  const { _id, ...rest } = source;
  const isJustId = (typeof _id === 'string' || typeof _id === 'number') && Object.keys(rest).length === 0;
  if (isJustId) return { source, matches: (document) => areEqual(document._id, _id) };
  checkConditions(source);
  const tests = plainTests(source);
  if (tests) return { source, matches: (document) => tests.every((test) => test(document)) };
  const options = mentions(source, '$expr') ? withEveryOperator() : MINGO_OPTIONS;
  const query = translated(() => new Query<Document>(source, options));
  return { source, matches: (document) => query.test(document) };
}

/**
 * By far the commonest filters: fields, each with a value or with operators of ours. Read without mingo, which copies
 * the filter and its own settings first. Undefined for any other filter.
 */
function plainTests(source: Document): ((document: Document) => boolean)[] | undefined {
  const tests: ((document: Document) => boolean)[] = [];
  for (const [field, condition] of Object.entries(source)) {
    if (field.startsWith('$')) return undefined;
    const operators = isOperators(condition) ? Object.entries(condition) : [['$eq', condition] as const];
    for (const [operator, expected] of operators) {
      const operate = PLAIN_OPERATORS.get(operator);
      if (!operate) return undefined;
      tests.push(operate(field, expected, MINGO_OPTIONS));
    }
  }
  return tests;
}

/** Runs what mingo does, with its refusals in MongoDB's words as far as we know them. */
export function translated<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof CloudError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw queryRefused(text.replace(/^unknown query operator /, 'unknown operator: '));
  }
}

function checkConditions(source: Document): void {
  for (const [field, condition] of Object.entries(source)) {
    if (['$and', '$or', '$nor'].includes(field)) checkAlternatives(field, condition);
    else if (field.startsWith('$') && field !== '$expr')
      throw queryRefused(`unknown top level operator: ${field}`);
    else if (isOperators(condition)) checkOperators(condition);
  }
}

function checkAlternatives(operator: string, alternatives: Value): void {
  if (!isList(alternatives)) throw queryRefused(`${operator} must be an array`);
  if (alternatives.length === 0) throw queryRefused('$and/$or/$nor must be a nonempty array');
  for (const alternative of alternatives) {
    if (!isDocument(alternative)) throw queryRefused('$or/$and/$nor entries need to be full objects');
    checkConditions(alternative);
  }
}

function checkOperators(operators: Document): void {
  for (const [operator, expected] of Object.entries(operators)) {
    if (GEO_OPERATORS.includes(operator)) throw notProvided(`the geo operator ${operator}`);
    if (operator !== '$not') continue;
    if (!isDocument(expected) && !(expected instanceof RegExp))
      throw queryRefused('$not needs a regex or a document');
    if (isDocument(expected) && Object.keys(expected).length === 0)
      throw queryRefused('$not cannot be empty');
    if (isDocument(expected)) checkOperators(expected);
  }
}

function mentions(value: Value, field: string): boolean {
  if (isList(value)) return value.some((item) => mentions(item, field));
  return isDocument(value) && (field in value || Object.values(value).some((held) => mentions(held, field)));
}
