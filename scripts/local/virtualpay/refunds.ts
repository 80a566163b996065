import type { WorldClock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import type { Account } from './account.ts';
import type { Choices } from './choices.ts';
import { refundEvent } from './events.ts';
import type { VirtualPayFaults } from './faults.ts';
import { type Ledger, type LedgerOrder, type Refund, refundedFee, STATUS } from './ledger.ts';
import type { Pushes } from './pushes.ts';
import { newWxRefundId } from './spelling.ts';

interface Surroundings {
  readonly clock: WorldClock;
  readonly random: () => number;
  readonly trace: Trace;
  readonly account: Account;
  readonly ledger: Ledger;
  readonly faults: VirtualPayFaults;
  readonly pushes: Pushes;
  readonly choices: Choices;
}

/** Refunds on their way: accepted, some time later done or failed, and reported by an event. */
export class Refunds {
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  begin(
    order: LedgerOrder,
    request: { readonly refund_order_id?: string; readonly refund_fee: number; readonly request?: string },
  ): Refund {
    const { clock, random, ledger } = this.#world;
    const now = clock.now();
    const refund_wx_order_id = newWxRefundId(now, random);
    const refund: Refund = {
      refund_order_id: refund_wx_order_id,
      ...request,
      refund_wx_order_id,
      created_at: now,
      state: 'running',
    };
    ledger.change(order, { refunds: [...order.refunds, refund] });
    this.#plan(order, refund);
    return refund;
  }

  /** Goes on where an earlier run left it. */
  resume(order: LedgerOrder): void {
    for (const refund of order.refunds) {
      if (refund.state === 'running') this.#plan(order, refund);
      else if (refund.event) this.#world.pushes.resume(this.#slot(order, refund));
    }
  }

  #plan(order: LedgerOrder, refund: Refund): void {
    const { clock, choices } = this.#world;
    const at = new Date(refund.created_at.getTime() + choices.refundMs);
    clock.schedule(at, () => this.#end(order, refund));
  }

  #end(order: LedgerOrder, refund: Refund): void {
    const { clock, ledger, faults, pushes, account, choices } = this.#world;
    const now = clock.now();
    const isFailed = faults.take(['fail-refund'], { out_trade_no: order.out_trade_no }) !== undefined;
    ledger.changeRefund(order, refund, { state: isFailed ? 'failed' : 'done', ended_at: now });
    const isWhole = !isFailed && refundedFee(order) === order.price;
    if (isFailed) ledger.change(order, { status: STATUS.REFUND_FAILED });
    else if (isWhole) ledger.change(order, { status: STATUS.REFUNDED });
    else {
      const status = order.status === STATUS.REFUND_FAILED ? STATUS.DELIVERED : order.status;
      ledger.change(order, { status, odd_until: new Date(now.getTime() + choices.partialRefundMs) });
    }
    this.#record(order, refund, isFailed);
    const ended = order.refunds.find((each) => each.refund_order_id === refund.refund_order_id) ?? refund;
    pushes.begin(this.#slot(order, ended), refundEvent(order, ended, { account, now }));
  }

  #slot(order: LedgerOrder, refund: Refund) {
    const { ledger } = this.#world;
    return {
      out_trade_no: order.out_trade_no,
      read: () => order.refunds.find((each) => each.refund_order_id === refund.refund_order_id)?.event,
      write: (event: NonNullable<Refund['event']>) => ledger.changeRefund(order, refund, { event }),
    };
  }

  #record({ out_trade_no }: LedgerOrder, { refund_fee }: Refund, isFailed: boolean): void {
    const label = `refund ${isFailed ? 'failed' : 'done'}`;
    const payload = { out_trade_no, refund_fee };
    this.#world.trace.record({ from: 'weixin', to: 'weixin', kind: 'change', label, payload });
  }
}
