import type { WorldClock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import type { Random } from '../weixin/spelling.ts';
import type { LocalWeixin } from '../weixin/weixin.ts';
import { type Account, type AccountOptions, createAccount } from './account.ts';
import { type AppleDecision, askApple } from './apple.ts';
import { type CashDesk, createCashDesk } from './cash-desk.ts';
import { type Choices, choose } from './choices.ts';
import { complaintEvent } from './events.ts';
import { VirtualPayFaults } from './faults.ts';
import { type Forgery, forgeEvent, type Target } from './forgeries.ts';
import { itemApis } from './item-apis.ts';
import { type Item, type ItemFields, Items } from './items.ts';
import { type Env, Ledger, type LedgerOrder, type PushAttempt, refundedFee } from './ledger.ts';
import { orderApis } from './order-apis.ts';
import { deliverSlot } from './payment.ts';
import { type Deliver, Pushes } from './pushes.ts';
import { Refunds } from './refunds.ts';
import { readStoredItem, readStoredOrder } from './stored.ts';

export interface VirtualPayOptions extends Partial<Choices> {
  readonly clock: WorldClock;
  /** Answers like Math.random; a seeded one makes a world that repeats itself. */
  readonly random: Random;
  readonly trace: Trace;
  /** The host whose logins and tokens count; the APIs are put there. */
  readonly weixin: LocalWeixin;
  readonly account: AccountOptions;
  /** How events reach the merchant's function. */
  readonly deliver: Deliver;
  /** What `orders()` and `items()` gave in an earlier run, also after a way through JSON. */
  readonly orders?: readonly unknown[];
  readonly items?: readonly unknown[];
  /** Called with each order, and each item, as soon as it changed, for whoever saves them. */
  readonly onChange?: (change: { readonly order: OrderSnapshot } | { readonly item: Item }) => void;
}

/** An order as the console and the tests see it; a copy. */
export type OrderSnapshot = Readonly<LedgerOrder>;

/** Virtual payment on this machine: the APIs under /xpay, the phone's cash desk, events, Apple, and faults on request. */
export interface LocalVirtualPay {
  readonly account: Account;
  readonly cashDesk: CashDesk;
  readonly faults: VirtualPayFaults;
  orders(): readonly OrderSnapshot[];
  order(env: Env, out_trade_no: string): OrderSnapshot | undefined;
  items(): readonly Item[];
  /** Puts an item there that can be bought already, or, with `published_at`, from some time after that. */
  publish(
    item: Pick<ItemFields, 'id' | 'price' | 'name'> & { readonly env: Env; readonly published_at?: Date },
  ): void;
  /** Pushes the deliver event of a paid order now, outside its schedule. */
  resendEvent(
    env: Env,
    out_trade_no: string,
    how?: { times?: number; parallel?: boolean },
  ): Promise<readonly PushAttempt[]>;
  /** Pushes an event that must not be believed, about an order that WeChat need not know. */
  forgeEvent(target: Target, forgery: Forgery): Promise<PushAttempt>;
  /** The shopper complains about a paid order. */
  complain(env: Env, out_trade_no: string, detail?: string): Promise<PushAttempt>;
  /** The merchant's staff refunds in WeChat's own console; all that is left unless said. */
  refundByHand(env: Env, out_trade_no: string, refund_fee?: number): void;
  /** The shopper asks Apple for the money back. */
  askApple(
    out_trade_no: string,
    how?: { reason?: string; decides?: 'refund' | 'decline' },
  ): Promise<AppleDecision>;
  /** Resolves when no event is on its way. */
  eventsSettled(): Promise<void>;
}

/** Long before any item is bought. */
const LONG_AGO = new Date(0);

export function createVirtualPay(options: VirtualPayOptions): LocalVirtualPay {
  const { clock, random, trace, weixin, deliver, onChange = () => {} } = options;
  const now = () => clock.now();
  const choices = choose(options);
  const account = createAccount(options.account);
  const faults = new VirtualPayFaults();
  const { unpaidLifeMs, itemTaskMs: taskMs, effectiveMs } = choices;
  const ledger = new Ledger({ now, unpaidLifeMs, onChange: (order) => onChange({ order }) });
  const items = new Items({ now, taskMs, effectiveMs, onChange: (item) => onChange({ item }) });
  const pushes = new Pushes({ clock, random, trace, faults, deliver });
  const refunds = new Refunds({ clock, random, trace, account, ledger, faults, pushes, choices });
  const door = { weixin, account };
  const world = { clock, random, trace, weixin, account, items, ledger, faults, pushes, refunds, choices };
  for (const [name, api] of [...orderApis(door, world), ...itemApis(door, world)])
    weixin.add(`/xpay/${name}`, api);

  for (const stored of options.items ?? []) items.put(readStoredItem(stored));
  for (const stored of options.orders ?? []) {
    const order = readStoredOrder(stored);
    ledger.add(order);
    weixin.sessions.join(order.openid);
    pushes.resume(deliverSlot(ledger, clock, order));
    refunds.resume(order);
  }

  const find = (env: Env, out_trade_no: string): LedgerOrder => {
    const order = ledger.find(env, out_trade_no);
    if (!order) throw new Error(`Virtual payment has no order ${out_trade_no} in env ${env}`);
    return order;
  };
  const findPaid = (env: Env, out_trade_no: string): LedgerOrder => {
    const order = find(env, out_trade_no);
    if (!order.payment) throw new Error(`Order ${out_trade_no} is not paid`);
    return order;
  };

  return {
    account,
    cashDesk: createCashDesk(world),
    faults,
    orders: () => ledger.all().map(copied),
    order(env, out_trade_no) {
      const order = ledger.find(env, out_trade_no);
      return order && copied(order);
    },
    items: () => items.all(),
    publish({ published_at = LONG_AGO, ...item }) {
      const looks = { remark: item.name, item_url: 'https://example.com/item.png', review: 'ok' as const };
      items.put({ ...looks, ...item, uploaded_at: LONG_AGO, published_at });
    },
    resendEvent: async (env, out_trade_no, how) =>
      pushes.resend(deliverSlot(ledger, clock, findPaid(env, out_trade_no)), how),
    forgeEvent: (target, forgery) =>
      pushes.once(forgeEvent(target, forgery, { account, now: now() }), { label: `forged: ${forgery}` }),
    complain: async (env, out_trade_no, detail = '会员没有开通') => {
      const id = `2000000${out_trade_no}`;
      return pushes.once(
        complaintEvent(findPaid(env, out_trade_no), { id, detail }, { account, now: now() }),
      );
    },
    refundByHand(env, out_trade_no, refund_fee) {
      const order = findPaid(env, out_trade_no);
      refunds.begin(order, { refund_fee: refund_fee ?? order.price - refundedFee(order) });
    },
    askApple: async (out_trade_no, how) => askApple(world, findPaid(0, out_trade_no), how),
    eventsSettled: () => pushes.settled(),
  };
}

/** The ledger changes an order by giving it other values, never a value that it has: so one level is a whole copy. */
function copied(order: LedgerOrder): OrderSnapshot {
  return { ...order };
}
