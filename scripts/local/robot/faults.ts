import { WaitingFaults, type When } from '../faults.ts';

/** What can go wrong with a message to a robot. */
export type RobotFault =
  /** Answered 200 with this code of the robot's own; plain JSON has none, and answers 500. */
  | { readonly kind: 'refuse'; readonly code: number; readonly when?: When }
  /** The connection breaks without an answer. */
  | { readonly kind: 'break'; readonly when: When }
  /** The answer waits for this much of the local world's time. */
  | { readonly kind: 'slow'; readonly ms: number; readonly when?: When }
  /** Answered 302 with this address, which nobody should go to. */
  | { readonly kind: 'redirect'; readonly location: string };

/** Faults of robots that were asked for and did not happen yet. */
export class RobotFaults extends WaitingFaults<
  RobotFault & {
    /** How often it happens before it is used up; 1 when left out, Infinity for until taken back. */
    readonly count?: number;
  }
> {}
