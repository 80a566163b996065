import { SWEEP_QUESTIONS } from '../../../cloudfunctions/_shared/order/lanes.ts';
import { sweep } from '../../../cloudfunctions/_shared/order/sweep.ts';
import { openPorts, unpaid } from '../../order/ports.ts';
import { BIRTH, later, sampleOrder } from '../../order/samples.ts';
import { type Answer, answered } from '../../wechatpay/gateway.ts';
import type { Look, Row } from '../row.ts';

const ORDERS = 10_000;
const WECHAT_MS = { least: 80, most: 200 };
const DATABASE_MS = 10;
const IDEAL_PER_SECOND = SWEEP_QUESTIONS / ((WECHAT_MS.least + WECHAT_MS.most) / 2000);

/** One run of queryOrders over many due orders, with WeChat and the database as far away as they are. */
export const reconcile: Look = {
  name: 'reconcile',
  async look(scale) {
    const count = Math.ceil(ORDERS * scale);
    return [
      await run({ what: 'queryOrders, all unpaid', count, isPaid: false, goal: 0.9 }),
      await run({ what: 'queryOrders, all paid', count, isPaid: true, goal: 0.75 }),
    ];
  },
};

async function run({
  what,
  count,
  isPaid,
  goal,
}: {
  what: string;
  count: number;
  isPaid: boolean;
  goal: number;
}): Promise<Row> {
  const { least, most } = WECHAT_MS;
  const opened = await openPorts({
    now: later(10 * 60_000),
    away: () => pause(DATABASE_MS),
    async answer(question) {
      await pause(least + Math.random() * (most - least));
      if (!isPaid) return unpaid(question);
      return paid(question.out_trade_no ?? '');
    },
  });
  try {
    for (let n = 0; n < count; n++) {
      const _id = String(n).padStart(32, '0');
      await opened.add(
        sampleOrder({ _id, _openid: `oShopper-${n}`, next_query_at: later(n), created_at: BIRTH }),
      );
    }
    const began = performance.now();
    const report = await sweep(opened.ports);
    const seconds = (performance.now() - began) / 1000;
    const right =
      report.complete &&
      report.failed === 0 &&
      report.asked === count &&
      report.settled === (isPaid ? count : 0);
    if (!right) throw new Error(`${what}: ${JSON.stringify(report)}`);
    return {
      what: `${what}, ${count} due`,
      peer: `${SWEEP_QUESTIONS} / WeChat's latency`,
      measured: count / seconds / IDEAL_PER_SECOND,
      goal,
      isLeast: true,
      unit: '×',
      seen: `${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} a second`,
    };
  } finally {
    await opened.close();
  }
}

/** As WeChat says it of a sample order that its shopper paid. */
function paid(out_trade_no: string): Answer {
  return answered({
    ...{
      trade_state: 'SUCCESS',
      out_trade_no,
      openid: `oShopper-${Number(out_trade_no)}`,
      trade_type: 'JSAPI',
    },
    ...{ bank_type: 'CMB_DEBIT', total_fee: '4800', cash_fee: '4800', fee_type: 'CNY' },
    ...{ transaction_id: `42${out_trade_no.slice(6)}`, time_end: '20270115103000' },
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
