/** What a key, a token or a session_key is made of: a text that has none of these runs has no secret in it. */
const RUN = /[\w+/=-]{16,}/g;
const SHORTEST = 16;

/**
 * Everything that may be in no log and no answer. A run has hundreds of tokens and session_keys and thousands of lines, so
 * a text is searched for all of them at once: by the first characters that a secret has.
 */
export class Secrets {
  readonly #byBeginning = new Map<string, string[]>();

  constructor(known: Iterable<string> = []) {
    for (const secret of known) this.add(secret);
  }

  /** @throws Error for a secret that a search would not find */
  add(secret: string): void {
    const [run] = secret.match(RUN) ?? [];
    if (run !== secret) throw new Error(`A secret of ${secret.length} characters that no search would find.`);
    const beginning = secret.slice(0, SHORTEST);
    const others = this.#byBeginning.get(beginning) ?? [];
    if (!others.includes(secret)) this.#byBeginning.set(beginning, [...others, secret]);
  }

  areIn(text: string): boolean {
    for (const [run] of text.matchAll(RUN)) {
      for (let at = 0; at + SHORTEST <= run.length; at++) {
        const secrets = this.#byBeginning.get(run.slice(at, at + SHORTEST));
        if (secrets?.some((secret) => run.startsWith(secret, at))) return true;
      }
    }
    return false;
  }
}
