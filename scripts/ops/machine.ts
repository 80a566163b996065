import type { Machine } from '../deploy/machine.ts';

/** What the commands need from the machine they run on. */
export interface OpsMachine extends Machine {
  /** Who is at the terminal, for the audit. */
  readonly by: string;
  readonly newRequestId: () => string;
}
