import { join } from 'node:path';
import { readEntry } from '../../scripts/local/cloud/database/journal.ts';
import { readLines } from '../../scripts/local/lines.ts';
import { SavedWorld } from '../../scripts/local/saved-world.ts';
import type { LedgerOrder } from '../../scripts/local/wechatpay/ledger.ts';
import { readStoredOrder } from '../../scripts/local/wechatpay/stored-order.ts';
import { Books } from '../simulation/books.ts';
import { monthsLater } from '../simulation/calendar.ts';
import { checkEnd, checkEnded } from '../simulation/commit-checks.ts';
import { Findings } from '../simulation/findings.ts';
import { truthOf } from '../simulation/local-payment-side.ts';
import type { Acknowledged } from './acknowledged.ts';

/** What a dead world left on the disk. */
export interface Remains {
  readonly books: Pick<Books, 'orders' | 'memberships' | 'alarms'>;
  readonly ledger: ReadonlyMap<string, LedgerOrder>;
  /** The world's time, if it stood again now. */
  readonly now: number;
}

/** Functions run a hair ahead of the world's clock. */
const SKEW_MS = 1000;

/** Reads what a world kept under --data. Nobody may be using it. */
export async function readRemains(dataDirectory: string): Promise<Remains> {
  const saved = new SavedWorld(dataDirectory);
  saved.close();
  const orders = saved.orders.map(readStoredOrder);
  const now = Date.now() + saved.offset;
  const books = new Books(() => now);
  for (const line of readLines(join(dataDirectory, 'database', 'journal.ndjson')).lines)
    await books.append(readEntry(line));
  return { books, ledger: new Map(orders.map((order) => [order.out_trade_no, order])), now };
}

/** What must hold at every moment, also right after a kill; answers what does not. */
export function audit(remains: Remains, acknowledged: Acknowledged): string[] {
  return [...lost(remains, acknowledged), ...unbacked(remains), ...misgranted(remains)];
}

/** What must hold once it was quiet for so long: the simulation's own end, and every notice was received. */
export function auditEnd(remains: Remains, { minutes }: { readonly minutes: number }): string[] {
  const { books, ledger, now } = remains;
  const findings = new Findings(
    () => new Date(now),
    () => {},
  );
  const order = (out_trade_no: string) => {
    const found = ledger.get(out_trade_no);
    return found && truthOf(found);
  };
  const payments = { order, orders: () => [...ledger.values()].map(truthOf) };
  const quiet = { books, findings, payments: () => payments };
  checkEnded(quiet, { endedBy: now, minutes });
  checkEnd(quiet);
  const unheard = [...ledger.values()].filter(({ payment, notices }) => payment && !isReceived(notices));
  return [
    ...findings.all.map(({ invariant, message }) => `${invariant}: ${message}`),
    ...[...books.alarms.values()].map(
      ({ code, subject, message }) => `alarm ${code} about ${subject}: ${message}`,
    ),
    ...unheard.map(({ out_trade_no }) => `no notice of ${out_trade_no} was ever answered SUCCESS`),
  ];
}

/** What somebody was reported, and is not so any more. */
function lost({ books, ledger }: Remains, { placed, paid, granted, closed }: Acknowledged): string[] {
  const missing: string[] = [];
  const expect = (holds: boolean, what: string) => {
    if (!holds) missing.push(`acknowledged and lost: ${what}`);
  };
  for (const id of placed) {
    expect(books.orders.has(id), `order ${id}`);
    expect(ledger.has(id), `order ${id} at WeChat`);
  }
  for (const id of paid) expect(ledger.get(id)?.payment !== undefined, `the payment of ${id} at WeChat`);
  for (const id of closed) expect(books.orders.get(id)?.trade_state === 'CLOSED', `that ${id} is CLOSED`);
  for (const [id, until] of granted) {
    const order = books.orders.get(id);
    expect(order?.trade_state === 'SUCCESS' && order.expires_at === until, `that ${id} is SUCCESS`);
  }
  for (const [id, { notices }] of ledger) {
    if (isReceived(notices)) expect(books.orders.get(id)?.trade_state === 'SUCCESS', `the notice of ${id}`);
  }
  return missing;
}

function isReceived(notices: LedgerOrder['notices']): boolean {
  return notices.some(({ outcome }) => outcome === 'SUCCESS');
}

/** Orders that are SUCCESS here, or there and not here, without the other side's reason. */
function unbacked({ books, ledger }: Remains): string[] {
  const unpaid = [...books.orders.values()].filter(({ out_trade_no, trade_state, total_fee, openid }) => {
    const there = ledger.get(out_trade_no);
    const isPaid = there?.payment !== undefined && truthOf(there).total_fee === total_fee;
    return trade_state === 'SUCCESS' && !(isPaid && truthOf(there).openid === openid);
  });
  const unsaved = [...ledger.keys()].filter((id) => !books.orders.has(id));
  return [
    ...unpaid.map(({ out_trade_no }) => `no grant without payment: ${out_trade_no} is SUCCESS here only`),
    ...unsaved.map((id) => `saved before asked: WeChat has ${id}, the database does not`),
  ];
}

/**
 * Each membership is exactly what its paid orders make of it, one after the other: the end that an order notes is its
 * months after the end before it, or after the moment it was settled.
 */
function misgranted({ books, ledger, now }: Remains): string[] {
  const wrong: string[] = [];
  const ends = new Map<string, number>();
  const paid = [...books.orders.values()].filter(({ trade_state }) => trade_state === 'SUCCESS');
  for (const order of paid.toSorted((a, b) => a.expires_at - b.expires_at)) {
    const { out_trade_no, openid, product_id, months, expires_at } = order;
    const before = ends.get(`${openid} ${product_id}`) ?? 0;
    const time_end = ledger.get(out_trade_no)?.payment?.time_end.getTime() ?? 0;
    const earliest = monthsLater(Math.max(before, time_end), months);
    const latest = monthsLater(Math.max(before, now + SKEW_MS), months);
    if (expires_at < earliest || expires_at > latest)
      wrong.push(
        `granted correctly: ${out_trade_no} paid ${months} months and ends ${shown(expires_at)} after ${shown(before)}`,
      );
    ends.set(`${openid} ${product_id}`, expires_at);
  }
  for (const [openid, memberships] of books.memberships) {
    for (const [product_id, end] of memberships) {
      const owed = ends.get(`${openid} ${product_id}`) ?? 0;
      if (end !== owed)
        wrong.push(
          `granted once: ${openid} holds ${product_id} until ${shown(end)}, paid until ${shown(owed)}`,
        );
      ends.delete(`${openid} ${product_id}`);
    }
  }
  for (const [whose, end] of ends)
    wrong.push(`granted once: ${whose} is paid until ${shown(end)} and holds nothing`);
  return wrong;
}

function shown(moment: number): string {
  return moment === 0 ? 'none' : new Date(moment).toISOString();
}
