/** Numbers of orders that were read, a few dozen bytes each: a bill has hundreds of thousands. */
export class Numbers {
  readonly #numbers = new Set<string>();

  /** False when it was there. */
  add(number: string): boolean {
    const before = this.#numbers.size;
    this.#numbers.add(packed(number));
    return this.#numbers.size > before;
  }

  has(number: string): boolean {
    return this.#numbers.has(packed(number));
  }
}

const OURS = /^[\da-f]{32}$/;

/** A copy: what was cut out of a longer text would keep all of that alive. Our own numbers take half their length. */
function packed(number: string): string {
  return OURS.test(number)
    ? Buffer.from(number, 'hex').toString('latin1')
    : Buffer.from(`=${number}`).toString('utf8');
}
