import { createRequire } from 'node:module';
import type { Lazy } from 'mingo/lazy';
import type { Options } from 'mingo/types';
import { MINGO_OPTIONS, QUERY_OPERATORS } from './mingo-options.ts';

const require = createRequire(import.meta.url);
let everyOperator: Options | undefined;

/**
 * What mingo works with where more is asked for than a filter of plain conditions: MongoDB's stages, expressions and
 * accumulators too. Those are 250 files, which most shops never use: loaded when they are first asked for.
 */
export function withEveryOperator(): Options {
  everyOperator ??= load();
  return everyOperator;
}

/** The stage $project over documents that belong to nobody else. */
export function projected(documents: ReturnType<typeof Lazy>, projection: object): ReturnType<typeof Lazy> {
  const { $project }: typeof import('mingo/operators/pipeline') = require('mingo/operators/pipeline');
  return $project(documents, { ...projection }, withEveryOperator());
}

function load(): Options {
  const { Context }: typeof import('mingo/core') = require('mingo/core');
  const accumulator: typeof import('mingo/operators/accumulator') = require('mingo/operators/accumulator');
  const expression: typeof import('mingo/operators/expression') = require('mingo/operators/expression');
  const pipeline: typeof import('mingo/operators/pipeline') = require('mingo/operators/pipeline');
  const projection: typeof import('mingo/operators/projection') = require('mingo/operators/projection');
  const window: typeof import('mingo/operators/window') = require('mingo/operators/window');
  const { $expr }: typeof import('mingo/operators/query') = require('mingo/operators/query');
  const query = { ...QUERY_OPERATORS, $expr };
  const context = Context.init({ accumulator, expression, pipeline, projection, query, window });
  return { ...MINGO_OPTIONS, context };
}
