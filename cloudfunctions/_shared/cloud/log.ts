import type { Log } from '../order/ports.ts';

/** Structured logging: one line of JSON a fact, which the console's search can filter by. */
export interface Logger {
  info: Log;
  /** What a human must look at, and nothing else, so that a rule on `"level":"ERROR"` can wake somebody. */
  error: Log;
}

export function createLogger({ now, write }: { now: () => Date; write: (line: string) => void }): Logger {
  const at =
    (level: 'INFO' | 'ERROR'): Log =>
    (fact, fields) =>
      write(JSON.stringify({ level, fact, time: now().toISOString(), ...fields }));
  return { info: at('INFO'), error: at('ERROR') };
}

/** Enough of an openid to tell shoppers apart in a log, not enough to be one. */
export function shortened(openid: string): string {
  return `${openid.slice(0, 6)}…`;
}
