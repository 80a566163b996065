/** A line of the table. */
export interface Row {
  readonly what: string;
  readonly peer: string;
  readonly measured: number;
  readonly goal: number;
  /** Whether more is better; the goal is then a least. */
  readonly isLeast: boolean;
  readonly unit: string;
  /** It says as much of the machine as of us: no goal in a short run, which is for a build server. */
  readonly isOfMachine?: boolean;
  /** So many runs of the timer overlapped; `measured` is each one's part of its own rate. */
  readonly runs?: number;
  /** What else was seen: the spread, other peers. */
  readonly seen?: string;
}

/** @param slack the machine is noisy, and a goal is missed only by more than this part of it */
export function isMissed({ measured, goal, isLeast }: Row, slack: number): boolean {
  return !(isLeast ? measured >= goal * (1 - slack) : measured <= goal * (1 + slack));
}

/** One look at something: rows of the table, made when they are asked for. */
export interface Look {
  readonly name: string;
  /** Only when it is named: it takes minutes. */
  readonly isOnRequest?: boolean;
  /** @param scale 1 for all of it, less for a short run */
  readonly look: (scale: number) => Promise<readonly Row[]>;
}
