/**
 * Reading what came over the wire. The mini-program carries no npm package, so the few checks it needs are here; a field
 * that is not what it should be is undefined, and the reader of the whole decides what that means.
 */

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(found: unknown): Fields | undefined {
  return isFields(found) ? found : undefined;
}

export function textIn(found: unknown): string | undefined {
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** A whole number above zero: an amount in fen, a number of months. */
export function countIn(found: unknown): number | undefined {
  return typeof found === 'number' && Number.isSafeInteger(found) && found > 0 ? found : undefined;
}

/** A whole number from zero on: what was given back, how often something was done. */
export function wholeIn(found: unknown): number | undefined {
  return found === 0 ? 0 : countIn(found);
}

/** A Date (documents read from the database) or ISO 8601 text (answers of functions), as ISO 8601 text. */
export function momentIn(found: unknown): string | undefined {
  if (!(found instanceof Date) && typeof found !== 'string') return undefined;
  const moment = new Date(found);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

function isFields(found: unknown): found is Fields {
  return typeof found === 'object' && found !== null && !Array.isArray(found);
}
