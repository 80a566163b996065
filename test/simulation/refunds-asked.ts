/** What an operator asks for, as far as it is compared. */
interface Asked {
  readonly out_trade_no: string;
  readonly refund_fee: number;
  readonly expected_refunded_fee: number;
  /** How many refunds the operator saw; a page of before does not count them. */
  readonly expected_refunds?: number | undefined;
}

/** Every refund that operators asked for, with what each of them saw of the order. */
export class RefundsAsked {
  readonly #seen = new Map<string, Pick<Asked, 'expected_refunded_fee' | 'expected_refunds'>[]>();

  add(openid: string, asked: Asked): void {
    const key = keyOf(openid, asked);
    this.#seen.set(key, [...(this.#seen.get(key) ?? []), asked]);
  }

  /** Whether this operator asked for such a refund, and saw so much given back and under way, in so many, when they did. */
  has(openid: string, asked: Required<Asked>): boolean {
    const seen = this.#seen.get(keyOf(openid, asked)) ?? [];
    return seen.some(
      ({ expected_refunded_fee, expected_refunds = asked.expected_refunds }) =>
        expected_refunded_fee === asked.expected_refunded_fee && expected_refunds === asked.expected_refunds,
    );
  }
}

function keyOf(openid: string, { out_trade_no, refund_fee }: Asked): string {
  return `${openid} ${out_trade_no} ${refund_fee}`;
}
