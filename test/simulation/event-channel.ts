import type { Books } from './books.ts';
import type { Chance } from './chance.ts';
import { checkEventAnswer, contradicts } from './event-checks.ts';
import type { Faults } from './faults.ts';
import type { Findings } from './findings.ts';
import type { PaymentSide } from './payment-side.ts';
import type { FunctionPlatform } from './platform.ts';
import type { Questions } from './questions.ts';
import type { Scheduler } from './scheduler.ts';
import type { Story } from './story.ts';

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly story: Story;
  readonly platform: FunctionPlatform;
  readonly books: Books;
  readonly findings: Findings;
  readonly questions: Questions;
  readonly payments: () => Pick<PaymentSide, 'order'>;
}

/** WeChat waits so long for the answer to an event. */
const ANSWER_TIMEOUT_MS = 5000;
const WAY_MS = { min: 10, max: 120 };
const LATE_MAX_MS = 12 * 3_600_000;

/** The way of events from message push to virtualPayNotify, with everything that can befall them. */
export class EventChannel {
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** Pushes an event. Rejects when no answer comes in time; it may arrive all the same, and late. */
  deliver(event: object): Promise<unknown> {
    const { scheduler, chance, faults, story } = this.#world;
    return new Promise((resolve, reject) => {
      scheduler.after(ANSWER_TIMEOUT_MS, () => reject(new Error('no answer in time')));
      if (faults.hits('event lost')) {
        story.tell('WeChat', `event about ${numberIn(event)} is lost`);
        return;
      }
      const late = faults.hits('event late') ? Math.floor(LATE_MAX_MS * chance.next() ** 4) : 0;
      const times = faults.hits('event twice') ? 2 : 1;
      for (let time = 0; time < times; time++) {
        scheduler.after(late + chance.whole(WAY_MS.min, WAY_MS.max), async () => {
          const answer = await this.#arrive(event);
          if (answer === undefined || faults.hits('event answer lost')) return;
          scheduler.after(chance.whole(WAY_MS.min, WAY_MS.max), () => resolve(answer));
        });
      }
    });
  }

  async #arrive(event: object): Promise<unknown> {
    const { platform, story, books, findings, questions } = this.#world;
    const out_trade_no = numberIn(event);
    const kind = String(Reflect.get(event, 'Event'));
    const arrived = { event, out_trade_no, before: books.orders.get(out_trade_no) };
    // Only then may WeChat be asked about it.
    if (!contradicts(arrived)) questions.invited(out_trade_no);
    story.tell('WeChat', `event ${kind} about ${out_trade_no}`);
    const outcome = await platform.invoke('virtualPayNotify', event, { source: 'wx_push' });
    if (outcome.kind === 'threw') findings.report('no crash', `virtualPayNotify threw: ${outcome.error}`);
    if (outcome.kind !== 'answered') {
      story.tell('virtualPayNotify', outcome.kind);
      return undefined;
    }
    story.tell('virtualPayNotify', `answers ${JSON.stringify(outcome.answer)}`);
    checkEventAnswer(this.#world, arrived, outcome.answer);
    return outcome.answer;
  }
}

function numberIn(event: object): string {
  const { OutTradeNo, MchOrderId, pay_order_id } = Object(event);
  return String(OutTradeNo ?? MchOrderId ?? pay_order_id ?? '');
}
