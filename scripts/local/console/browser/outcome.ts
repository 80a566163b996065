import type { Outcome } from '../wire.ts';
import { byId, setText } from './dom.ts';
import { say } from './words/language.ts';
import { EXPLAINED, REFUSALS } from './words/payload.ts';

/** A refusal is shown until the next press. */
export function showOutcome(outcome: Outcome): void {
  const problem = byId('problem');
  problem.hidden = outcome.ok;
  setText(problem, outcome.ok ? '' : sentenceOf(outcome));
}

function sentenceOf({ code, message }: Outcome & { readonly ok: false }): string {
  const words = say(REFUSALS)[code];
  return EXPLAINED.includes(code) ? `${words}: ${message}` : words;
}
