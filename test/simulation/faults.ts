import type { Chance } from './chance.ts';

/** Everything that can go wrong, and how often at the worst. Each is drawn where it would happen. */
const WORST = {
  // A call to the database.
  'database cut before the work': 0.05,
  'database cut after the work': 0.05,
  'database silent': 0.02,
  'database slow': 0.1,
  'database error': 0.03,
  'transaction conflict': 0.15,
  'transaction busy': 0.1,
  'transaction expired': 0.1,
  'commit applied, answer lost': 0.2,
  // A call to WeChat Pay.
  'wechatpay unreachable': 0.1,
  /** These two are for http.ts to get over: no call may fail of them. */
  'first domain of WeChat Pay unreachable': 0.3,
  'connection to WeChat Pay gone stale': 0.3,
  'wechatpay cut before the work': 0.1,
  'wechatpay cut after the work': 0.1,
  'wechatpay silent before the work': 0.05,
  'wechatpay silent after the work': 0.1,
  'wechatpay slow': 0.2,
  'wechatpay status 502': 0.05,
  'wechatpay answer forged': 0.05,
  'wechatpay SYSTEMERROR before the work': 0.1,
  'wechatpay SYSTEMERROR after the work': 0.1,
  'wechatpay FREQUENCY_LIMITED': 0.1,
  /** A shopper with a signature in hand pays right after WeChat said that the order is unpaid. */
  'payment between two questions': 0.3,
  // A call to api.weixin.qq.com.
  'weixin unreachable': 0.1,
  'weixin cut after the work': 0.1,
  'weixin silent after the work': 0.1,
  'weixin slow': 0.2,
  'weixin -1 before the work': 0.1,
  'weixin -1 after the work': 0.1,
  'weixin 268490015': 0.1,
  'weixin token dies early': 0.2,
  'weixin answers HTML': 0.1,
  'weixin answers oddly': 0.1,
  // What a merchant or WeChat has to put right; each a while at a time.
  'virtual payment not opened': 0.05,
  'address not on the allow-list': 0.2,
  /** WeChat does not let this shopper log in for now. */
  'shopper blocked': 0.1,
  /** query_order says "created" for a while after the payment. */
  'payment shown late': 0.3,
  // A function's instance, at each call that leaves it.
  'death before a call': 0.02,
  'death after a call': 0.02,
  'cold start': 0.5,
  'connections reset by a freeze': 0.5,
  // Who calls.
  'context without environment': 0.3,
  'context of an old instance': 0.3,
  // The phone's way to a function.
  'call lost': 0.1,
  'call twice': 0.1,
  'answer lost': 0.15,
  // Logging in on the phone.
  'login code used twice': 0.2,
  'login code of another': 0.1,
  'session_key replaced': 0.2,
  // At the cashier of virtual payment.
  'success lost': 0.3,
  'confirmed late': 0.6,
  // A way of an event to a function.
  'event lost': 0.7,
  'event late': 0.3,
  'event twice': 0.3,
  'event answer lost': 0.3,
  // A notice's way to a function.
  'notice lost': 0.7,
  'notice late': 0.3,
  'notice twice': 0.3,
  'notice reply lost': 0.3,
  // The timer.
  'timer missed': 0.4,
  'timer twice': 0.3,
  // A refund, as it is asked for and as it ends.
  'wechatpay NOTENOUGH': 0.4,
  'wechatpay BIZERR_NEED_RETRY': 0.3,
  'weixin 268490014': 0.3,
  'weixin 268490016': 0.5,
  'refund fails': 0.4,
  'refund closed': 0.4,
} as const;

/** Added later: each is drawn from a stream of its own, so that seeds from before keep the faults that they had. */
const WORST_SINCE = {
  /** A shopper with a signature in hand pays while WeChat is being asked to close the order. */
  'payment before the close': 1,
  // A message to the robot of the merchant's group chat. A slow one may be given up before it is answered.
  'robot unreachable': 0.3,
  'robot silent before the work': 0.2,
  'robot silent after the work': 0.3,
  'robot cut after the work': 0.3,
  'robot slow': 0.4,
  'robot refuses': 0.3,
  'robot status 502': 0.2,
  /** Two runs of the timer find the same to tell. */
  'told twice': 1,
  // A message to a shopper.
  'reminder refused for its template': 0.1,
  'reminder not permitted': 0.1,
  'reminder too often': 0.2,
  'reminder status 502 after the work': 1,
  'reminder cut after the work': 1,
  // The timer of the reminders.
  'reminder timer missed': 0.4,
  'reminder timer twice': 1,
} as const;

