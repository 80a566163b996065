import type { Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { Merchant, Registry } from './merchants.ts';
import type { Refunds } from './refunds.ts';
import type { SignType } from './sign.ts';
import type { Random } from './spelling.ts';
import type { Message } from './xml.ts';

/** Where the documents leave a choice, or differ among themselves. */
export interface Choices {
  /**
   * How far away time_expire must be on the first order: older documents and the gateway's text say 5, later ones 1. By
   * default 5, so that a program that works here works in either world.
   */
  readonly time_expire_min_minutes: number;
  /** Whether an identical unifiedorder gets a new prepay_id; by default the one it has, for as long as that lives. */
  readonly freshPrepayId: boolean;
  /** Whether notices carry sign_type. Most real ones do not, some do. */
  readonly noticeSignType: boolean;
  /** At which level the codes that the documents list are answered, see errors.ts. */
  readonly refusals: 'seen' | 'documented';
}

/** A request whose parameters, signature and merchant are in order, and what is needed to answer it. */
export interface Work extends Choices {
  readonly request: Readonly<Message>;
  readonly merchant: Merchant;
  readonly sign_type: SignType;
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly refunds: Refunds;
  readonly faults: Faults;
  readonly now: Date;
  readonly random: Random;
}

/** WeChat Pay accepts; these fields are added to those that every answer has. */
export interface Answer {
  readonly kind: 'answer';
  readonly fields: Readonly<Message>;
}

/** WeChat Pay gives a file; it is not signed. */
export interface FileAnswer {
  readonly kind: 'file';
  readonly contentType: string;
  readonly file: Buffer;
  /** What is in it, for the trace. */
  readonly summary: Readonly<Message>;
}
