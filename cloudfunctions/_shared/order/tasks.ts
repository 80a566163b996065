import PQueue from 'p-queue';
import { type Lane, type Lanes, SWEEP_PAGE_ORDERS } from './lanes.ts';
import type { Order } from './order.ts';
import type { DuePage } from './ports.ts';
import type { Stretch } from './stretch.ts';

/** So many orders of one lane wait at most; of one that is slow the others stay due. */
const SWEEP_WAITING_MAX = 10 * SWEEP_PAGE_ORDERS;

/** @param noteClaim is to be called with whether the order was claimed; never where no claim was tried */
export type Work = (order: Order, lane: Lane, noteClaim: (isClaimed: boolean) => void) => Promise<void>;

/** A run's work on its orders, each in its lane. */
export class Tasks {
  readonly #lanes: Lanes;
  readonly #isOver: () => boolean;
  readonly #work: Work;
  /** The first order of a stretch waits for no lane: all others of it wait for that one. */
  readonly #leads = new PQueue();
  readonly #bugs: unknown[] = [];
  #areTooMany = false;

  /** @param run.isOver whether nothing more may be begun */
  constructor({ lanes, isOver, work }: { lanes: Lanes; isOver: () => boolean; work: Work }) {
    this.#lanes = lanes;
    this.#isOver = isOver;
    this.#work = work;
  }

  /** Whether something was thrown that the work should have caught. */
  get haveBug(): boolean {
    return this.#bugs.length > 0;
  }

  /** Whether a lane could not take all that was read. */
  get areTooMany(): boolean {
    return this.#areTooMany;
  }

  /** Begins with a page. Where a stretch has more than that one, its first order is claimed before any other is begun with. */
  async begin(stretch: Stretch, { orders, next }: DuePage, isFirst: boolean): Promise<void> {
    const [lead] = orders;
    const isLed = isFirst && next !== undefined && lead !== undefined;
    if (isLed) await this.#lead(stretch, lead);
    if (stretch.isLeft) return;
    for (const order of isLed ? orders.slice(1) : orders) this.#add(stretch, order);
  }

  /** Resolves when nothing waits, and nothing is under way. @throws what the work should have caught */
  async end(): Promise<void> {
    const queues = [this.#leads, ...this.#lanes.all.map(({ orders }) => orders)];
    await Promise.all(queues.map((queue) => queue.onIdle()));
    if (this.haveBug) throw this.#bugs[0];
  }

  /** Resolves when the order is claimed, or its work is over. */
  #lead(stretch: Stretch, order: Order): Promise<void> {
    return new Promise((resolve) => {
      const noteClaim = (isClaimed: boolean) => {
        stretch.note(isClaimed, true);
        resolve();
      };
      this.#start(this.#leads, this.#task(stretch, order, noteClaim), resolve);
    });
  }

  #add(stretch: Stretch, order: Order): void {
    const { orders } = this.#lanes.of(order);
    if (orders.size >= SWEEP_WAITING_MAX) {
      stretch.begin(order);
      this.#areTooMany = true;
      return;
    }
    const noteClaim = (isClaimed: boolean) => stretch.note(isClaimed, false);
    this.#start(orders, this.#task(stretch, order, noteClaim));
  }

  #task(stretch: Stretch, order: Order, noteClaim: (isClaimed: boolean) => void): () => Promise<void> {
    const lane = this.#lanes.of(order);
    return async () => {
      if (this.#isOver() || lane.stopped || stretch.isLeft) return;
      stretch.begin(order);
      await this.#work(order, lane, noteClaim);
    };
  }

  #start(queue: PQueue, task: () => Promise<void>, ended = () => {}): void {
    queue
      .add(task)
      .catch((bug: unknown) => this.#bugs.push(bug))
      .finally(ended);
  }
}
