import { type Finding, warning } from '../check/finding.ts';
import type { EnvironmentState } from '../cloud/state.ts';
import type { WantedState } from './wanted.ts';

/** Settings of ours that stand in functions alone, as after they were typed in the console: their values are gone afterwards. */
export function checkTakenAway(
  { functions }: WantedState,
  found: EnvironmentState,
  only: string | undefined,
): readonly Finding[] {
  const taken = functions
    .filter(({ name, isWithheld, variables }) => {
      return !isWithheld && Object.keys(variables).length > 0 && (!only || name === only);
    })
    .flatMap(({ name, variables }) => {
      const there = found.functions.find((other) => other.name === name)?.variables ?? {};
      return Object.keys(there).filter((variable) => variables[variable] === undefined);
    });
  const names = [...new Set(taken)].toSorted();
  if (names.length === 0) return [];
  return [
    warning(
      names.join(', '),
      'set in functions and not in .env, so it is taken away from them. Write into .env what is to stay',
    ),
  ];
}
