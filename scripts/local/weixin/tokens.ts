import { type Refused, refuse } from './errors.ts';
import { newAccessToken, type Random } from './spelling.ts';

const SECOND_MS = 1000;
/** How long a token is valid. */
export const TOKEN_LIFE_MS = 7200 * SECOND_MS;
/** So long before its end the next one is given out; both are valid until then. */
export const TOKEN_OVERLAP_MS = 300 * SECOND_MS;
/** Forced renewals in one day, of UTC+8. */
export const FORCED_PER_DAY_MAX = 20;
/** Two forced renewals nearer to each other are one. */
export const FORCED_GAP_MS = 30 * SECOND_MS;

const BEIJING_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

interface Token {
  readonly access_token: string;
  readonly ends_at: number;
  isKilled: boolean;
}

export interface TokenAnswer {
  readonly access_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** The tokens of one app, by the rules of /cgi-bin/stable_token. */
export class Tokens {
  readonly #now: () => Date;
  readonly #random: Random;
  readonly #tokens = new Map<string, Token>();
  #current: Token | undefined;
  #forced: { readonly day: number; readonly times: number; readonly at: number } | undefined;

  constructor({ now, random }: { readonly now: () => Date; readonly random: Random }) {
    this.#now = now;
    this.#random = random;
  }

  /** The same token as before, until five minutes before its end. */
  get(): TokenAnswer {
    const now = this.#now().getTime();
    const current = this.#current;
    const isGood = current && !current.isKilled && current.ends_at - now > TOKEN_OVERLAP_MS;
    return answer(isGood ? current : this.#make(now), now);
  }

  /** A new token, and the one before is dead at once; the same one again within half a minute. */
  force(): TokenAnswer | Refused {
    const now = this.#now().getTime();
    const day = Math.floor((now + BEIJING_OFFSET_MS) / DAY_MS);
    const last = this.#forced;
    if (last && now - last.at < FORCED_GAP_MS) return this.get();
    const times = last?.day === day ? last.times : 0;
    if (times >= FORCED_PER_DAY_MAX) return refuse(45009, 'more than 20 forced renewals in a day');
    this.#forced = { day, times: times + 1, at: now };
    for (const token of this.#tokens.values()) token.isKilled = true;
    return answer(this.#make(now), now);
  }

  /** The current token is worth nothing from now on, as after a forced renewal by somebody else. */
  kill(): void {
    if (this.#current) this.#current.isKilled = true;
  }

  /** What a call with this token is refused with, if it is. */
  check(access_token: string | null): Refused | undefined {
    if (!access_token) return refuse(41001, 'the query string has no access_token');
    const token = this.#tokens.get(access_token);
    if (!token) return refuse(40001, 'nobody was given this access_token');
    if (token.isKilled) return refuse(40001, 'the access_token was replaced before its end: fetch it again');
    if (this.#now().getTime() >= token.ends_at)
      return refuse(42001, 'the access_token is over: it is valid for expires_in seconds');
    return undefined;
  }

  #make(now: number): Token {
    for (const [text, { ends_at }] of this.#tokens) if (now - ends_at > DAY_MS) this.#tokens.delete(text);
    const token = {
      access_token: newAccessToken(this.#random),
      ends_at: now + TOKEN_LIFE_MS,
      isKilled: false,
    };
    this.#tokens.set(token.access_token, token);
    this.#current = token;
    return token;
  }
}

function answer({ access_token, ends_at }: Token, now: number): TokenAnswer {
  return { access_token, expires_in: Math.floor((ends_at - now) / SECOND_MS) };
}
