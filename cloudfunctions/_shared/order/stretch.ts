import type { Order } from './order.ts';
import type { DueFrom, DuePage } from './ports.ts';

/** One claim may be lost to the order's own page or notice; so many one after the other are lost to another run. */
const LOST_IN_A_ROW = 3;

/**
 * A stretch of what is due, which a run works through from its beginning. Claims alone tell whether another run works there
 * too: that run wins them. Whoever claims the first order of a stretch has it; the other passes over what it has not
 * claimed, goes on in the middle of what lies behind, and comes back when that is done. So runs that begin together need
 * nobody to share the work out, and one of them always stays with the orders that have waited longest.
 */
export class Stretch {
  /** Where it begins; where everything does when it is absent. */
  readonly from: DueFrom | undefined;
  /** The last moment of it. */
  readonly until: Date;
  /** Read, and not yet begun with. */
  readonly #waiting = new Set<Order>();
  readonly #isLast: boolean;
  #behind: DueFrom | undefined;
  #lost = 0;
  #isLeft = false;

  /** @param isLast whether nothing else is left to go to */
  constructor({ from, until, isLast = false }: { from?: DueFrom; until: Date; isLast?: boolean }) {
    this.from = from;
    this.until = until;
    this.#isLast = isLast;
  }

  /** Whether it is left to another run. Nothing more of it is begun then. */
  get isLeft(): boolean {
    return this.#isLeft;
  }

  /** A page of it was read. */
  read({ orders, next }: DuePage): void {
    for (const order of orders) this.#waiting.add(order);
    this.#behind = next;
  }

  /** One of its orders waits no longer. */
  begin(order: Order): void {
    this.#waiting.delete(order);
  }

  /** Whether one of its orders was claimed, or another had it. @param isLead it is the first of the stretch */
  note(isClaimed: boolean, isLead: boolean): void {
    this.#lost = isClaimed ? 0 : this.#lost + (isLead ? LOST_IN_A_ROW : 1);
    const isWorthLeaving = this.#hasMore || (this.#waiting.size > 0 && !this.#isLast);
    if (this.#lost >= LOST_IN_A_ROW && isWorthLeaving) this.#isLeft = true;
  }

  /** Of one that is left before its end: what was passed over, and where to go on first. Both are smaller than it. */
  split(): readonly [passedOver: Stretch, next: Stretch] | undefined {
    if (!this.#isLeft || !this.#behind || !this.#hasMore) return undefined;
    const middle = Math.ceil((this.#behind.next_query_at.getTime() + this.until.getTime()) / 2);
    return [
      new Stretch({
        from: { next_query_at: this.#firstWaiting(this.#behind.next_query_at) },
        until: new Date(middle - 1),
      }),
      new Stretch({ from: { next_query_at: new Date(middle) }, until: this.until }),
    ];
  }

  /** Of one that was left at its end: what was passed over, to be looked at once more when all else is done. */
  rest(): Stretch | undefined {
    if (!this.#isLeft) return undefined;
    return new Stretch({
      from: { next_query_at: this.#firstWaiting(this.until) },
      until: this.until,
      isLast: true,
    });
  }

  get #hasMore(): boolean {
    return this.#behind !== undefined && this.#behind.next_query_at < this.until;
  }

  #firstWaiting(behind: Date): Date {
    let first = behind;
    for (const { next_query_at } of this.#waiting)
      if (next_query_at && next_query_at < first) first = next_query_at;
    return first;
  }
}
