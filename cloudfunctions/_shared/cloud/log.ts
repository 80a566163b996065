import type { Log, Logger } from '../order/ports.ts';
import { shorten } from '../shorten.ts';

/** One line of JSON a fact, which the console's search can filter by. No text in it is long, whoever wrote it. */
export function createLogger({ now, write }: { now: () => Date; write: (line: string) => void }): Logger {
  const at =
    (level: 'INFO' | 'WARN' | 'ERROR'): Log =>
    (fact, fields) =>
      write(JSON.stringify({ level, fact, time: now().toISOString(), ...shortened(fields) }));
  return { info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}

function shortened(fields: Parameters<Log>[1]): Parameters<Log>[1] {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? shorten(value) : value,
  ]);
  return Object.fromEntries(entries);
}
