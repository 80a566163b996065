import { Trace } from '../../scripts/local/trace.ts';

/** The local world's trace, kept by nobody: a run has a log of its own, of thousands of events. */
export class QuietTrace extends Trace {
  override readonly isKept = false;

  constructor() {
    super(() => new Date(0));
  }

  override record(): void {}
}
