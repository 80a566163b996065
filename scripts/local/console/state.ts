import {
  refundedFee,
  shownStatus,
  tradeStateOf,
  type LedgerOrder as VirtualOrder,
} from '../virtualpay/ledger.ts';
import type { OrderSnapshot as WeChatPayOrder } from '../wechatpay/wechatpay.ts';
import { masked } from './mask.ts';
import type { ConsoleParts } from './parts.ts';
import type { Switches } from './switches.ts';
import type {
  CollectionDocuments,
  ConsoleState,
  OrderHereAndThere,
  Planned,
  RefundsHereAndThere,
} from './wire.ts';

/** What fits a table that somebody reads. */
const ORDERS_MAX = 50;
const DOCUMENTS_MAX = 50;
const PLANNED_MAX = 4;

type Fields = Readonly<Record<string, unknown>>;

/** @param simulatorUrl where the phone is, when there is one */
export function stateOf(
  parts: ConsoleParts,
  { switches, simulatorUrl }: { switches: Switches; simulatorUrl: string | undefined },
): ConsoleState {
  const { clock, cloud, shoppers } = parts;
  return {
    now: clock.now().toISOString(),
    offset: clock.offset,
    simulatorUrl: simulatorUrl ?? null,
    shoppers,
    orders: ordersOf(parts),
    collections: cloud.collections().map((name) => ({ name, count: cloud.documents(name).length })),
    productNames: productNamesOf(parts),
    timers: parts.timers.next.map(({ functionName }) => functionName),
    switches: switches.states,
    isVirtual: parts.virtualpay.items().length > 0,
    planned: plannedOf(parts),
  };
}

/** The newest documents of a collection; undefined when there is no such collection. */
export function documentsOf({ cloud, secrets }: ConsoleParts, name: string): CollectionDocuments | undefined {
  if (!cloud.collections().includes(name)) return undefined;
  const documents = cloud.documents(name);
  const shown = newestFirst(documents, createdAt).slice(0, DOCUMENTS_MAX);
  return {
    name,
    count: documents.length,
    documents: shown.map((document) => shownDocument(document, secrets)),
  };
}

/** Orders of either side: one that only WeChat has may be another program's. */
function ordersOf({ cloud, wechatpay, virtualpay, clock }: ConsoleParts): OrderHereAndThere[] {
  const documents = cloud.collections().includes('orders') ? cloud.documents('orders') : [];
  const here = new Map(documents.map((document) => [String(document._id), document]));
  const there = new Map([
    ...wechatpay.orders().map((order) => [order.out_trade_no, ordinary(order)] as const),
    ...virtualpay.orders().map((order) => [order.out_trade_no, virtual(order, clock.now())] as const),
  ]);
  const rows = [...new Set([...here.keys(), ...there.keys()])].map((out_trade_no) => {
    const document: Fields = here.get(out_trade_no) ?? {};
    const order = there.get(out_trade_no);
    const created = createdAt(document) || order?.created_at.getTime() || 0;
    const row: OrderHereAndThere = {
      out_trade_no,
      body: textOf(document.body) ?? order?.body ?? '',
      here: textOf(document.trade_state),
      there: order?.trade_state ?? null,
      next_query_at: momentOf(document.next_query_at),
      cancelled: momentOf(document.cancelled_at) !== null,
      under_review: document.held === true,
      ...(order?.paid && { refunds: refundsOf(document, order.paid) }),
    };
    return { row, created };
  });
  return newestFirst(rows, ({ created }) => created)
    .slice(0, ORDERS_MAX)
    .map(({ row }) => row);
}

/** An order at WeChat, whichever way it is paid. */
interface OrderThere {
  readonly body: string;
  readonly trade_state: string;
  readonly created_at: Date;
  /** Present from the payment on, in fen: what the order cost, what went back, what is on its way back. */
  readonly paid?: { readonly total: number; readonly refunded: number; readonly running: number };
}

function ordinary({
  parameters,
  trade_state,
  created_at,
  payment,
  refunds = [],
}: WeChatPayOrder): OrderThere {
  const told = { body: parameters.body ?? '', trade_state, created_at };
  if (!payment) return told;
  const sum = (states: readonly string[]) =>
    sumOf(refunds.filter(({ refund_status }) => states.includes(refund_status)));
  const total = feeOf(Number(parameters.total_fee));
  return { ...told, paid: { total, refunded: sum(['SUCCESS']), running: sum(['PROCESSING', 'CHANGE']) } };
}

function virtual(order: VirtualOrder, now: Date): OrderThere {
  const { product_id: body, created_at, payment, refunds, price: total } = order;
  const told = { body, trade_state: tradeStateOf(shownStatus(order, now)), created_at };
  if (!payment) return told;
  const running = sumOf(refunds.filter(({ state }) => state === 'running'));
  return { ...told, paid: { total, refunded: refundedFee(order), running } };
}

function sumOf(refunds: readonly { readonly refund_fee: number }[]): number {
  return refunds.reduce((total, { refund_fee }) => total + refund_fee, 0);
}

/** What was given back of a paid order: as the database has it, and as WeChat has it. */
function refundsOf(
  document: Fields,
  { total, refunded, running }: NonNullable<OrderThere['paid']>,
): RefundsHereAndThere {
  return {
    here: feeOf(document.refunded_fee),
    reserved: feeOf(document.refund_reserved_fee),
    there: refunded,
    left: total - refunded - running,
  };
}

function feeOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function productNamesOf({ cloud }: ConsoleParts): Record<string, string> {
  const products = cloud.collections().includes('products') ? cloud.documents('products') : [];
  return Object.fromEntries(products.map(({ _id, name }) => [String(_id), textOf(name) ?? String(_id)]));
}

function plannedOf({ timers, wechatpay, virtualpay }: ConsoleParts): Planned[] {
  const events = virtualpay.orders().flatMap(({ out_trade_no, event }) =>
    event?.next_at
      ? [
          {
            kind: 'event' as const,
            at: event.next_at.toISOString(),
            out_trade_no,
            turn: event.attempts.length + 1,
          },
        ]
      : [],
  );
  const notices = wechatpay
    .orders()
    .flatMap(({ out_trade_no, next_notice_at: at, notices: sent }) =>
      at ? [{ kind: 'notice' as const, at: at.toISOString(), out_trade_no, turn: sent.length + 1 }] : [],
    );
  const runs = timers.next.flatMap(({ functionName, at }) =>
    at ? [{ kind: 'timer' as const, at: at.toISOString(), functionName }] : [],
  );
  return [...notices, ...events, ...runs].sort((a, b) => a.at.localeCompare(b.at)).slice(0, PLANNED_MAX);
}

/** Dates become ISO 8601 text by JSON; a regular expression, which JSON would empty, becomes its text. */
function shownDocument(document: Fields, secrets: readonly string[]): Record<string, unknown> {
  const fields = Object.entries(document).map(([field, value]) => [
    field,
    value instanceof RegExp ? String(value) : value,
  ]);
  return Object(masked(Object.fromEntries(fields), secrets));
}

/** Stored documents may have been edited by hand: a field of another type is as good as none. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function momentOf(value: unknown): string | null {
  return value instanceof Date ? value.toISOString() : null;
}

function createdAt({ created_at }: Fields): number {
  return created_at instanceof Date ? created_at.getTime() : 0;
}

function newestFirst<Item>(items: readonly Item[], timeOf: (item: Item) => number): Item[] {
  return [...items].reverse().sort((a, b) => timeOf(b) - timeOf(a));
}
