import { type Refused, refuse } from './errors.ts';
import { newCode, newSessionKey, type Random } from './spelling.ts';

const MINUTE_MS = 60_000;
/** A code can be exchanged for so long, once. */
export const CODE_LIFE_MS = 5 * MINUTE_MS;
/** Logins of one person that code2Session takes in a minute. */
export const LOGINS_PER_MINUTE_MAX = 100;
/** Not published; WeChat's staff once said three days, and it grows with use. Counted from the last login. */
export const SESSION_KEY_LIFE_MS = 3 * 24 * 60 * MINUTE_MS;

interface Code {
  readonly openid: string;
  readonly made_at: Date;
  isUsed: boolean;
}

interface Session {
  session_key: string;
  /** The last login, or the last use. */
  used_at: Date;
  /** The keys before; what was signed with them is known, and refused. */
  readonly former: string[];
  /** When the logins of the last minute were exchanged. */
  exchanged_at: readonly number[];
}

/** What a signature made with some session_key is worth. */
export type SessionKeyState = 'current' | 'expired' | 'unknown';

/** Who is logged in: the codes that phones get, and the one key that each person has. */
export class Sessions {
  readonly #now: () => Date;
  readonly #random: Random;
  readonly #codes = new Map<string, Code>();
  readonly #sessions = new Map<string, Session>();

  constructor({ now, random }: { readonly now: () => Date; readonly random: Random }) {
    this.#now = now;
    this.#random = random;
  }

  /** Somebody who has used the app before. */
  join(openid: string): void {
    if (!this.#sessions.has(openid)) this.#sessions.set(openid, newSession(this.#now(), this.#random));
  }

  /** Who has used the app once. */
  has(openid: string): boolean {
    return this.#sessions.has(openid);
  }

  /**
   * wx.login: a code for this person. The key stays what it is, unless it is too old or `replaces` asks for another.
   */
  login(openid: string, { replaces = false } = {}): string {
    const now = this.#now();
    const session = this.#sessions.get(openid);
    if (!session) this.#sessions.set(openid, newSession(now, this.#random));
    else if (replaces || isOld(session, now)) this.replaceKey(openid);
    this.#forgetCodes(now);
    const code = newCode(this.#random);
    this.#codes.set(code, { openid, made_at: now, isUsed: false });
    return code;
  }

  /** The key of somebody who is logged in is another from now on. */
  replaceKey(openid: string): void {
    const session = this.#sessions.get(openid);
    if (!session) return;
    session.former.push(session.session_key);
    session.session_key = newSessionKey(this.#random);
    session.used_at = this.#now();
  }

  /** code2Session, once the app and its secret are known to be right. */
  exchange(code: string): { readonly openid: string; readonly session_key: string } | Refused {
    const now = this.#now();
    const known = this.#codes.get(code);
    const session = known && this.#sessions.get(known.openid);
    if (!known || !session) return refuse(40029, 'no phone got this code from wx.login');
    if (known.isUsed) return refuse(40163, 'a code can be exchanged once: call wx.login again');
    if (now.getTime() - known.made_at.getTime() >= CODE_LIFE_MS)
      return refuse(40029, 'the code is older than five minutes');
    const recent = session.exchanged_at.filter((at) => now.getTime() - at < MINUTE_MS);
    if (recent.length >= LOGINS_PER_MINUTE_MAX) return refuse(45011, 'more than 100 logins in a minute');
    session.exchanged_at = [...recent, now.getTime()];
    session.used_at = now;
    known.isUsed = true;
    return { openid: known.openid, session_key: session.session_key };
  }

  /** Whether `fits` accepts the key that this person has now, one from before, or none. */
  stateOf(openid: string, fits: (session_key: string) => boolean): SessionKeyState {
    const session = this.#sessions.get(openid);
    if (!session) return 'unknown';
    if (fits(session.session_key)) return isOld(session, this.#now()) ? 'expired' : 'current';
    return session.former.some(fits) ? 'expired' : 'unknown';
  }

  /** Codes long past are as unknown as invented ones. */
  #forgetCodes(now: Date): void {
    for (const [code, { made_at }] of this.#codes) {
      if (now.getTime() - made_at.getTime() < 24 * 60 * MINUTE_MS) return;
      this.#codes.delete(code);
    }
  }
}

function newSession(now: Date, random: Random): Session {
  return { session_key: newSessionKey(random), used_at: now, former: [], exchanged_at: [] };
}

function isOld({ used_at }: Session, now: Date): boolean {
  return now.getTime() - used_at.getTime() >= SESSION_KEY_LIFE_MS;
}
