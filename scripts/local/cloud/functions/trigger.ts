import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { readCron } from './cron.ts';

/** A timer as a function's config.json declares it. */
export interface Trigger {
  readonly name: string;
  /** When it fires next after a moment; undefined when never again. */
  readonly next: (after: Date) => Date | undefined;
}

const TriggerEntry = v.object({
  name: v.pipe(
    v.string(),
    v.regex(
      /^[A-Za-z][A-Za-z0-9_-]{0,59}$/,
      'a name is at most 60 letters, digits, - or _, and begins with a letter',
    ),
  ),
  type: v.literal('timer', 'the type must be "timer", there is no other'),
  config: v.string('config must be a cron expression of seven fields'),
});

const FunctionConfig = v.object({
  triggers: v.optional(v.pipe(v.array(TriggerEntry), v.maxLength(1, 'a function may have one trigger')), []),
});

/**
 * Reads the trigger that `<directory>/<functionName>/config.json` declares, as the developer tools read it when they
 * upload triggers. No file, or no trigger in it, is undefined.
 * @throws Error naming the file and what is wrong with it
 */
export function readTrigger(directory: string, functionName: string): Trigger | undefined {
  const file = join(directory, functionName, 'config.json');
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  try {
    const { triggers } = v.parse(FunctionConfig, JSON.parse(text));
    const [entry] = triggers;
    if (!entry) return undefined;
    return { name: entry.name, next: readCron(entry.config) };
  } catch (cause) {
    throw new Error(`${file} declares no timer that the platform would take: ${messageOf(cause)}`, { cause });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
