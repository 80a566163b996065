import type { ConsoleEvent } from '../../wire.ts';

/** The lifelines of the diagram. The timer and the shopper are signs on them. */
export type Lane = 'mini-program' | 'function' | 'database' | 'wechatpay';

/** Whether a function works above and below the middle of a row: the bar on its lifeline. */
export interface Busy {
  readonly before: boolean;
  after: boolean;
}

interface Drawn {
  /** Stays the same while rows are added. */
  readonly key: string;
  at: string;
  label: string;
  /** Something went wrong that the reader should see. */
  readonly isBad?: boolean;
  /** Which sentence of `explain.ts` belongs to it. */
  readonly topic?: string;
  /** The order that it is about. */
  readonly order?: string;
  /** What it was made of: shown when it is selected. */
  readonly events: ConsoleEvent[];
  readonly busy: Busy;
}

/** A message between two lanes. */
export interface Arrow extends Drawn {
  readonly kind: 'arrow';
  readonly from: Lane;
  readonly to: Lane;
  /** `open` is begun and not ended, `planned` is still to come: both are dashed. */
  readonly line: 'call' | 'reply' | 'lost' | 'settle' | 'open' | 'planned';
  /** Words beside the arrow: what a settlement changed. */
  readonly beside?: readonly string[];
}

/** Something at one lane. */
export interface Mark extends Drawn {
  readonly kind: 'mark';
  readonly lane: Lane;
  readonly sign: 'timer' | 'shopper' | 'change';
  readonly isPlanned?: boolean;
  /** How many runs of a timer found nothing to do, one after another. */
  idleRuns?: number;
}

/** Somebody moved the clock. */
export interface Jump {
  readonly kind: 'jump';
  readonly key: string;
  ms: number;
  /** The world's time where it ended. */
  until: string;
  readonly busy: Busy;
}

/** What the following rows are about. */
export interface Chapter {
  readonly kind: 'chapter';
  readonly key: string;
  readonly title: string;
  readonly text: string;
  /** The order whose act it is. */
  readonly order?: string;
  readonly busy: Busy;
}

export type Row = Arrow | Mark | Jump | Chapter;
