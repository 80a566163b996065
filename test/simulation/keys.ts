import type { Chance } from './chance.ts';
import type { Secrets } from './secrets.ts';

/** The merchant's settings at the functions. Every key there ever was is among the secrets. */
export class Keys {
  /** Whether the functions were ever without the key that WeChat goes by. */
  wasMisconfigured = false;
  readonly #chance: Chance;
  readonly #secrets: Secrets;
  readonly #settings: Readonly<Record<string, string>>;
  #current: string;
  #previous: string | undefined;

  constructor(
    { chance, secrets }: { readonly chance: Chance; readonly secrets: Secrets },
    settings: Readonly<Record<string, string>>,
  ) {
    this.#chance = chance;
    this.#secrets = secrets;
    this.#settings = settings;
    this.#current = this.make();
  }

  get current(): string {
    return this.#current;
  }

  make(): string {
    const key = this.#chance.bytes(16).toString('hex');
    this.#secrets.add(key);
    return key;
  }

  /** The functions get a new key, and keep the one before for as long as it may still be met. */
  change(key: string): void {
    this.#previous = this.#current;
    this.#current = key;
  }

  forgetPrevious(): void {
    this.#previous = undefined;
  }

  get variables(): Readonly<Record<string, string>> {
    const previous = this.#previous === undefined ? {} : { WECHAT_PAY_API_KEY_PREVIOUS: this.#previous };
    return { ...this.#settings, WECHAT_PAY_API_KEY: this.#current, ...previous };
  }
}
