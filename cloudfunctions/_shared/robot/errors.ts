import { shorten } from '../shorten.ts';

/** What can go wrong between us and the robot of a group chat. */
export type RobotErrorCode =
  /** No answer in time. The message may be in the chat. */
  | 'TIMEOUT'
  /** No connection could be made: nothing was said. */
  | 'UNREACHABLE'
  /** The connection broke before a whole answer came. The message may be in the chat. */
  | 'BROKEN_CONNECTION'
  /** The robot does not say it: its address is wrong or was withdrawn, or it wants a keyword, a signature or fewer messages. */
  | 'REFUSED';

/** A failure of this folder. Switch on `code`; `message` is for people and never carries the address, whose end is a key. */
export class RobotError extends Error {
  override readonly name = 'RobotError';
  readonly code: RobotErrorCode;

  constructor(code: RobotErrorCode, message: string) {
    super(shorten(message));
    this.code = code;
  }
}
