import { Aggregator } from 'mingo/aggregator';
import { notProvided, queryRefused } from '../errors.ts';
import { withEveryOperator } from './every-operator.ts';
import { AGGREGATE_LIMIT_DEFAULT } from './limits.ts';
import { compileFilter, translated } from './query.ts';
import { type Document, isDocument, type Value } from './value.ts';

export interface Stage {
  readonly name: string;
  readonly argument: Value;
}

/** Stages that write or need what we do not have. Everything else that mingo has, works. */
const REFUSED_STAGES = ['$geoNear', '$out', '$merge', '$search', '$documents'];

/**
 * Runs a pipeline over documents. One that does not say how many it wants gets the platform's 20, without a word.
 * @param documentsOf gives another collection's documents, for `$lookup`
 * @throws CloudError for a stage that is unknown or malformed
 */
export function aggregate(
  documents: readonly Document[],
  stages: readonly Stage[],
  documentsOf: (collection: string) => readonly Document[],
): Document[] {
  for (const { name, argument } of stages) {
    if (REFUSED_STAGES.includes(name)) throw notProvided(`the aggregation stage ${name}`);
    if (name === '$match') compileFilter(isDocument(argument) ? argument : {});
  }
  const pipeline = stages.map(({ name, argument }) => ({ [name]: argument }));
  const options = {
    ...withEveryOperator(),
    collectionResolver: (name: string) => structuredClone([...documentsOf(name)]),
  };
  return translated(() => {
    const results: unknown[] = new Aggregator(pipeline, options).run([...documents]);
    const isLimited = stages.some(({ name }) => name === '$limit');
    return results.slice(0, isLimited ? undefined : AGGREGATE_LIMIT_DEFAULT).map((result) => {
      if (!isDocument(result)) throw queryRefused('an aggregation stage gave something that is no document');
      return result;
    });
  });
}
