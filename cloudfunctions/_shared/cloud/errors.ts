import { shorten } from '../shorten.ts';

/** What can go wrong between us and the cloud. */
export type CloudErrorCode =
  /** The database refused or did not answer; `cause` is what the SDK said. */
  | 'DATABASE_FAILED'
  /** A transaction met others, or a broken connection, each time. The same call can be made again: it may be done. */
  | 'TRANSACTION_GAVE_UP'
  /** The call had no more time. The same call can be made again: it may be done. */
  | 'DEADLINE_PASSED'
  /** A filter or an update would have lost a condition on the way: a bug of ours, stopped here. */
  | 'CONDITION_MISSING'
  /** A document is not as we write it. */
  | 'DOCUMENT_UNREADABLE'
  /** Environment variables are missing or wrong; the message names each. */
  | 'CONFIGURATION_WRONG';

/** A failure of this floor. Switch on `code`. */
export class CloudError extends Error {
  override readonly name = 'CloudError';
  readonly code: CloudErrorCode;

  constructor(code: CloudErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(shorten(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}
