const NONCE_BYTES = 16;

/** Random bytes from a source that nobody can guess: `crypto.randomBytes` in the functions. */
export type Random = (bytes: number) => Buffer;

/** A `nonce_str`: 32 characters, the most that WeChat takes. */
export function makeNonce(random: Random): string {
  return random(NONCE_BYTES).toString('hex');
}
