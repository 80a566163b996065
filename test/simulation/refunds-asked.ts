/** What an operator asks for, as far as it is compared. */
interface Asked {
  readonly out_trade_no: string;
  readonly refund_fee: number;
  readonly expected_refunded_fee: number;
}

/** Every refund that operators asked for, with what each of them saw of the order. */
export class RefundsAsked {
  readonly #seen = new Map<string, Set<number>>();

  add(openid: string, asked: Asked): void {
    const key = keyOf(openid, asked);
    const seen = this.#seen.get(key) ?? new Set();
    this.#seen.set(key, seen.add(asked.expected_refunded_fee));
  }

  /** Whether this operator asked for such a refund, and saw so much given back and under way when they did. */
  has(openid: string, asked: Asked): boolean {
    return this.#seen.get(keyOf(openid, asked))?.has(asked.expected_refunded_fee) ?? false;
  }
}

function keyOf(openid: string, { out_trade_no, refund_fee }: Asked): string {
  return `${openid} ${out_trade_no} ${refund_fee}`;
}
