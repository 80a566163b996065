import type { Hook, HttpAnswer } from '../calls.ts';
import type { WorldClock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import { Calls, type Connection } from './calls.ts';
import { type Cashier, createCashier } from './cashier.ts';
import { type Deliver, httpDeliver } from './deliver.ts';
import { Faults } from './faults.ts';
import { createGateway } from './gateway.ts';
import { Ledger, type LedgerOrder, type NoticeAttempt, type TradeState } from './ledger.ts';
import { type Merchant, type MerchantOptions, Registry, type Shopper } from './merchants.ts';
import type { Forgery } from './notice.ts';
import { Notices } from './notices.ts';
import { pay } from './payment.ts';
import { newRefund, refundedFee } from './refund.ts';
import { Refunds } from './refunds.ts';
import { newRefundId, type Random } from './spelling.ts';
import { readStoredOrder } from './stored-order.ts';
import type { Choices } from './work.ts';

export interface WeChatPayOptions extends Partial<Choices> {
  readonly clock: WorldClock;
  /** Answers like Math.random; a seeded one makes a world that repeats itself. */
  readonly random: Random;
  readonly trace: Trace;
  readonly merchants: readonly MerchantOptions[];
  /** Whose openid belongs to which app. When left out, every openid is taken. */
  readonly shoppers?: readonly Shopper[];
  /** What `orders()` gave in an earlier run, also after a way through JSON: the book goes on from there. */
  readonly orders?: readonly unknown[];
  /** Called with each order as soon as it changed, for whoever saves them. */
  readonly onChange?: (order: OrderSnapshot) => void;
  /** How notices travel; by default over HTTP, to this machine only. */
  readonly deliver?: Deliver;
}

/** An order as the console and the tests see it; a copy. */
export type OrderSnapshot = Readonly<LedgerOrder>;

/** WeChat Pay API v2 on this machine: its APIs for merchants, a cashier for phones, notices, and faults on request. */
export interface LocalWeChatPay {
  /**
   * Answers a call as the gateway would; a path that is not an API gets 404.
   * @throws BrokenConnection when a fault breaks the connection
   */
  handle(path: string, method: string, body: Buffer, connection?: Connection): Promise<HttpAnswer>;
  readonly cashier: Cashier;
  readonly faults: Faults;
  /** Runs `hook.run` before or after the work of each matching call and waits for it; the answer takes it back. */
  hook(hook: Hook): () => void;
  /** @throws when there is no such merchant */
  merchant(mch_id: string): Merchant;
  orders(): readonly OrderSnapshot[];
  order(mch_id: string, out_trade_no: string): OrderSnapshot | undefined;
  /** Sends the notice of a paid order now, outside the schedule. */
  resendNotice(
    mch_id: string,
    out_trade_no: string,
    how?: { times?: number; parallel?: boolean },
  ): Promise<readonly NoticeAttempt[]>;
  /** Sends a notice that must not be believed, about an order that need not be paid. */
  forgeNotice(mch_id: string, out_trade_no: string, forgery: Forgery): Promise<NoticeAttempt>;
  /** Resolves when no notice is on its way. */
  noticesSettled(): Promise<void>;
  /** Puts an order into any state; a state after payment gets a payment, and REFUND a refund of the whole. */
  force(mch_id: string, out_trade_no: string, trade_state: TradeState): void;
  /**
   * The merchant's staff give money back in the merchant platform; what is left where no amount is said.
   * @param how.notify_url where its notices go: the address that is set in the merchant platform
   * @returns its out_refund_no
   * @throws when the order is not paid, or less is left
   */
  refundByStaff(
    mch_id: string,
    out_trade_no: string,
    how?: { readonly refund_fee?: number; readonly notify_url?: string },
  ): string;
  /** Ends a refund that failed: staff have paid it in another way, or given it up. */
  endRefund(
    mch_id: string,
    which: { readonly out_trade_no: string; readonly out_refund_no: string },
    refund_status: 'SUCCESS' | 'REFUNDCLOSE',
  ): void;
}

export function createWeChatPay(options: WeChatPayOptions): LocalWeChatPay {
  const { clock, random, trace, deliver = httpDeliver() } = options;
  const choices = choose(options);
  const registry = new Registry(options.merchants, options.shoppers);
  const ledger = new Ledger(() => clock.now(), options.onChange);
  const faults = new Faults();
  const notices = new Notices({ clock, random, trace, registry, ledger, faults, deliver, ...choices });
  const refunds = new Refunds({ clock, random, trace, registry, ledger, faults, deliver });
  const gateway = createGateway({
    now: () => clock.now(),
    random,
    registry,
    ledger,
    refunds,
    faults,
    choices,
  });
  const calls = new Calls({ clock, random, trace, faults, gateway });

  for (const stored of options.orders ?? []) {
    const order = readStoredOrder(stored);
    ledger.add(order);
    notices.resume(order);
    refunds.resume(order);
  }

  const find = (mch_id: string, out_trade_no: string): LedgerOrder => {
    const order = ledger.find(mch_id, out_trade_no);
    if (!order) throw new Error(`WeChat Pay has no order ${out_trade_no} of merchant ${mch_id}`);
    return order;
  };

  return {
    handle: (path, method, body, connection = { isReused: false }) =>
      calls.handle(path, method, body, connection),
    cashier: createCashier({ clock, random, trace, registry, ledger, faults, notices }),
    faults,
    hook: (hook) => calls.hook(hook),
    merchant: (mch_id) => registry.get(mch_id),
    orders: () => ledger.all().map(copied),
    order(mch_id, out_trade_no) {
      const order = ledger.find(mch_id, out_trade_no);
      return order && copied(order);
    },
    resendNotice: async (mch_id, out_trade_no, how) => notices.resend(find(mch_id, out_trade_no), how),
    forgeNotice: async (mch_id, out_trade_no, forgery) => notices.forge(find(mch_id, out_trade_no), forgery),
    async noticesSettled() {
      await notices.settled();
      await refunds.settled();
    },
    force(mch_id, out_trade_no, trade_state) {
      const order = find(mch_id, out_trade_no);
      if (trade_state === 'SUCCESS' || trade_state === 'REFUND') {
        pay(order, { ledger, now: clock.now(), random }, trade_state);
        if (trade_state === 'REFUND') endedAtOnce(order);
      } else {
        ledger.change(order, { trade_state });
      }
    },
    refundByStaff(mch_id, out_trade_no, { refund_fee, notify_url } = {}) {
      const order = find(mch_id, out_trade_no);
      const left = Number(order.parameters.total_fee) - refundedFee(order);
      const fee = refund_fee ?? left;
      if (!order.payment || fee < 1 || fee > left)
        throw new Error(`${left} fen of ${out_trade_no} can be given back`);
      const refund = refundOfStaff(fee, notify_url);
      refunds.begin(order, refund);
      return refund.out_refund_no;
    },
    endRefund(mch_id, { out_trade_no, out_refund_no }, refund_status) {
      refunds.end(find(mch_id, out_trade_no), out_refund_no, refund_status);
    },
  };

  /** The merchant platform makes the number itself. */
  function refundOfStaff(refund_fee: number, notify_url: string | undefined) {
    const now = clock.now();
    const out_refund_no = newRefundId(now, random);
    const request = { out_refund_no, refund_fee: String(refund_fee), ...(notify_url && { notify_url }) };
    return newRefund({ request, now, random }, 'VENDOR_PLATFORM');
  }

  function endedAtOnce(order: LedgerOrder): void {
    const left = Number(order.parameters.total_fee) - refundedFee(order);
    if (left < 1) return;
    const refund = refundOfStaff(left, undefined);
    ledger.refund(order, { ...refund, refund_status: 'SUCCESS', ended_at: clock.now() });
  }
}

function choose({
  time_expire_min_minutes = 5,
  freshPrepayId = false,
  noticeSignType = false,
  refusals = 'seen',
}: Partial<Choices>): Choices {
  return { time_expire_min_minutes, freshPrepayId, noticeSignType, refusals };
}

/** The ledger changes an order by giving it other values, never a value that it has: so one level is a whole copy. */
function copied(order: LedgerOrder): OrderSnapshot {
  return { ...order };
}
