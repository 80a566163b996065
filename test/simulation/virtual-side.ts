import { BrokenConnection } from '../../scripts/local/calls.ts';
import { FORGERIES, forgeEvent } from '../../scripts/local/virtualpay/forgeries.ts';
import { STATUS, tradeStateOf } from '../../scripts/local/virtualpay/ledger.ts';
import { createVirtualPay, type OrderSnapshot } from '../../scripts/local/virtualpay/virtualpay.ts';
import { CODE_LIFE_MS } from '../../scripts/local/weixin/sessions.ts';
import { createWeixin } from '../../scripts/local/weixin/weixin.ts';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { CashierAct, Payer, RefundTruth, Truth } from './payment-side.ts';
import { isShopper } from './people.ts';
import { QuietTrace } from './quiet-trace.ts';
import type { Scheduler } from './scheduler.ts';
import type { Secrets } from './secrets.ts';
import type { ShippingSide } from './shipping-side.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** No token dies within so long of its first use: what is asked again under a new one must reach WeChat. */
const TOKEN_PEACE_MS = MINUTE_MS;
/** Unpaid orders are closed by WeChat after some time that no page names. */
const UNPAID_LIVES_MS = [2 * HOUR_MS, 2 * HOUR_MS, 26 * HOUR_MS, 9 * DAY_MS, 9 * DAY_MS] as const;
/** Where only asking finds a payment, so many are confirmed late, and found by one of the later questions. */
const LATE_WITHOUT_PUSH = 0.5;
/** Past the last moment until which an order's money is waited for, whatever its lifetime. */
const TOO_LATE_MS = 7 * DAY_MS + 2 * HOUR_MS;

/** The environment of the shop; an event of another one is none of its business. */
export const ENV_ID = 'simulation';
/** The env of virtual payment in which nobody pays. */
export const SANDBOX = 1;

/** How the shop is known to api.weixin.qq.com and to virtual payment. */
export const VIRTUAL_PAY = {
  app_secret: 'simulated0secret0simulated0secret'.slice(0, 32),
  app_key: 'simulated-app-key-0123456789abcd',
  offer_id: '1450000000',
} as const;

/** A refusal that api.weixin.qq.com gives in place of its answer. */
export interface WeixinRefusal {
  readonly errcode: number;
  readonly when: 'before' | 'after';
}

interface PublishedItem {
  readonly id: string;
  readonly price: number;
  readonly published_at?: Date;
  /** From when on the shop sells it, as its product's document says. */
  readonly effective_at?: string;
}

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly appid: string;
  /** Session keys and tokens are nobody's to keep or to show. */
  readonly secrets: Secrets;
  /** Whether message push is set up; without it no event comes. */
  readonly isPushed: boolean;
  readonly isPlain: boolean;
  readonly deliver: (event: object) => Promise<unknown>;
  readonly shipping: Pick<ShippingSide, 'isManaged' | 'paymentOf'>;
}

/** In every second shop a refund is done within the second: while somebody who asked before waits for an answer. */
function refundsTake(chance: Chance): { readonly refundMs?: number } {
  return chance.happens(0.5) ? { refundMs: chance.whole(0, 1000) } : {};
}

/** api.weixin.qq.com with virtual payment, those of `npm start`, in this process and on the scheduler's clock. */
export class VirtualSide {
  readonly #world: Surroundings;
  readonly #weixin: ReturnType<typeof createWeixin>;
  readonly #virtualpay: ReturnType<typeof createVirtualPay>;
  readonly #codes = new Map<string, string>();
  /** How often each login code was exchanged. */
  readonly #exchanged = new Map<string, number>();
  /** Whose each login code is, and when it was made. */
  readonly #codesMade = new Map<string, { readonly openid: string; readonly at: number }>();
  /** From when on each item can be sold. */
  readonly #effectiveAt = new Map<string, number>();
  /** The last moment at which somebody confirms a payment late. */
  lastConfirmAt = 0;
  readonly #unpaidLifeMs: number;
  /** Cash desks that are open on a phone and still to be confirmed. */
  readonly #waiting = new Set<string>();
  #tokenIssuedAt = Number.POSITIVE_INFINITY;
  #token = '';

