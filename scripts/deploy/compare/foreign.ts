import { type Finding, warning } from '../check/finding.ts';
import type { EnvironmentState } from '../cloud/state.ts';
import { isForeign } from './is-foreign.ts';
import { ABSENT, byHand, type Row, type Step } from './row.ts';

/** The only row of a function that is not ours: its settings, timers and routes are its owner's. */
export const foreignRow = (name: string): Row => ({
  subject: name,
  aspect: 'function',
  wanted: 'ours',
  found: 'a function of your own',
  step: notReplaced(name),
});

const notReplaced = (name: string): Step =>
  byHand(
    `${name} is a function of your own, and was not replaced. Use another environment (--env), or say --take-over to have its code replaced`,
  );

/** On a first deployment: collections that were there before, and whose rules are about to be replaced. */
export function checkCollectionsInUse(
  rows: readonly Row[],
  { functions }: EnvironmentState,
): readonly Finding[] {
  if (!functions.every(isForeign)) return [];
  const names = rows.flatMap(({ step, found }) =>
    step?.kind === 'set rule' && found !== ABSENT ? [step.collection] : [],
  );
  if (names.length === 0) return [];
  return [
    warning(
      names.join(', '),
      'already there with another rule, which is replaced: pages of your own that write there cannot do so any more. ' +
        'Give the shop an environment of its own (--env)',
    ),
  ];
}
