// How reconcileBills takes a large day: node --import tsx test/bench/bill-day.ts [payments]
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { storedOrder } from '../../cloudfunctions/_shared/cloud/database/stores/stored-order.ts';
import { beginOf, dateBeside, dateOf } from '../../cloudfunctions/_shared/order/bills/dates.ts';
import { FUNCTIONS_DIRECTORY } from '../../scripts/build.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import { MERCHANT, startLocalWorld } from '../../scripts/local/local-world.ts';
import { sampleOrder, WECHATPAY_FIELDS } from '../order/samples.ts';

const PAYMENTS = 200_000;
/** One in so many was given back whole, and one in so many is not known here: the bill repairs it. */
const REFUNDED_EACH = 50;
const MISSED_EACH = 2000;
const RUNS_MAX = 30;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** After the timer's last run of a morning: one of its own would share the day with those that are measured. */
const READY_MS = 13 * HOUR_MS;
/** Orders that are written to the disk together. */
const WRITTEN_AT_ONCE = 1000;

const payments = Number(process.argv[2] ?? PAYMENTS);
const { mch_id, appid } = MERCHANT;
const real = Date.now();
const today = beginOf(dateOf(new Date(real))).getTime();
const offset = today + READY_MS > real ? today + READY_MS - real : 0;
const bill_date = dateBeside(dateOf(new Date(real + offset)), -1);

const dataDirectory = await mkdtemp(path.join(tmpdir(), 'bill-day-'));
await writeFile(
  path.join(dataDirectory, 'world.ndjson'),
  [{ offset }, ...atWeChat()].map((line) => `${JSON.stringify(line)}\n`).join(''),
);
const world = await startLocalWorld({
  functionsDirectory: FUNCTIONS_DIRECTORY,
  dataDirectory,
  clock: new WorldClock(),
});
try {
  for (let from = 0; from < payments; from += WRITTEN_AT_ONCE) await insertFrom(from);
  console.log(`${payments} payments on ${bill_date}`);
  for (let run = 1; run <= RUNS_MAX; run++) {
    const began = performance.now();
    const answer = await world.timers.runNow('reconcileBills');
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const said = answer.kind === 'failed' ? `failed: ${answer.error}` : answer.result;
    console.log(`run ${run}: ${seconds} s, ${await largestChildMb()} MB at most: ${said}`);
    if (answer.kind !== 'failed' && JSON.parse(answer.result).complete) break;
  }
  const [day] = world.cloud.documents('bills').filter(({ _id }) => _id === `wechatpay:${bill_date}`);
  console.log(
    JSON.stringify({
      state: day?.state,
      payments: day?.payments,
      refunds: day?.refunds,
      differences: day?.differences,
    }),
  );
} finally {
  await world.close();
  await rm(dataDirectory, { recursive: true });
}

async function insertFrom(from: number): Promise<void> {
  const some = Array.from({ length: Math.min(WRITTEN_AT_ONCE, payments - from) }, (_, at) => from + at);
  await Promise.all(some.map((at) => world.cloud.insert('orders', { ...storedOrder(orderOf(at)) })));
}

function numberOf(at: number): string {
  return at.toString(16).padStart(32, '0');
}

function paidAt(at: number): Date {
  return new Date(beginOf(bill_date).getTime() + Math.floor((at / payments) * DAY_MS));
}

function transactionOf(at: number): string {
  return `4200000000${String(at).padStart(18, '0')}`;
}

/** As it is stored here; those that were missed are closed. */
function orderOf(at: number) {
  const paid_at = paidAt(at);
  const about = { _id: numberOf(at), _openid: `oShopper-${at}`, appid, mch_id, created_at: paid_at };
  const times = {
    time_start: paid_at,
    time_expire: new Date(paid_at.getTime() + HOUR_MS),
    next_query_at: null,
  };
  const order = sampleOrder({ ...about, ...times, by_channel: { wechatpay: WECHATPAY_FIELDS } });
  if (at % MISSED_EACH === 0) return { ...order, trade_state: 'CLOSED' as const };
  return { ...order, trade_state: 'SUCCESS' as const, transaction_id: transactionOf(at), time_end: paid_at };
}

/** Lines of the local WeChat Pay's book. */
function* atWeChat() {
  for (let at = 0; at < payments; at++) {
    const paid_at = paidAt(at);
    const { total_fee, _openid: openid, body } = orderOf(at);
    const parameters = {
      appid,
      mch_id,
      out_trade_no: numberOf(at),
      openid,
      body,
      total_fee: String(total_fee),
      attach: 'local',
      trade_type: 'JSAPI',
      notify_url: '',
    };
    const payment = {
      transaction_id: transactionOf(at),
      time_end: paid_at,
      bank_type: 'OTHERS',
      cash_fee: total_fee,
      is_subscribe: 'N',
    };
    const refund = {
      out_refund_no: `elsewhere-${at}`,
      refund_id: `5${transactionOf(at)}`,
      refund_fee: total_fee,
      refund_status: 'SUCCESS',
      source: 'VENDOR_PLATFORM',
      created_at: paid_at,
      ended_at: paid_at,
      notices: [],
    };
    const isRefunded = at % REFUNDED_EACH === 1;
    const book = {
      mch_id,
      appid,
      out_trade_no: numberOf(at),
      parameters,
      sign_type: 'HMAC-SHA256',
      created_at: paid_at,
      ordered_at: paid_at,
      prepays: [],
    };
    yield {
      order: {
        ...book,
        trade_state: isRefunded ? 'REFUND' : 'SUCCESS',
        payment,
        notices: [],
        ...(isRefunded && { refunds: [refund] }),
      },
    };
  }
}

/** The most memory that a process of a function has taken so far. */
async function largestChildMb(): Promise<number> {
  let most = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) !== process.pid) continue;
    most = Math.max(most, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
  }
  return Math.round(most);
}