export type FaultKind = keyof typeof WORST | keyof typeof WORST_SINCE;

const KINDS = Object.entries(WORST);
const DEATHS: ReadonlySet<string> = new Set<FaultKind>(['death before a call', 'death after a call']);
/** A crowd's run has so many times the calls of another under way: dying at each as often, none would come to its end. */
const CALLS_AT_ONCE = 20;
const KINDS_SINCE = Object.entries(WORST_SINCE);

/** In so many runs nothing goes wrong at all: what an undisturbed shop must never see can be asserted there. */
const CALM_RUNS = 0.1;
/** Of all kinds, so many on average are in a run: few at a time find more than all at once. */
const KINDS_IN_A_RUN = 0.3;

interface Outage {
  readonly kind: FaultKind;
  readonly from: number;
  readonly to: number;
}

interface Rate {
  readonly rate: number;
  readonly chance: Chance;
}

/** What goes wrong in one run. */
export class Faults {
  readonly #rates = new Map<string, Rate>();
  readonly #now: () => number;
  readonly #outages: Outage[] = [];
  #quietSince = Number.POSITIVE_INFINITY;
  #lastHit = Number.NEGATIVE_INFINITY;

  /**
   * @param isPlain as it was before the kinds that were added later
   * @param isCrowd hundreds of calls are made at once, and an instance dies by its time rather than by its calls
   */
  constructor(chance: Chance, now: () => number, { isPlain = false, isCrowd = false } = {}) {
    this.#now = now;
    const share = chance.happens(CALM_RUNS) ? 0 : chance.next() * 2 * KINDS_IN_A_RUN;
    for (const [kind, worst] of KINDS) {
      // From a hundredth of the worst up to the worst, small ones as often as large ones.
      const drawn = worst * 10 ** (-2 * chance.next());
      const rate = isCrowd && !isPlain && DEATHS.has(kind) ? drawn / CALLS_AT_ONCE : drawn;
      if (chance.happens(share)) this.#rates.set(kind, { rate, chance });
    }
    for (const [kind, worst] of isPlain ? [] : KINDS_SINCE) {
      const own = chance.branch(kind);
      const rate = worst * 10 ** (-2 * own.next());
      if (own.happens(share)) this.#rates.set(kind, { rate, chance: own });
    }
  }

  hits(kind: FaultKind): boolean {
    if (this.isQuiet) return false;
    const drawn = this.#rates.get(kind);
    const isHit = this.#isOut(kind) || (drawn?.chance.happens(drawn.rate) ?? false);
    if (isHit && Object.hasOwn(WORST, kind)) this.#lastHit = this.#now();
    return isHit;
  }

  /** When something last went wrong: what a dead function left behind is in the way of others for a while. */
  get lastHit(): number {
    return this.#lastHit;
  }

  /** From here on nothing goes wrong any more. */
  quiet(): void {
    this.#quietSince = this.#now();
  }

  /** Everything can go wrong again. */
  resume(): void {
    this.#quietSince = Number.POSITIVE_INFINITY;
  }

  get isQuiet(): boolean {
    return this.#quietSince <= this.#now();
  }

  /** Since when nothing goes wrong: since quiet fell, or from the beginning where nothing can. */
  get calmSince(): number {
    return this.kinds.length === 0 ? 0 : this.#quietSince;
  }

  /** For a while this goes wrong every time. */
  outage(kind: FaultKind, { from, ms }: { readonly from: number; readonly ms: number }): void {
    this.#outages.push({ kind, from, to: from + ms });
  }

  get kinds(): readonly string[] {
    return [...this.#rates.keys(), ...this.#outages.map(({ kind }) => `outage: ${kind}`)];
  }

  #isOut(kind: FaultKind): boolean {
    const now = this.#now();
    return this.#outages.some((outage) => outage.kind === kind && outage.from <= now && now < outage.to);
  }
}
