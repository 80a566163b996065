import type { Alarms, Logger, Products } from '../ports.ts';
import type { Reminder } from './reminder.ts';

export interface Reminders {
  /** Notes that a shopper agreed, in the place of an earlier time. */
  agree(reminder: Reminder): Promise<void>;
  /** Reminders that are due by `now`, the longest waiting first. Those that cannot be read are left out for good. */
  due(now: Date, limit: number): Promise<Reminder[]>;
  /** Changes a reminder as it was read. False when another was quicker. */
  change(from: Reminder, change: Partial<Pick<Reminder, 'due_at' | 'tried_at'>>): Promise<boolean>;
  /** When a membership of a shopper ends, as it is stored; undefined where there is none. */
  endOf(openid: string, membership: string): Promise<Date | undefined>;
}

/** A message to a shopper. */
export interface ReminderMessage {
  readonly openid: string;
  readonly appid: string;
  /** The page that a tap opens, with its parameters. */
  readonly page: string;
  /** The product's name. */
  readonly name: string;
  readonly end: Date;
}

/** What became of a message. */
export type Reminded =
  | { readonly kind: 'sent' }
  /** Nobody knows whether it was sent. It counts as sent, so that nobody is reminded twice. */
  | { readonly kind: 'unknown'; readonly code: string }
  /** The shopper takes no message, or there is no such shopper. */
  | { readonly kind: 'refused'; readonly code: string }
  /** It was not sent, and the same can be sent again. `isForAll`: nor would another be. */
  | { readonly kind: 'unsent'; readonly code: string; readonly isForAll: boolean }
  /** It was not sent, and a human has to look. */
  | {
      readonly kind: 'misconfigured';
      readonly code: string;
      readonly message: string;
      readonly isForAll: boolean;
    };

export interface ReminderPorts {
  readonly clock: { now(): Date };
  readonly deadline: Date;
  readonly logger: Logger;
  readonly alarms: Alarms;
  readonly products: Products;
  readonly reminders: Reminders;
  readonly remind: (message: ReminderMessage) => Promise<Reminded>;
}
