import PQueue from 'p-queue';
import type { Reminded, ReminderMessage, ReminderPorts } from './ports.ts';

/** So many messages are on their way at once while WeChat answers. */
const AT_ONCE = 10;
/** So many in a row of which nobody knows whether they were sent are an outage: each costs its shopper the reminder. */
const UNKNOWN_MAX = 3;
/** Where so many are refused that a human has to look at, the others are left to the next run. */
const MISCONFIGURED_MAX = 10;

/** What became of a message, or why it was not sent: another run has it, or this one sends no more. */
export type Sent = Reminded | { readonly kind: 'taken' } | { readonly kind: 'left' };

/**
 * The messages of one run on their way to WeChat. Until it has answered one, only so many are on their way as an outage may cost, and
 * fewer while it is not known what became of the last. Where it does not answer, or would take no other message either, no
 * more are sent.
 */
export class Outgoing {
  readonly #queue = new PQueue({ concurrency: UNKNOWN_MAX });
  readonly #remind: ReminderPorts['remind'];
  readonly #isLate: () => boolean;
  #unknown = 0;
  #misconfigured = 0;
  #isStopped = false;

  /** @param run.isLate whether no time is left to begin anything */
  constructor({ remind, isLate }: Pick<ReminderPorts, 'remind'> & { isLate: () => boolean }) {
    this.#remind = remind;
    this.#isLate = isLate;
  }

  /** Whether no more messages are sent in this run. */
  get isOver(): boolean {
    return this.#isStopped || this.#isLate();
  }

  /** Sends a message in its turn, once it is claimed: one that still waits is anybody's. */
  send(message: ReminderMessage, claim: () => Promise<boolean>): Promise<Sent> {
    return this.#queue.add(async () => {
      if (this.isOver) return { kind: 'left' };
      if (!(await claim())) return { kind: 'taken' };
      const reminded = await this.#remind(message);
      this.#learn(reminded);
      return reminded;
    });
  }

  #learn(reminded: Reminded): void {
    this.#unknown = reminded.kind === 'unknown' ? this.#unknown + 1 : 0;
    if (reminded.kind === 'misconfigured') this.#misconfigured++;
    const isForAll = 'isForAll' in reminded && reminded.isForAll;
    this.#isStopped ||= isForAll || this.#unknown >= UNKNOWN_MAX || this.#misconfigured >= MISCONFIGURED_MAX;
    this.#queue.concurrency = this.#unknown === 0 ? AT_ONCE : Math.max(1, UNKNOWN_MAX - this.#unknown);
  }
}
