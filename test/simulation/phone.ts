import type { AnswerChecks } from './answer-checks.ts';
import type { Books } from './books.ts';
import type { Chance } from './chance.ts';
import type { EventLog } from './event-log.ts';
import type { Faults } from './faults.ts';
import type { Findings } from './findings.ts';
import type { Payer } from './payment-side.ts';
import type { PhoneAnswer, PhoneRequest } from './phone-messages.ts';
import type { FunctionPlatform } from './platform.ts';
import type { Questions } from './questions.ts';
import type { ReminderChecks } from './reminders/reminder-checks.ts';
import type { Scheduler } from './scheduler.ts';

export type ShopperFunction = 'createOrder' | 'checkOrder' | 'cancelOrder';

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly log: EventLog;
  readonly platform: FunctionPlatform;
  readonly books: Books;
  readonly findings: Findings;
  readonly questions: Questions;
  readonly checks: AnswerChecks;
  readonly reminding: ReminderChecks;
}

const WAY_MS = { min: 10, max: 150 };

/** The way from a phone to the functions and back. */
export class Phone {
  readonly #world: Surroundings;
  /** How many calls of each caller are under way. */
  readonly #calling = new Map<string, number>();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /**
   * Undefined when the phone received nothing.
   * @param payer undefined for a call that comes from nobody
   */
  async call(
    name: ShopperFunction,
    request: PhoneRequest,
    payer: Payer | undefined,
  ): Promise<PhoneAnswer | undefined> {
    const { scheduler, chance, faults } = this.#world;
    await scheduler.sleep(chance.whole(WAY_MS.min, WAY_MS.max));
    if (faults.hits('call lost')) return undefined;
    if (faults.hits('call twice')) void this.#arrive(name, request, payer);
    const answer = await this.#arrive(name, request, payer);
    await scheduler.sleep(chance.whole(WAY_MS.min, WAY_MS.max));
    return faults.hits('answer lost') ? undefined : answer;
  }

  async #arrive(
    name: ShopperFunction,
    request: PhoneRequest,
    payer: Payer | undefined,
  ): Promise<PhoneAnswer | undefined> {
    const { platform, scheduler, log, books, questions, findings, checks, reminding } = this.#world;
    const who = payer?.openid ?? 'nobody';
    const begun = scheduler.time;
    const others = this.#calling.get(who) ?? 0;
    this.#calling.set(who, others + 1);
    log.record(who, `calls ${name} ${JSON.stringify(request)}`);
    if (request.remind) reminding.asked(who, request.out_trade_no ?? '');
    const userInfo = payer && { userInfo: { openId: payer.openid, appId: payer.appid } };
    const outcome = await platform.invoke(name, { ...request, ...userInfo, tcbContext: {} }, { payer });
    questions.invited(books.ordered(who, request.supersedes ?? ''));
    questions.invited(request.out_trade_no ?? books.ordered(who, request.request_id ?? ''));
    const still = this.#calling.get(who) ?? 1;
    this.#calling.set(who, still - 1);
    if (outcome.kind === 'threw') findings.report('no crash', `${name} threw: ${outcome.error}`);
    if (outcome.kind !== 'answered') {
      log.record(who, `receives no answer of ${name}: ${outcome.kind}`);
      return undefined;
    }
    const text = JSON.stringify(outcome.answer);
    log.record(who, `is answered ${text.slice(0, 100)}`);
    const answer: PhoneAnswer = JSON.parse(text);
    const isAlone = others === 0 && still === 1;
    checks.check({
      name,
      request,
      openid: payer?.openid,
      begun,
      answer,
      text,
      troubles: outcome.troubles,
      isAlone,
    });
    return answer;
  }
}
