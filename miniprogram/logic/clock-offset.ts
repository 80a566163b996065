/** An answer that carries the server's time. All in milliseconds since 1970; the first two by the phone's clock. */
export interface TimedAnswer {
  readonly askedAt: number;
  readonly receivedAt: number;
  readonly now: number;
}

/**
 * The offset of the server's clock from the phone's, in milliseconds; positive when the phone is slow. The server spoke
 * at some moment between question and answer, so an answer gives two bounds and no more: what was believed before stays
 * where it fits, and is else moved to the nearer bound. An answer that was long on its way (the phone slept meanwhile)
 * therefore moves nothing.
 */
export function clockOffsetAfter(believed: number, { askedAt, receivedAt, now }: TimedAnswer): number {
  return Math.min(Math.max(believed, now - receivedAt), now - askedAt);
}
