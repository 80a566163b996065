import * as v from 'valibot';
import { DeployError } from '../errors.ts';
import { explain } from '../explain.ts';

/**
 * Asks Tencent Cloud through a vendor's library and reads the answer once, into the shape we rely on.
 * @param doing what a person would call it: "create collection orders"
 */
export async function ask<T>(
  doing: string,
  call: () => Promise<unknown>,
  schema: v.GenericSchema<unknown, T>,
): Promise<T> {
  let answer: unknown;
  try {
    answer = await call();
  } catch (error) {
    throw explain(doing, error);
  }
  const parsed = v.safeParse(schema, answer);
  if (parsed.success) return parsed.output;
  throw unexpected(doing, v.getDotPath(parsed.issues[0]) ?? 'the answer');
}

/** An answer that says something else than it is documented to. */
export function unexpected(doing: string, where: string, cause?: unknown): DeployError {
  return new DeployError('ANSWER_UNEXPECTED', `Could not ${doing}: ${where} is not what was expected`, {
    wayOut: 'Tencent Cloud may have changed its API. See whether a newer version of this project knows it',
    cause,
  });
}

/** For what says no more than that it was done. */
export const done = v.unknown();

/** How many questions are asked at once; the API refuses more than 20 in a second. */
export const CALLS_AT_ONCE = 4;

/** Undefined where the cloud says, by one of these codes, that there is no such thing. Every other error stays one. */
export async function unlessMissing<T>(found: Promise<T>, codes: RegExp): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof DeployError && codes.test(error.code)) return undefined;
    throw error;
  }
}
