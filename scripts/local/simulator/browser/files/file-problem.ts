export type FileReason =
  | 'missing'
  | 'exists'
  | 'denied'
  | 'directory'
  | 'not a directory'
  | 'not empty'
  | 'full';

/** Why a file cannot be read or written; the API words it. */
export class FileProblem extends Error {
  readonly reason: FileReason;
  constructor(reason: FileReason) {
    super(reason);
    this.reason = reason;
  }
}
