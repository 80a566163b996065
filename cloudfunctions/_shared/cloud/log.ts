import type { Log, Logger } from '../order/ports.ts';

/** One line of JSON a fact, which the console's search can filter by. */
export function createLogger({ now, write }: { now: () => Date; write: (line: string) => void }): Logger {
  const at =
    (level: 'INFO' | 'WARN' | 'ERROR'): Log =>
    (fact, fields) =>
      write(JSON.stringify({ level, fact, time: now().toISOString(), ...fields }));
  return { info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}
