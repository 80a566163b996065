import PQueue from 'p-queue';
import { ChannelError, type ChannelErrorCode, type PaymentChannel } from './channel.ts';
import { channelNameOf, type Order } from './order.ts';

/** How many questions to one channel are under way at once: 10,000 due orders in half a minute at WeChat's usual 140 ms. */
export const SWEEP_QUESTIONS = 50;
/** How many of its orders are worked on at once: those it is asked about, and others that are being claimed or settled. */
const SWEEP_ORDERS_AT_ONCE = 80;

/** How many orders are read at a time. The next are read when fewer than that wait. */
export const SWEEP_PAGE_ORDERS = 200;

/**
 * What a run does with one channel for one mini-program: one that is slow, or asks for patience, delays no other; nor does
 * one whose secret is refused.
 */
export interface Lane {
  /** Orders that wait for their turn, and those that are worked on. */
  readonly orders: PQueue;
  readonly questions: PQueue;
  /** Why nothing more is asked in this run. */
  stopped: ChannelError | undefined;
}

/** The lane of each channel and mini-program that a run meets. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();

  get all(): readonly Lane[] {
    return [...this.#lanes.values()];
  }

  /** Resolves when one of the lanes can take more. */
  async ready(): Promise<void> {
    if (this.#lanes.size > 0)
      await Promise.race(this.all.map(({ orders }) => orders.onSizeLessThan(SWEEP_PAGE_ORDERS)));
  }

  of(order: Pick<Order, 'channel' | 'appid'>): Lane {
    const name = `${channelNameOf(order)} ${order.appid}`;
    const lane = this.#lanes.get(name) ?? {
      orders: new PQueue({ concurrency: SWEEP_ORDERS_AT_ONCE }),
      questions: new PQueue({ concurrency: SWEEP_QUESTIONS }),
      stopped: undefined,
    };
    this.#lanes.set(name, lane);
    return lane;
  }
}

/**
 * A channel whose questions wait for their turn in its lane. One that ends the lane fails those that still wait. That WeChat
 * does not take the mark of a delivery says nothing of its other answers, so it ends none.
 */
export function inLane(channel: PaymentChannel, lane: Lane): PaymentChannel {
  const inTurn = <Answer>(ask: () => Promise<Answer>): Promise<Answer> =>
    lane.questions.add(() => {
      if (lane.stopped) throw lane.stopped;
      return ask();
    });
  const noted = (error: unknown) => {
    if (endsTheLane(error)) lane.stopped = error;
    return error;
  };
  const turn = <Answer>(ask: () => Promise<Answer>): Promise<Answer> =>
    inTurn(async () => {
      try {
        return await ask();
      } catch (error) {
        throw noted(error);
      }
    });
  const { close, markDelivered } = channel;
  return {
    ...channel,
    checkSettings() {
      try {
        channel.checkSettings();
      } catch (error) {
        throw noted(error);
      }
    },
    prepare: (order) => turn(() => channel.prepare(order)),
    query: (order) => turn(() => channel.query(order)),
    close: close && ((order) => turn(() => close(order))),
    refund: (order, refund) => turn(() => channel.refund(order, refund)),
    queryRefund: (order, out_refund_no) => turn(() => channel.queryRefund(order, out_refund_no)),
    listRefunds: (order) => turn(() => channel.listRefunds(order)),
    ...(markDelivered && { markDelivered: (order: Order) => inTurn(() => markDelivered(order)) }),
  };
}

/** WeChat asks for fewer questions, or does not accept us: more questions, fifty at a time, would make it worse. */
const ENDS_THE_LANE: ReadonlySet<ChannelErrorCode> = new Set(['PATIENCE', 'MISCONFIGURED']);

function endsTheLane(error: unknown): error is ChannelError {
  return error instanceof ChannelError && ENDS_THE_LANE.has(error.code);
}
