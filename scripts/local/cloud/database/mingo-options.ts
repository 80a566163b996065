import { Context, ProcessingMode } from 'mingo/core';
import { $and, $nor, $not, $or } from 'mingo/operators/query/logical';
import type { Options } from 'mingo/types';
import { queryOperators } from './query-operators.ts';

/** Everything a filter may use but $expr, which is any expression. */
export const QUERY_OPERATORS = { $and, $or, $nor, $not, ...queryOperators };

/** What mingo works with: our own filter operators, no scripts. It copies its operators for every filter, so there are few. */
export const MINGO_OPTIONS: Options = {
  idKey: '_id',
  processingMode: ProcessingMode.CLONE_INPUT,
  useStrictMode: true,
  scriptEnabled: false,
  failOnError: true,
  context: Context.init({ query: QUERY_OPERATORS }),
};