  constructor(world: Surroundings) {
    this.#world = world;
    const { scheduler: clock, chance, appid } = world;
    const random = () => chance.next();
    const trace = new QuietTrace();
    const app = { appid, secret: VIRTUAL_PAY.app_secret };
    const { offer_id, app_key } = VIRTUAL_PAY;
    this.#unpaidLifeMs = chance.pick(UNPAID_LIVES_MS);
    // WeChat knows its people, whether they signed in here before or not.
    const shoppers = { includes: isShopper };
    const paymentOf = (_: string, out_trade_no: string) => world.shipping.paymentOf(out_trade_no);
    this.#weixin = createWeixin({ clock, random, trace, app, shoppers, paymentOf });
    this.#virtualpay = createVirtualPay({
      ...{ clock, random, trace, weixin: this.#weixin, unpaidLifeMs: this.#unpaidLifeMs },
      reopens: chance.happens(0.3),
      replacedKeyErrCode: chance.pick([-15005, -15007] as const),
      payOrderId: chance.pick(['out_trade_no', 'out_trade_no', 'wx_order_id'] as const),
      ...(!world.isPlain && refundsTake(chance.branch('refunds'))),
      account: { offer_id, app_keys: { 0: app_key, 1: `${app_key}-1` } },
      deliver: ({ event }) => world.deliver(event),
    });
    // Some answers lack what is left to refund, and no page says which.
    if (chance.happens(0.15))
      this.#virtualpay.faults.add({ kind: 'null-left-fee', count: Number.POSITIVE_INFINITY });
  }

  /** Who agreed to messages, and what each shopper received. */
  get subscriptions() {
    return this.#weixin.subscriptions;
  }

  publish({ effective_at = new Date(0).toISOString(), ...item }: PublishedItem): void {
    this.#virtualpay.publish({ ...item, name: '会员', env: 0 });
    this.#effectiveAt.set(item.id, Date.parse(effective_at));
  }

  /** Whether an item may be sold by now, by a clock that is off by so much. */
  isEffective(id: string, skewMs: number): boolean {
    return (this.#effectiveAt.get(id) ?? Number.POSITIVE_INFINITY) <= this.#world.scheduler.time + skewMs;
  }

  /** Whether some item was still to become effective at that moment. */
  isAwaited(moment: number): boolean {
    return [...this.#effectiveAt.values()].some((effective) => moment < effective);
  }

  /** What wx.login gives; sometimes a page sends the code of the time before, or one that is not its shopper's. */
  login(openid: string): string {
    const { faults } = this.#world;
    if (faults.hits('login code of another')) return this.#newCode(`${openid}-thief`);
    const former = this.#codes.get(openid);
    if (former !== undefined && faults.hits('login code used twice')) return former;
    return this.#newCode(openid);
  }

  #newCode(openid: string): string {
    const code = this.#weixin.login(openid);
    this.#codes.set(openid, code);
    this.#codesMade.set(code, { openid, at: this.#world.scheduler.time });
    return code;
  }

  isOf(code: string, openid: string): boolean {
    return this.#codesMade.get(code)?.openid === openid;
  }

  mayTokenDie(): boolean {
    return this.#world.scheduler.time - this.#tokenIssuedAt > TOKEN_PEACE_MS;
  }

  /** Whether WeChat was asked about this code before, or it is too old to be exchanged. */
  isSpent(code: string): boolean {
    const { at = 0 } = this.#codesMade.get(code) ?? {};
    return (this.#exchanged.get(code) ?? 0) > 1 || this.#world.scheduler.time - at >= CODE_LIFE_MS;
  }

  /** Undefined where the connection breaks. */
  async answer(
    { path, body }: { readonly path: string; readonly body?: string },
    how: { readonly refusal: WeixinRefusal | undefined; readonly tokenDies: boolean },
  ): Promise<{ readonly status: number; readonly body: string } | undefined> {
    const { pathname, searchParams } = new URL(path, 'http://127.0.0.1');
    const code = searchParams.get('js_code');
    if (code !== null) this.#exchanged.set(code, (this.#exchanged.get(code) ?? 0) + 1);
    const { faults } = this.#weixin;
    const takeBack = [
      how.refusal && faults.add({ kind: 'refuse', ...how.refusal, path: pathname }),
      how.tokenDies ? faults.add({ kind: 'kill-token', path: pathname }) : undefined,
    ];
    this.#weixin.shipping.isManaged = this.#world.shipping.isManaged;
    const request = { method: body === undefined ? 'GET' : 'POST', url: path, body: Buffer.from(body ?? '') };
    try {
      const order_id = pathname === '/xpay/refund_order' ? JSON.parse(body ?? '{}').order_id : undefined;
      const before = this.#refundsOf(order_id);
      const answer = await this.#weixin.handle(request);
      if (this.#refundsOf(order_id) > before && this.#world.faults.hits('refund fails'))
        this.#virtualpay.faults.add({ kind: 'fail-refund', out_trade_no: order_id });
      for (const [, secret = ''] of answer.body.matchAll(/"(?:session_key|access_token)":"([^"]+)"/g))
        this.#world.secrets.add(secret);
      this.#noteToken(answer.body);
      return answer;
    } catch (error) {
      if (error instanceof BrokenConnection) return undefined;
      throw error;
    } finally {
      for (const back of takeBack) back?.();
    }
  }

  shipped() {
    return this.#weixin.shipping.shipped();
  }

  #refundsOf(out_trade_no: string | undefined): number {
    return out_trade_no === undefined ? 0 : (this.#virtualpay.order(0, out_trade_no)?.refunds.length ?? 0);
  }

  #noteToken(body: string): void {
    const [, token] = /"access_token":"([^"]+)"/.exec(body) ?? [];
    if (token === undefined || token === this.#token) return;
    this.#token = token;
    this.#tokenIssuedAt = this.#world.scheduler.time;
  }

  /** wx.requestVirtualPayment and what the shopper does then; answers its errMsg. */
  requestPayment(parameters: object, payer: Payer, act: CashierAct): string {
    const { chance, faults, isPushed } = this.#world;
    const { cashDesk } = this.#virtualpay;
    if (faults.hits('session_key replaced')) this.#weixin.sessions.replaceKey(payer.openid);
    const platform = chance.happens(0.3) ? ('ios' as const) : ('android' as const);
    const phone = { openid: payer.openid, platform, version: '8.0.70', isDomesticAppleAccount: true };
    const shown = cashDesk.open(parameters, phone);
    if (shown.kind === 'failed') return shown.errMsg;
    if (faults.hits('payment shown late'))
      this.#virtualpay.faults.add({
        kind: 'hide-payment',
        ms: chance.whole(1, 3 * MINUTE_MS),
        out_trade_no: shown.out_trade_no,
      });
    if (act === 'pay' && faults.hits('success lost'))
      this.#virtualpay.faults.add({ kind: 'lose-success', out_trade_no: shown.out_trade_no });
    const isLate = faults.hits('confirmed late') || (!isPushed && chance.happens(LATE_WITHOUT_PUSH));
    if (act === 'pay' && isLate) {
      this.#confirmLater(shown.id);
      return 'requestVirtualPayment: nothing yet';
    }
    this.#waiting.delete(shown.id);
    const result =
      act === 'pay'
        ? cashDesk.pay(shown.id)
        : act === 'cancel'
          ? cashDesk.cancel(shown.id)
          : cashDesk.fail(shown.id);
    return result.kind === 'lost' ? 'requestVirtualPayment: nothing' : result.errMsg;
  }

  order(out_trade_no: string): Truth | undefined {
    const order = this.#virtualpay.order(0, out_trade_no);
    return order && truthOf(order);
  }

  orders(): readonly Truth[] {
    return this.#virtualpay.orders().map(truthOf);
  }

  /** Fen that the shopper got back. */
  refundedOf(out_trade_no: string): number {
    const order = this.#virtualpay.order(0, out_trade_no);
    return order ? sumOf(order, (state) => state === 'done') : 0;
  }

  /** Fen of a paid order that can still be given back; 0 for one that is not paid, or was paid through Apple. */
  leftOf(out_trade_no: string): number {
    const order = this.#virtualpay.order(0, out_trade_no);
    if (!order?.payment || order.is_apple) return 0;
    return order.price - sumOf(order, (state) => state !== 'failed');
  }

  refunds(): readonly RefundTruth[] {
    return this.#virtualpay.orders().flatMap(({ refunds }) =>
      refunds.map(({ refund_order_id: out_refund_no, refund_fee, state, request }) => {
        const isByStaff = request === undefined;
        return { out_refund_no, refund_fee, state: state === 'done' ? 'SUCCESS' : state, isByStaff };
      }),
    );
  }

  /** Staff give money back in WeChat's console; an event reports it. */
  refundByStaff(out_trade_no: string, refund_fee: number): void {
    this.#virtualpay.refundByHand(0, out_trade_no, refund_fee);
  }

  /** The cash desk stays open on the phone, and is confirmed minutes, days, or so late that nobody waits for it any more. */
  #confirmLater(id: string): void {
    const { chance, scheduler, faults, isPushed } = this.#world;
    // Nobody is asked about it any more: only an event can report it.
    const isTooLate = isPushed && this.#unpaidLifeMs > TOO_LATE_MS && chance.happens(0.5);
    const ms = isTooLate
      ? TOO_LATE_MS + chance.whole(0, 12) * HOUR_MS
      : chance.whole(1, 3 * 24 * 60) * MINUTE_MS;
    const at = scheduler.time + ms;
    this.#waiting.add(id);
    if (isTooLate) this.lastConfirmAt = Math.max(this.lastConfirmAt, at);
    scheduler.at(at, () => {
      if (this.#waiting.delete(id) && (isTooLate || !faults.isQuiet)) this.#virtualpay.cashDesk.pay(id);
    });
  }

  /** @param behind how many questions about the refund are answered as if it were not done yet */
  refund(out_trade_no: string, refund_fee?: number, behind = 0): void {
    const order = this.#virtualpay.order(0, out_trade_no);
    if (!order || order.refunds.length > 0) return;
    if (behind > 0) this.#virtualpay.faults.add({ kind: 'hide-refund', out_trade_no, count: behind });
    this.#virtualpay.refundByHand(0, out_trade_no, refund_fee);
  }

  /** What was paid and not given back. */
  paid(): readonly string[] {
    const paid = this.#virtualpay.orders().filter(({ payment, refunds }) => payment && refunds.length === 0);
    return paid.map(({ out_trade_no }) => out_trade_no);
  }

  /** What staff can give back: Apple alone refunds what it was paid. */
  refundable(): readonly string[] {
    const ofApple = new Set(this.paidByApple());
    return this.paid().filter((out_trade_no) => !ofApple.has(out_trade_no));
  }

  async complain(out_trade_no: string): Promise<void> {
    await this.#virtualpay.complain(0, out_trade_no);
  }

  /** What was paid through Apple, and is not given back. */
  paidByApple(): readonly string[] {
    const orders = this.#virtualpay.orders();
    const paid = orders.filter(
      ({ is_apple, payment, refunds }) => is_apple && payment && refunds.length === 0,
    );
    return paid.map(({ out_trade_no }) => out_trade_no);
  }

  askApple(out_trade_no: string) {
    return this.#virtualpay.askApple(out_trade_no);
  }

  /** Somebody pushes an event that must not be believed. */
  async forge(about: {
    readonly out_trade_no: string;
    readonly openid: string;
    readonly price: number;
  }): Promise<string> {
    const { chance, scheduler, deliver } = this.#world;
    const target = { ...about, env: 0, product_id: 'vip_1m_1800' } as const;
    if (chance.happens(0.15)) {
      const pen = { account: this.#virtualpay.account, now: scheduler.now() };
      const event = forgeEvent(target, 'never paid', pen);
      const GoodsInfo = { ...Object(event.GoodsInfo), Attach: 'another-environment' };
      await deliver({ ...event, GoodsInfo }).catch(() => undefined);
      return 'another environment';
    }
    const forgery = chance.pick(FORGERIES_NONEMPTY);
    await this.#virtualpay.forgeEvent(target, forgery);
    return forgery;
  }
}

const [FIRST, ...REST] = FORGERIES;
const FORGERIES_NONEMPTY = [FIRST, ...REST] as const;

/** The sum of the refunds of an order in some states, in fen. */
function sumOf({ refunds }: OrderSnapshot, isMeant: (state: string) => boolean): number {
  return refunds.reduce((sum, { state, refund_fee }) => sum + (isMeant(state) ? refund_fee : 0), 0);
}

function truthOf({ out_trade_no, openid, price, payment, status }: OrderSnapshot): Truth {
  const paid = payment === undefined ? {} : { paid_at: payment.paid_at.getTime() };
  const isPaid = payment !== undefined;
  const isDelivered = status !== STATUS.PAID && status !== STATUS.DELIVERING;
  const trade_state = tradeStateOf(status);
  return { out_trade_no, trade_state, openid, total_fee: price, isPaid, isDelivered, ...paid };
}
