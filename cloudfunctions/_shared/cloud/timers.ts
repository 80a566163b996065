/**
 * How time passes. Below the entry nothing waits by the process's own timers: the runtime hands these down, so that a
 * simulation decides when time passes.
 */
export interface Timers {
  /** Runs `run` once, `ms` from now. The answer takes it back; called too late, it does nothing. */
  after(ms: number, run: () => void): () => void;
}

/** The timers of a deployed function. */
export const realTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export function sleep(timers: Timers, ms: number): Promise<void> {
  return new Promise((resolve) => timers.after(ms, resolve));
}

/** What `work` gives, or `late` when `ms` passed first. The work goes on then: whoever asked must see to its end. */
export async function within<Result>(
  timers: Timers,
  ms: number,
  work: Promise<Result>,
): Promise<Result | 'late'> {
  let cancel = () => {};
  const late = new Promise<'late'>((resolve) => {
    cancel = timers.after(ms, () => resolve('late'));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
