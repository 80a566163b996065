import type { Log } from '../order/ports.ts';

/** Structured logging: one line of JSON a fact, which the console's search can filter by. */
export interface Logger {
  info: Log;
  /** What went wrong and mends itself, or was kept out: WeChat did not answer, a notice was forged. */
  warn: Log;
  /** What a human must look at, and nothing else, so that a rule on `"level":"ERROR"` can wake somebody. */
  error: Log;
}

export function createLogger({ now, write }: { now: () => Date; write: (line: string) => void }): Logger {
  const at =
    (level: 'INFO' | 'WARN' | 'ERROR'): Log =>
    (fact, fields) =>
      write(JSON.stringify({ level, fact, time: now().toISOString(), ...fields }));
  return { info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}
