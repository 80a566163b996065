import type { WorldClock } from '../clock.ts';
import type { Faults, NoticeFault } from './faults.ts';
import type { Ledger, LedgerOrder, LedgerRefund, NoticeAttempt } from './ledger.ts';
import type { Registry } from './merchants.ts';
import { NOTICE_GAPS_MS } from './notices.ts';
import { type Posts, postNotice } from './post-notice.ts';
import { composeRefundNotice } from './refund-notice.ts';

/** How long WeChat works on a refund here; to a balance it takes minutes, to a card days. */
export const REFUND_TAKES_MS = 20_000;

interface Surroundings extends Posts {
  readonly clock: WorldClock;
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly faults: Faults;
}

const NOTICE_FAULTS = ['lose-notice', 'lose-reply', 'repeat-notice', 'delay-notice'] as const;

/** Refunds as they come to their end, and the merchant's notices of that. */
export class Refunds {
  readonly #world: Surroundings;
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** WeChat works on a refund from now on. The order is one that was refunded, however much of it. */
  begin(order: LedgerOrder, refund: LedgerRefund): LedgerRefund {
    const { ledger, trace } = this.#world;
    ledger.refund(order, refund);
    const { out_trade_no } = order;
    const label = `${order.trade_state} → REFUND`;
    trace.record({
      from: 'wechatpay',
      to: 'wechatpay',
      kind: 'change',
      label,
      payload: { out_trade_no, out_refund_no: refund.out_refund_no },
    });
    ledger.change(order, { trade_state: 'REFUND' });
    this.#endLater(order, refund);
    return refund;
  }

  /** Goes on where an earlier run left it. */
  resume(order: LedgerOrder): void {
    for (const refund of order.refunds ?? []) {
      if (refund.refund_status === 'PROCESSING') this.#endLater(order, refund);
      else if (refund.next_notice_at)
        this.#plan(order, refund.out_refund_no, refund.notices.length, refund.next_notice_at);
    }
  }

  /** Resolves when no notice is on its way. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
  }

  #endLater(order: LedgerOrder, { out_refund_no, created_at }: LedgerRefund): void {
    const { clock, faults } = this.#world;
    clock.schedule(new Date(created_at.getTime() + REFUND_TAKES_MS), () => {
      const fault = faults.take(['fail-refund'], { out_trade_no: order.out_trade_no });
      return this.end(order, out_refund_no, fault?.refund_status ?? 'SUCCESS');
    });
  }

  /** The refund's end, as WeChat or, after it failed, the merchant's staff bring it about. */
  end(order: LedgerOrder, out_refund_no: string, refund_status: 'SUCCESS' | 'CHANGE' | 'REFUNDCLOSE'): void {
    const { clock, ledger, trace } = this.#world;
    const refund = refundOf(order, out_refund_no);
    if (refund.refund_status === 'SUCCESS') return;
    const ended_at = clock.now();
    ledger.refund(order, { ...refund, refund_status, ended_at, notices: [], next_notice_at: ended_at });
    const payload = { out_trade_no: order.out_trade_no, out_refund_no };
    const label = `refund ${refund.refund_status} → ${refund_status}`;
    trace.record({ from: 'wechatpay', to: 'wechatpay', kind: 'change', label, payload });
    this.#plan(order, out_refund_no, 0, ended_at);
  }

  /** Each turn plans the next one before it sends, so that a run that is killed goes on from there. */
  #plan(order: LedgerOrder, out_refund_no: string, turn: number, at: Date): void {
    const { clock, faults } = this.#world;
    this.#note(order, out_refund_no, { next_notice_at: at });
    clock.schedule(at, async () => {
      if (isOver(refundOf(order, out_refund_no))) return;
      const fault = faults.take(NOTICE_FAULTS, { out_trade_no: order.out_trade_no });
      if (fault?.kind === 'delay-notice') {
        this.#plan(order, out_refund_no, turn, new Date(at.getTime() + fault.ms));
        return;
      }
      const gap = NOTICE_GAPS_MS[turn];
      if (gap === undefined) this.#note(order, out_refund_no, { next_notice_at: undefined });
      else this.#plan(order, out_refund_no, turn + 1, new Date(at.getTime() + gap));
      await this.#fly(this.#send(order, out_refund_no, fault));
      if (isOver(refundOf(order, out_refund_no)))
        this.#note(order, out_refund_no, { next_notice_at: undefined });
    });
  }

  async #send(order: LedgerOrder, out_refund_no: string, fault: NoticeFault | undefined): Promise<void> {
    const { clock, random, registry } = this.#world;
    const keep = (attempt: NoticeAttempt) =>
      this.#note(order, out_refund_no, { notices: [...refundOf(order, out_refund_no).notices, attempt] });
    if (fault?.kind === 'lose-notice') {
      keep({ at: clock.now(), outcome: 'lost', why: 'the notice was lost, as asked for' });
      return;
    }
    const refund = refundOf(order, out_refund_no);
    // Without an address of its own a refund's notices go where the merchant platform says: nowhere, here.
    const { notify_url } = refund;
    if (!notify_url) {
      keep({ at: clock.now(), outcome: 'refused', why: 'no notify_url' });
      return;
    }
    const key = registry.get(order.mch_id).api_key;
    const body = composeRefundNotice(order, refund, { key, random });
    const times = fault?.kind === 'repeat-notice' ? fault.times : 1;
    for (let time = 0; time < times; time++) {
      const attempt = await postNotice(
        this.#world,
        { parameters: { notify_url } },
        { body, label: 'refund notice', about: order.out_trade_no },
      );
      const isLost = fault?.kind === 'lose-reply';
      keep(
        isLost ? { at: attempt.at, outcome: 'reply lost', why: 'the reply was lost, as asked for' } : attempt,
      );
    }
  }

  #note(
    order: LedgerOrder,
    out_refund_no: string,
    change: Pick<LedgerRefund, 'next_notice_at'> | Pick<LedgerRefund, 'notices'>,
  ): void {
    this.#world.ledger.refund(order, { ...refundOf(order, out_refund_no), ...change });
  }

  #fly<T>(sending: Promise<T>): Promise<T> {
    const flight = sending.finally(() => this.#inFlight.delete(flight));
    this.#inFlight.add(flight);
    return flight;
  }
}

function refundOf(order: LedgerOrder, out_refund_no: string): LedgerRefund {
  const refund = order.refunds?.find((each) => each.out_refund_no === out_refund_no);
  if (!refund) throw new Error(`WeChat Pay has no refund ${out_refund_no} of ${order.out_trade_no}`);
  return refund;
}

/** No more notices: the merchant has it, or cannot be posted to at all. */
function isOver({ notices }: LedgerRefund): boolean {
  return notices.some(({ outcome }) => outcome === 'SUCCESS' || outcome === 'refused');
}
