import type { ErrorCode } from '../../cloudfunctions/_shared/contract.ts';
import type { Books } from './books.ts';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { Findings } from './findings.ts';
import type { Payer } from './payment-side.ts';
import type { FunctionPlatform, Outcome } from './platform.ts';
import type { Questions } from './questions.ts';
import type { Scheduler } from './scheduler.ts';
import type { Story } from './story.ts';

/** What a phone hears: an answer, or that the call failed, which says nothing about what was done. */
export interface Heard {
  readonly errcode?: string;
  readonly order?: {
    readonly out_trade_no: string;
    readonly trade_state: string;
    readonly total_fee: number;
  };
  readonly payment?: object;
  readonly total_fee?: number;
  readonly out_trade_no?: string;
}

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly story: Story;
  readonly platform: FunctionPlatform;
  readonly books: Books;
  readonly findings: Findings;
  readonly questions: Questions;
  readonly secrets: () => readonly string[];
  /** Whether a failure of the merchant's own making was possible at some time so far. */
  readonly isMisconfigured: () => boolean;
}

export type ShopperFunction = 'createOrder' | 'checkOrder' | 'cancelOrder';

const WAY_MS = { min: 10, max: 150 };

/** Whether a failure that the phone is told can have a reason: a fault, or somebody else at the same order. */
type Reason = (call: {
  readonly troubles: ReadonlySet<string>;
  readonly isAlone: boolean;
  readonly isMisconfigured: boolean;
}) => boolean;

const always: Reason = () => true;
const never: Reason = () => false;
const met = (troubles: ReadonlySet<string>, kinds: RegExp) => [...troubles].some((kind) => kinds.test(kind));

/** Every errcode of the contract, and when it is due. The compiler misses none. */
const REASONS: Readonly<Record<ErrorCode, Reason>> = {
  INVALID_PARAMETERS: never,
  OPENID_MISSING: never,
  PRODUCT_NOT_ON_SALE: always,
  PRICE_CHANGED: always,
  REQUEST_ID_REUSED: always,
  TOO_MANY_UNPAID_ORDERS: always,
  TOO_MANY_ORDERS: always,
  ORDER_NOT_FOUND: never,
  ORDER_CLOSED: always,
  ORDER_PAID: always,
  ORDER_HELD: always,
  WECHATPAY_UNAVAILABLE: ({ troubles, isAlone }) => !isAlone || met(troubles, /^wechatpay|^connections/),
  MERCHANT_MISCONFIGURED: ({ isMisconfigured }) => isMisconfigured,
  INTERNAL_ERROR: ({ troubles }) => met(troubles, /^database|^transaction|^commit|^connections/),
};

/** A shopper's phone on its way to the functions, and a look at everything that it is told. */
export class Phone {
  readonly #world: Surroundings;
  /** From when on an order must not be signed for any more. */
  readonly #deadSince = new Map<string, number>();
  readonly #calling = new Map<string, number>();

  constructor(world: Surroundings) {
    this.#world = world;
    world.books.onCommit(({ orders }) => {
      for (const { id, after } of orders) {
        const isDead =
          after.trade_state === 'CLOSED' || after.trade_state === 'SUCCESS' || after.cancelled_at !== 0;
        if (isDead && !this.#deadSince.has(id)) this.#deadSince.set(id, world.scheduler.time);
      }
    });
  }

  /** Undefined when the phone heard nothing. */
  async call(name: ShopperFunction, data: object, payer: Payer): Promise<Heard | undefined> {
    const { scheduler, chance, faults } = this.#world;
    await scheduler.sleep(chance.whole(WAY_MS.min, WAY_MS.max));
    if (faults.hits('call lost')) return undefined;
    if (faults.hits('call twice')) void this.#arrive(name, data, payer);
    const heard = await this.#arrive(name, data, payer);
    await scheduler.sleep(chance.whole(WAY_MS.min, WAY_MS.max));
    return faults.hits('answer lost') ? undefined : heard;
  }

  async #arrive(name: ShopperFunction, data: object, payer: Payer): Promise<Heard | undefined> {
    const { platform, scheduler, story } = this.#world;
    const begun = scheduler.time;
    const others = this.#calling.get(payer.openid) ?? 0;
    this.#calling.set(payer.openid, others + 1);
    story.tell(payer.openid, `calls ${name} ${JSON.stringify(data)}`);
    const event = { ...data, userInfo: { openId: payer.openid, appId: payer.appid }, tcbContext: {} };
    const outcome = await platform.invoke(name, event, payer);
    const { out_trade_no, request_id }: { out_trade_no?: string; request_id?: string } = Object(data);
    this.#world.questions.invited(out_trade_no ?? this.#world.books.ordered(payer.openid, request_id ?? ''));
    const still = this.#calling.get(payer.openid) ?? 1;
    this.#calling.set(payer.openid, still - 1);
    const isAlone = others === 0 && still === 1;
    if (outcome.kind === 'threw') this.#world.findings.report('no crash', `${name} threw: ${outcome.error}`);
    if (outcome.kind !== 'answered') {
      story.tell(payer.openid, `hears nothing of ${name}: ${outcome.kind}`);
      return undefined;
    }
    const text = JSON.stringify(outcome.answer);
    story.tell(payer.openid, `is answered ${text.slice(0, 100)}`);
    const heard: Heard = JSON.parse(text);
    this.#check({ name, payer, begun, heard, text, outcome, isAlone });
    return heard;
  }

  #check(call: {
    name: string;
    payer: Payer;
    begun: number;
    heard: Heard;
    text: string;
    outcome: Outcome;
    isAlone: boolean;
  }): void {
    const { name, payer, begun, heard, text, outcome, isAlone } = call;
    const { findings, books, isMisconfigured } = this.#world;
    const order = heard.order && books.orders.get(heard.order.out_trade_no);
    if (heard.order && order?.openid !== payer.openid)
      findings.report(
        'own orders only',
        `${name} answered ${payer.openid} an order of ${order?.openid ?? 'nobody'}`,
      );
    for (const secret of this.#world.secrets()) {
      if (text.includes(secret)) findings.report('no secrets', `${name} answered with a key in it`);
    }
    if (heard.payment && order) {
      const deadSince = this.#deadSince.get(order.out_trade_no) ?? Number.POSITIVE_INFINITY;
      if (deadSince < begun)
        findings.report(
          'no signature for the dead',
          `${order.out_trade_no} was signed for, and was over before`,
        );
    }
    const { errcode } = heard;
    if (errcode === undefined) return;
    const reason = isErrorCode(errcode) ? REASONS[errcode] : undefined;
    const { troubles } = outcome;
    if (!reason)
      findings.report('documented errcodes', `${name} answered ${errcode}, which the contract does not have`);
    else if (!reason({ troubles, isAlone, isMisconfigured: isMisconfigured() }))
      findings.report('documented errcodes', `${name} answered ${errcode} without a reason`);
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(REASONS, code);
}
