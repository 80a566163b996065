import type { Chance } from './chance.ts';
import type { EventLog } from './event-log.ts';
import type { FaultKind, Faults } from './faults.ts';
import type { Scheduler } from './scheduler.ts';

/** What a delivery takes of a simulated world. */
export interface DeliveryWorld {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly log: EventLog;
}

/** What can go wrong with a kind of message on its way. */
export interface DeliveryFaults {
  readonly lost: FaultKind;
  readonly late: FaultKind;
  readonly twice: FaultKind;
  readonly answerLost: FaultKind;
  /** It may be this late. */
  readonly lateMaxMs: number;
}

/** WeChat waits so long for the answer to a message. */
const ANSWER_TIMEOUT_MS = 5000;
const WAY_MS = { min: 10, max: 120 };

/**
 * A message on its way from WeChat to a function: lost, late or twice. Rejects when no answer comes in time; the message
 * may arrive all the same, and late.
 * @param message.what as the log names it
 * @param message.arrive hands it to the function; undefined when nothing is answered
 */
export function deliver<Answer>(
  { scheduler, chance, faults, log }: DeliveryWorld,
  { lost, late, twice, answerLost, lateMaxMs }: DeliveryFaults,
  message: { readonly what: string; readonly arrive: () => Promise<Answer | undefined> },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    scheduler.after(ANSWER_TIMEOUT_MS, () => reject(new Error('no answer in time')));
    if (faults.hits(lost)) {
      log.record('WeChat', `${message.what} is lost`);
      return;
    }
    const lateMs = faults.hits(late) ? Math.floor(lateMaxMs * chance.next() ** 4) : 0;
    const times = faults.hits(twice) ? 2 : 1;
    for (let time = 0; time < times; time++) {
      scheduler.after(lateMs + chance.whole(WAY_MS.min, WAY_MS.max), async () => {
        const answer = await message.arrive();
        if (answer === undefined || faults.hits(answerLost)) return;
        scheduler.after(chance.whole(WAY_MS.min, WAY_MS.max), () => resolve(answer));
      });
    }
  });
}
