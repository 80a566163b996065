import type { Logger } from '../ports.ts';
import type { Untold } from './alarm-text.ts';
import type { OpenAlarms } from './day-text.ts';

/** What telling people takes from the runtime. */
export interface TellingPorts {
  readonly clock: { now(): Date };
  readonly logger: Logger;
  readonly telling: Telling;
  /** Says a text in the merchant's group chat. Never throws; what it did not say is said again later. */
  readonly say: (text: string) => Promise<Said>;
  /** When the call must be over. */
  readonly deadline: Date;
}

export type Said =
  | { readonly kind: 'said' }
  | { readonly kind: 'unsaid'; readonly code: string; readonly message: string };

/** How far people have been told. One document of `progress`. */
export interface Progress {
  /** Nobody begins before: another run has begun, or the last message was not said. */
  readonly next_at: Date;
  /** Messages in a row that were not said. */
  readonly failures: number;
  /** Alarms that were raised before are told. */
  readonly alarms_from: Date;
  /** Of those raised at that very moment, the ones up to this _id are told. Absent or null: it is looked at from its beginning. */
  readonly alarms_after_id?: string | null;
  /** The last day that was announced (yyyymmdd), what is said of it, when that was written, and whether it was said. */
  readonly day: string;
  readonly day_text: string;
  readonly day_at: Date;
  readonly day_told: boolean;
}

/** An alarm as far as telling looks at it. */
export interface TellableAlarm extends Untold {
  /** It was told, or somebody is done with it. */
  readonly isOver: boolean;
}

/** A place among the alarms, in the order of (created_at, _id). */
export interface AlarmPlace {
  readonly moment: Date;
  /** Of those of that moment, the ones up to this were read; none of them when it is absent. */
  readonly after_id?: string;
}

export interface AlarmPage {
  readonly alarms: readonly TellableAlarm[];
  /** Where the next page begins; undefined when there are no more. */
  readonly next: AlarmPlace | undefined;
}

export interface Telling {
  /** As it is stored; as given where nothing is stored yet. */
  progress(initial: Progress): Promise<Progress>;
  /** Takes the turn until `next_at`. False when another was quicker. */
  claim(from: Progress, next_at: Date): Promise<boolean>;
  write(change: Partial<Progress>): Promise<void>;
  /** Announces a day, unless another was announced since it was read. */
  announce(from: Progress, change: Pick<Progress, 'day' | 'day_text' | 'day_at' | 'day_told'>): Promise<void>;
  /** Alarms from a place on, the oldest first, at most `limit` of them. */
  alarms(from: AlarmPlace, limit: number): Promise<AlarmPage>;
  /** Alarms raised at `from` or later with which nobody is done, counted among the newest `limit` of all. */
  openAlarms(from: Date, limit: number): Promise<OpenAlarms>;
  markDayTold(day: string): Promise<void>;
  markTold(alarms: readonly Untold[], told_at: Date): Promise<void>;
}
