const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** What the documents do not say, or say twice. What works under the defaults works in either world, as far as we know. */
export interface Choices {
  /** An unpaid order is closed after so long. Not published; two hours. */
  readonly unpaidLifeMs: number;
  /** From the acceptance of a refund until it is done. */
  readonly refundMs: number;
  /** How long the paying order says "refunded" after a partial refund: 10 to 60 minutes were seen. */
  readonly partialRefundMs: number;
  /** How long an upload and a publication of an item take. */
  readonly itemTaskMs: number;
  /** From the end of a publication until the item can be bought: about ten minutes, half an hour at most. */
  readonly effectiveMs: number;
  /** Whether the cash desk opens a second time for a number that is not paid; by default a number has one use. */
  readonly reopens: boolean;
  /** What a signature with a session_key that was replaced is refused with; not established. */
  readonly replacedKeyErrCode: -15005 | -15007;
  /** Which number Apple's refund question calls pay_order_id; not established. */
  readonly payOrderId: 'out_trade_no' | 'wx_order_id' | 'transaction_id';
}

export function choose(options: Partial<Choices>): Choices {
  return {
    unpaidLifeMs: options.unpaidLifeMs ?? 120 * MINUTE_MS,
    refundMs: options.refundMs ?? 60 * SECOND_MS,
    partialRefundMs: options.partialRefundMs ?? 30 * MINUTE_MS,
    itemTaskMs: options.itemTaskMs ?? 30 * SECOND_MS,
    effectiveMs: options.effectiveMs ?? 10 * MINUTE_MS,
    reopens: options.reopens ?? false,
    replacedKeyErrCode: options.replacedKeyErrCode ?? -15007,
    payOrderId: options.payOrderId ?? 'out_trade_no',
  };
}
