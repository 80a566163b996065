/** An answer that carries the server's time. All in milliseconds since 1970; the first two by the phone's clock. */
export interface Heard {
  readonly askedAt: number;
  readonly heardAt: number;
  readonly now: number;
}

/**
 * How many milliseconds the server's clock is ahead of the phone's. The server spoke at some moment between question and
 * answer, so an answer gives two bounds and no more: what was believed before stays where it fits, and is else moved to the
 * nearer bound. An answer that was long on its way (the phone slept meanwhile) therefore moves nothing.
 */
export function clockOffsetAfter(believed: number, { askedAt, heardAt, now }: Heard): number {
  return Math.min(Math.max(believed, now - heardAt), now - askedAt);
}
