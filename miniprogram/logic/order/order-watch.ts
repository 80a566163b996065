import type { Answered } from '../answer';
import { type Attempt, isOutcomeOpen } from './attempts';
import type { Order, OrderAnswered } from './order';
import { isOver, type ShownState, shownState } from './order-state';
import { pollAfterMs } from './poll-schedule';

/** How the asking goes, for the order page to show. */
export interface Polling {
  /** How often the server was asked since the page began to wait. */
  readonly count: number;
  /** When it began to wait. */
  readonly since: Date | undefined;
  /** When the server last answered, while it cannot be reached now. */
  readonly offlineSince: Date | undefined;
}

export interface WatchPorts {
  checkOrder(out_trade_no: string): Promise<Answered<OrderAnswered>>;
  attemptFor(order: Order): Attempt | undefined;
  now(): Date;
  /** Runs something later; the returned function calls it off. */
  later(run: () => void, delayMs: number): () => void;
  /** The order or the asking changed. */
  changed(): void;
}

const NOT_WAITING: Polling = { count: 0, since: undefined, offlineSince: undefined };

/**
 * Follows one order while its page is seen. It asks the server once when it starts, and goes on, ever less often, while
 * the order is being confirmed, or past its time and not yet closed, or its cashier left how it was left open. It ends at the last wait of the schedule, when the
 * order is over, or when it is stopped. An answer that arrives while it is stopped counts all the same.
 */
export class OrderWatch {
  order: Order | undefined;
  polling: Polling = NOT_WAITING;
  private readonly ports: WatchPorts;
  private receivedAt: Date;
  private isRunning = false;
  private question: Promise<boolean> | undefined;
  /** Raised by an answer that overtakes a question under way, whose own is then older than what is known. */
  private turn = 0;
  private callOff: () => void = () => {};

  constructor(ports: WatchPorts) {
    this.ports = ports;
    this.receivedAt = ports.now();
  }

  /**
   * Begins, or begins again, with the order as it was read at `receivedAt`. A question that is under way since before goes on:
   * its answer counts unless what was read is over already.
   */
  async start(order: Order, receivedAt: Date = this.ports.now()): Promise<void> {
    this.isRunning = true;
    this.receivedAt = receivedAt;
    this.polling = NOT_WAITING;
    this.know(order);
    await this.ask();
  }

  /** Goes on with what is known, when the page is seen again and nothing can be read. */
  async resume(): Promise<void> {
    if (this.order === undefined) return;
    this.isRunning = true;
    this.know(this.order);
    await this.ask();
  }

  /** The page is out of sight: no more questions until it starts again. */
  stop(): void {
    this.isRunning = false;
    this.callOff();
  }

  /** An answer to another call about this order, which is newer than any question under way. */
  take(order: Order): void {
    this.turn += 1;
    this.know(order);
  }

  /** Asks now, unless it was stopped or there is nothing to ask; says whether an answer came. Two questions are one. */
  ask(): Promise<boolean> {
    this.question ??= this.askServer().finally(() => {
      this.question = undefined;
    });
    return this.question;
  }

  private async askServer(): Promise<boolean> {
    if (!this.isRunning || this.order === undefined || isOver(this.stateOf(this.order))) return true;
    this.callOff();
    const { turn } = this;
    const answered = await this.ports.checkOrder(this.order.out_trade_no);
    if (answered.kind !== 'lost') this.receivedAt = this.ports.now();
    const isOffline = answered.kind === 'lost' && answered.offline;
    const offlineSince = isOffline ? this.receivedAt : undefined;
    this.polling = { ...this.polling, count: this.polling.count + 1, offlineSince };
    const isNews = turn === this.turn && !isOver(this.stateOf(this.order));
    if (answered.kind === 'answered' && isNews) this.know(answered.answer.order);
    else this.ports.changed();
    this.askLater();
    return answered.kind === 'answered';
  }

  private know(order: Order): void {
    this.order = order;
    if (!this.isAwaited(order)) this.polling = { ...NOT_WAITING, count: this.polling.count };
    else if (this.polling.since === undefined) this.polling = { ...this.polling, since: this.ports.now() };
    this.ports.changed();
  }

  /** Without a network it waits for the network instead; a payment that the merchant looks into takes hours. */
  private askLater(): void {
    if (!this.isRunning || this.order === undefined || this.order.under_review) return;
    if (!this.isAwaited(this.order) || this.polling.offlineSince !== undefined) return;
    const delayMs = pollAfterMs(this.polling.count - 1);
    if (delayMs !== undefined) this.callOff = this.ports.later(() => this.ask(), delayMs);
  }

  /** Whether the server will say more of it by itself. */
  private isAwaited(order: Order): boolean {
    const state = this.stateOf(order);
    if (state === 'unpaid') return isOutcomeOpen(this.ports.attemptFor(order));
    return state === 'confirming' || state === 'expired';
  }

  private stateOf(order: Order): ShownState {
    return shownState(order, this.ports.attemptFor(order), this.ports.now());
  }
}
