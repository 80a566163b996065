import type { Context } from 'hono';
import * as v from 'valibot';
import type { Outcome, RefusalCode } from './wire.ts';

export const DONE: Outcome = { ok: true };

/** @param message in English, for scripts and where the code does not say all */
export function refusal(code: RefusalCode, message: string): Outcome {
  return { ok: false, code, message };
}

/** The body as this schema has it; undefined where it is not. */
export async function readBody<Schema extends v.GenericSchema>(
  c: Context,
  schema: Schema,
): Promise<v.InferOutput<Schema> | undefined> {
  const parsed = v.safeParse(schema, await readJson(c));
  return parsed.success ? parsed.output : undefined;
}

export function respond(c: Context, outcome: Outcome): Response {
  return c.json(outcome, outcome.ok ? 200 : 409);
}

/** For what the request itself makes impossible. */
export function malformed(c: Context, message: string): Response {
  return c.json(refusal('MALFORMED', message), 400);
}

async function readJson(c: Context): Promise<unknown> {
  try {
    return await c.req.json();
  } catch {
    return undefined;
  }
}
