import type { WorldClock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import { type Cashier, createCashier } from './cashier.ts';
import { type Deliver, deliver as postToThisMachine } from './deliver.ts';
import { type Refused, refuse } from './errors.ts';
import { Faults, type When } from './faults.ts';
import { createGateway, type Received } from './gateway.ts';
import { Ledger, type LedgerOrder, type NoticeAttempt, type TradeState } from './ledger.ts';
import { mask } from './mask.ts';
import { type Merchant, type MerchantOptions, Registry, type Shopper } from './merchants.ts';
import type { Forgery } from './notice.ts';
import { Notices } from './notices.ts';
import { newPayment } from './payment.ts';
import { newNonce, type Random } from './spelling.ts';
import type { Answer, Choices } from './work.ts';
import { writeXml } from './xml.ts';

export interface WeChatPayOptions extends Partial<Choices> {
  readonly clock: WorldClock;
  /** Answers like Math.random; a seeded one makes a world that repeats itself. */
  readonly random: Random;
  readonly trace: Trace;
  readonly merchants: readonly MerchantOptions[];
  /** Whose openid belongs to which app. When left out, every openid is taken. */
  readonly shoppers?: readonly Shopper[];
  /** How notices travel; by default over HTTP, to this machine only. */
  readonly deliver?: Deliver;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Something to do at a point of a call's work, for example to kill who asked. */
export interface Hook {
  readonly when: When;
  readonly path?: string;
  run(call: { readonly path: string; readonly out_trade_no: string | undefined }): unknown;
}

/** The caller hears nothing more: the server above breaks the connection. */
export class BrokenConnection extends Error {
  override readonly name = 'BrokenConnection';
}

/** An order as the console and the tests see it; a copy. */
export type OrderSnapshot = Readonly<LedgerOrder>;

/** WeChat Pay API v2 on this machine: three APIs for merchants, a cashier for phones, notices, and faults on request. */
export interface LocalWeChatPay {
  /**
   * Answers a call as the gateway would; a path that is not an API gets 404.
   * @throws BrokenConnection when a fault breaks the connection
   */
  handle(path: string, method: string, body: Buffer): Promise<HttpAnswer>;
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
  /** Puts an order into any state, as a refund by the merchant's staff would; a state after payment gets a payment. */
  force(mch_id: string, out_trade_no: string, trade_state: TradeState): void;
}

export function createWeChatPay(options: WeChatPayOptions): LocalWeChatPay {
  const { clock, random, trace, deliver = postToThisMachine } = options;
  const choices = choose(options);
  const registry = new Registry(options.merchants, options.shoppers);
  const ledger = new Ledger(() => clock.now());
  const faults = new Faults();
  const notices = new Notices({ clock, random, trace, registry, faults, deliver, ...choices });
  const gateway = createGateway({ now: () => clock.now(), random, registry, ledger, choices });
  const hooks = new Set<Hook>();

  const find = (mch_id: string, out_trade_no: string): LedgerOrder => {
    const order = ledger.find(mch_id, out_trade_no);
    if (!order) throw new Error(`WeChat Pay has no order ${out_trade_no} of merchant ${mch_id}`);
    return order;
  };

  /** What happens around the work: hooks first, then at most one fault of each kind. */
  const disturb = async ({ path, request }: Received, when: When): Promise<Refused | undefined> => {
    const subject = { path, out_trade_no: request.out_trade_no, when };
    for (const hook of hooks) {
      if (hook.when === when && (hook.path ?? path) === path)
        await hook.run({ path, out_trade_no: request.out_trade_no });
    }
    const slow = faults.take(['slow'], subject);
    if (slow)
      await new Promise((resolve) =>
        clock.schedule(new Date(clock.now().getTime() + slow.ms), () => resolve(undefined)),
      );
    if (faults.take(['break'], subject))
      throw new BrokenConnection(`The connection breaks ${when} ${path}, as asked for`);
    const fault = faults.take(['refuse'], subject);
    return fault && refuse(fault.err_code, `${fault.err_code} ${when} the work, as asked for`);
  };

  const answer = async (received: Received): Promise<Answer | Refused> => {
    const before = await disturb(received, 'before');
    const outcome = before ?? gateway.work(received);
    return (await disturb(received, 'after')) ?? outcome;
  };

  return {
    async handle(path, method, body) {
      const received = gateway.receive(path, method, body);
      if (!received)
        return { status: 404, contentType: 'text/plain', body: `No API of WeChat Pay here: ${path}` };
      const id = newNonce(random);
      const label = path;
      trace.record({
        from: 'function',
        to: 'wechatpay',
        kind: 'call',
        label,
        id,
        payload: mask(received.request),
      });
      try {
        const outcome = await answer(received);
        const message = gateway.write(received, outcome);
        const payload = { ...mask(message), ...(outcome.kind === 'refused' ? { why: outcome.why } : {}) };
        trace.record({ from: 'wechatpay', to: 'function', kind: 'reply', label, id, payload });
        return { status: 200, contentType: 'text/xml', body: writeXml(message) };
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        trace.record({ from: 'wechatpay', to: 'function', kind: 'lost', label, id, payload: { why } });
        throw error;
      }
    },
    cashier: createCashier({ clock, random, trace, registry, ledger, faults, notices }),
    faults,
    hook(hook) {
      hooks.add(hook);
      return () => hooks.delete(hook);
    },
    merchant: (mch_id) => registry.get(mch_id),
    orders: () => ledger.all().map((order) => structuredClone(order)),
    order: (mch_id, out_trade_no) => structuredClone(ledger.find(mch_id, out_trade_no)),
    resendNotice: async (mch_id, out_trade_no, how) => notices.resend(find(mch_id, out_trade_no), how),
    forgeNotice: async (mch_id, out_trade_no, forgery) => notices.forge(find(mch_id, out_trade_no), forgery),
    noticesSettled: () => notices.settled(),
    force(mch_id, out_trade_no, trade_state) {
      const order = find(mch_id, out_trade_no);
      const now = clock.now();
      order.trade_state = trade_state;
      if (trade_state !== 'SUCCESS' && trade_state !== 'REFUND') return;
      order.payment ??= newPayment(order, now, random);
    },
  };
}

function choose({
  time_expire_min_minutes = 1,
  freshPrepayId = false,
  noticeSignType = false,
  refusals = 'seen',
}: Partial<Choices>): Choices {
  return { time_expire_min_minutes, freshPrepayId, noticeSignType, refusals };
}
