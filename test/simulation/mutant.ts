import type { Invariant } from './findings.ts';
import type { Edit } from './load-subject.ts';

/** A deliberate bug, and the invariant that must find it. */
export interface Mutant extends Edit {
  readonly name: string;
  readonly foundBy: Invariant;
}
