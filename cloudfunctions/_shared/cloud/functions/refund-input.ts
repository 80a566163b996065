import * as v from 'valibot';
import type { RefundOrderRequest } from '../../contract.ts';
import { TakesSchema } from '../../order/refunds/refund.ts';

/** WeChat shows the shopper at most so many bytes of a reason. */
const REASON_BYTES_MAX = 80;
/** What XML and a line of a message cannot carry. */
const NOT_ONE_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

const fen = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

export const outTradeNo = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{32}$/, 'must be the out_trade_no of an order'),
);

/** What a refund is asked for with, by an operator or an administrator. */
export const RefundRequestSchema = v.pipe(
  v.object({
    request_id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16,64}$/, 'must be 16 to 64 of A-Z a-z 0-9 _ -')),
    out_trade_no: outTradeNo,
    refund_fee: fen,
    reason: v.pipe(
      v.string(),
      v.trim(),
      v.minLength(1, 'must say why'),
      v.check(
        (text) => Buffer.byteLength(text) <= REASON_BYTES_MAX,
        `must not be longer than ${REASON_BYTES_MAX} bytes`,
      ),
      v.check((text) => !NOT_ONE_LINE.test(text), 'must be one line of text'),
    ),
    takes: v.exactOptional(TakesSchema),
    expected_refunded_fee: fen,
    expected_refunds: v.exactOptional(
      v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER)),
    ),
  }),
  v.check(
    ({ refund_fee, takes }) => refund_fee > 0 || (takes !== undefined && takes !== 'none'),
    'refund_fee 0 gives nothing back, so takes must say what is taken',
  ),
) satisfies v.GenericSchema<unknown, RefundOrderRequest>;
