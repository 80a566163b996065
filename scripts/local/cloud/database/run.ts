import { compareValues, typeRank } from './order.ts';
import type { Value } from './value.ts';

/** An end of a range. */
export interface Limit {
  readonly value: Value;
  readonly isIncluded: boolean;
}

/** Values of one type, as MongoDB's comparisons hold: between values of one type only. */
export interface Range {
  readonly type: number;
  readonly low?: Limit | undefined;
  readonly high?: Limit | undefined;
}

/** A stretch of an index: its first fields have these values, the next one lies in this range. */
export interface Run {
  readonly prefix: readonly Value[];
  readonly range?: Range | undefined;
  readonly isReverse?: boolean;
}

/** Below 0, 0 or above 0: whether a value lies before a range, in it, or after it. */
export function side(value: Value | undefined, { type, low, high }: Range): number {
  const types = typeRank(value) - type;
  if (types !== 0) return types;
  if (low) {
    const order = compareValues(value, low.value);
    if (order < 0 || (order === 0 && !low.isIncluded)) return -1;
  }
  if (high) {
    const order = compareValues(value, high.value);
    if (order > 0 || (order === 0 && !high.isIncluded)) return 1;
  }
  return 0;
}
