import { afterEach, expect, test } from 'vitest';
import { receiveRefundHint } from '../../cloudfunctions/_shared/order/refunds/refund-hint.ts';
import { sweep } from '../../cloudfunctions/_shared/order/sweep.ts';
import { answered } from '../wechatpay/gateway.ts';
import { type OpenPorts, openPorts } from './ports.ts';
import { HOUR_MS, later, sampleOrder } from './samples.ts';

const MINUTE_MS = 60_000;
const NOW = later(2 * HOUR_MS);
const OUT_REFUND_NO = 'made-in-the-merchant-platform';
/** Paid, and nothing is left to ask about it. */
const ORDER = sampleOrder({
  ...{ trade_state: 'SUCCESS', expires_at: later(90 * 24 * HOUR_MS), next_query_at: null },
});

let opened: OpenPorts;
afterEach(() => opened.close());

/** WeChat has a refund of the whole order, in this state until it says another. */
async function refundedElsewhere() {
  const says = { refund_status: 'PROCESSING' };
  opened = await openPorts({
    now: NOW,
    answer: () =>
      answered({
        ...{ out_trade_no: ORDER._id, refund_count: '1', refund_id_0: '50000000000000000000000001' },
        ...{ out_refund_no_0: OUT_REFUND_NO, refund_fee_0: String(ORDER.total_fee) },
        refund_status_0: says.refund_status,
      }),
  });
  await opened.add(ORDER);
  const hint = { out_trade_no: ORDER._id, out_refund_no: OUT_REFUND_NO };
  return { says, receive: () => receiveRefundHint(opened.ports, hint) };
}

/** The same refund as one of ours. */
const insertRefund = (state: 'PROCESSING' | 'CLOSED') =>
  opened.insert('refunds', {
    ...{ _id: OUT_REFUND_NO, out_trade_no: ORDER._id, refund_fee: ORDER.total_fee, reason: '买错了' },
    ...{ takes: 'all', state, requested_by: 'oOperator', refunded_fee: 0, created_at: NOW, sent_at: NOW },
    ...{ ended_at: null, success_time: null, refund_id: null, err_code: null, err_code_des: null },
  });

const stored = () => opened.documents('orders')[0];
const AGAIN = { kind: 'refused', reason: 'REFUND_UNKNOWN' };

test.each([
  ['one made elsewhere', async () => {}],
  ['one of ours that had come to nothing', () => insertRefund('CLOSED')],
])(
  '%s that WeChat still calls PROCESSING: the notice may come again, and the timer looks',
  async (_, insert) => {
    const { says, receive } = await refundedElsewhere();
    await insert();
    expect(await receive()).toEqual(AGAIN);
    expect(stored()).toMatchObject({ next_query_at: new Date(NOW.getTime() + 10 * MINUTE_MS) });

    says.refund_status = 'SUCCESS';
    await opened.clock.advance(10 * MINUTE_MS);
    await sweep({ ...opened.ports, deadline: new Date(NOW.getTime() + HOUR_MS) });
    expect(stored()).toMatchObject({
      trade_state: 'REFUND',
      refunded_fee: ORDER.total_fee,
      next_query_at: null,
    });
    expect(await receive()).toEqual({ kind: 'done' });
  },
);

test('one of ours that is under way has its turn already, and its notice need not come again', async () => {
  const { receive } = await refundedElsewhere();
  await insertRefund('PROCESSING');
  expect(await receive()).toEqual({ kind: 'done' });
  expect(stored()).toMatchObject({ next_query_at: null });
});
