import pMap from 'p-map';
import { WeChatPayError } from '../wechatpay/errors.ts';
import { alarmOf } from './alarms.ts';
import { beginByOf } from './deadline.ts';
import { isUnsettled, type Order } from './order.ts';
import type { Ports } from './ports.ts';
import { claim, reconcile } from './reconcile.ts';
import { endOf, leaseUntil, nextQueryAt } from './schedule.ts';

/** How many orders are asked about at once: 10,000 due orders in half a minute at WeChat's usual 140 ms. */
export const SWEEP_CONCURRENCY = 50;
/** How many orders are read at a time. */
export const SWEEP_PAGE_ORDERS = 100;
/** A bound for the loop; the deadline comes first. */
const SWEEP_PAGES_MAX = 500;

/** How a run went, in orders. */
export interface SweepReport {
  /** WeChat was asked about so many. */
  asked: number;
  /** So many of them are settled now. */
  settled: number;
  /** Another run, or the shopper's page, had these in hand. */
  skipped: number;
  /** These failed; they stay due and are asked about again when their lease ends. */
  failed: number;
  /** False when the deadline came, or WeChat asked for patience, before everything due was done. */
  complete: boolean;
}

/**
 * Asks WeChat about every order that is due, and settles or closes it. Bounded in time: what is left stays due for the
 * next run. Two runs at once ask about each order once, and an order that fails stops nobody.
 */
export async function sweep(ports: Ports): Promise<SweepReport> {
  const report: SweepReport = { asked: 0, settled: 0, skipped: 0, failed: 0, complete: false };
  const seen = new Set<string>();
  let patience = false;
  const beginBy = beginByOf(ports.deadline);
  const isOver = () => patience || ports.clock.now() >= beginBy;

  for (let page = 0; page < SWEEP_PAGES_MAX && !isOver(); page++) {
    const { orders, isLast } = await ports.orders.due(ports.clock.now(), SWEEP_PAGE_ORDERS);
    const fresh = orders.filter((order) => !seen.has(order._id));
    for (const order of fresh) seen.add(order._id);
    await pMap(
      fresh,
      async (order) => {
        if (isOver()) return;
        try {
          count(report, await sweepOne(ports, order));
        } catch (error) {
          report.failed++;
          patience ||= wantsPatience(error);
          await note(ports, order, error);
        }
      },
      { concurrency: SWEEP_CONCURRENCY },
    );
    if (isLast) {
      report.complete = !isOver();
      break;
    }
  }
  return report;
}

/** Answers the order after WeChat was asked; undefined when another has it. */
async function sweepOne(ports: Ports, order: Order): Promise<Order | undefined> {
  const now = ports.clock.now();
  const claimed = await claim(ports, order, { now, until: leaseUntil(order, now) });
  if (!claimed) return undefined;
  try {
    const after = await reconcile(ports, claimed);
    if (isUnsettled(after) && !after.held) await rest(ports, claimed);
    return after;
  } catch (error) {
    // Before its end an order is worth asking about again when the lease is over; afterwards ever more seldom.
    if (ports.clock.now() >= endOf(claimed)) await rest(ports, claimed);
    throw error;
  }
}

/** Trades the lease for the order's next step, where that is later. */
async function rest(ports: Ports, claimed: Order): Promise<void> {
  const next_query_at = nextQueryAt(claimed, ports.clock.now());
  if (claimed.next_query_at && next_query_at <= claimed.next_query_at) return;
  await ports.orders.claim(claimed, {
    queried_at: claimed.queried_at,
    next_query_at,
    query_count: claimed.query_count,
  });
}

function count(report: SweepReport, after: Order | undefined): void {
  if (!after) {
    report.skipped++;
    return;
  }
  report.asked++;
  if (!isUnsettled(after)) report.settled++;
}

/** WeChat has enough of us, or does not know us: asking on, fifty at a time, would only make it worse. */
const WANTS_PATIENCE = new Set(['FREQUENCY_LIMITED', 'INVALID_REQ_TOO_MUCH', 'SIGNERROR']);

function wantsPatience(error: unknown): boolean {
  return error instanceof WeChatPayError && WANTS_PATIENCE.has(error.err_code ?? '');
}

async function note({ logger, alarms, clock }: Ports, order: Order, error: unknown): Promise<void> {
  const { code, message } = described(error);
  const log = error instanceof WeChatPayError ? logger.warn : logger.error;
  log('order.query_failed', { out_trade_no: order._id, code, message });
  const raised = alarmOf(error, clock.now());
  if (raised) await alarms.raise(raised);
}

function described(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'UNEXPECTED', message: String(error) };
  return { code: 'code' in error ? String(error.code) : 'UNEXPECTED', message: error.message };
}
