import { FORGERIES } from '../../scripts/local/virtualpay/forgeries.ts';
import { STATUS } from '../../scripts/local/virtualpay/ledger.ts';
import { createVirtualPay, type OrderSnapshot } from '../../scripts/local/virtualpay/virtualpay.ts';
import { BrokenConnection } from '../../scripts/local/weixin/calls.ts';
import { createWeixin } from '../../scripts/local/weixin/weixin.ts';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { CashierDeed, Payer, Truth } from './payment-side.ts';
import { QuietTrace } from './quiet-trace.ts';
import type { Scheduler } from './scheduler.ts';

const MINUTE_MS = 60_000;

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

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly appid: string;
  readonly deliver: (event: object) => Promise<unknown>;
}

/** api.weixin.qq.com with virtual payment, those of `npm start`, in this process and on the scheduler's clock. */
export class VirtualSide {
  readonly #world: Surroundings;
  readonly #weixin: ReturnType<typeof createWeixin>;
  readonly #virtualpay: ReturnType<typeof createVirtualPay>;
  readonly #codes = new Map<string, string>();
  /** How often each login code was exchanged. */
  readonly #exchanged = new Map<string, number>();

  constructor(world: Surroundings) {
    this.#world = world;
    const { scheduler: clock, chance, appid } = world;
    const random = () => chance.next();
    const trace = new QuietTrace();
    const app = { appid, secret: VIRTUAL_PAY.app_secret };
    const { offer_id, app_key } = VIRTUAL_PAY;
    this.#weixin = createWeixin({ clock, random, trace, app });
    this.#virtualpay = createVirtualPay({
      ...{ clock, random, trace, weixin: this.#weixin },
      account: { offer_id, app_keys: { 0: app_key, 1: `${app_key}-1` } },
      deliver: ({ event }) => world.deliver(event),
    });
  }

  publish(item: { readonly id: string; readonly price: number }): void {
    this.#virtualpay.publish({ ...item, name: '会员', env: 0 });
  }

  /** What wx.login gives; sometimes a page sends the code of the time before. */
  login(openid: string): string {
    const { faults } = this.#world;
    const former = this.#codes.get(openid);
    if (former !== undefined && faults.hits('login code used twice')) return former;
    if (faults.hits('session_key replaced')) this.#weixin.sessions.replaceKey(openid);
    const code = this.#weixin.login(openid);
    this.#codes.set(openid, code);
    return code;
  }

  /** Whether WeChat was asked about this code before. */
  isSpent(code: string): boolean {
    return (this.#exchanged.get(code) ?? 0) > 1;
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
    const request = { method: body === undefined ? 'GET' : 'POST', url: path, body: Buffer.from(body ?? '') };
    try {
      return await this.#weixin.handle(request);
    } catch (error) {
      if (error instanceof BrokenConnection) return undefined;
      throw error;
    } finally {
      for (const back of takeBack) back?.();
    }
  }

  /** wx.requestVirtualPayment and what the shopper does then; answers its errMsg. */
  requestPayment(parameters: object, payer: Payer, deed: CashierDeed): string {
    const { chance, faults } = this.#world;
    const { cashDesk } = this.#virtualpay;
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
    const result =
      deed === 'pay'
        ? cashDesk.pay(shown.id)
        : deed === 'cancel'
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

  refund(out_trade_no: string): void {
    this.#virtualpay.refundByHand(0, out_trade_no);
  }

  /** Somebody pushes an event that must not be believed. */
  async forge(about: {
    readonly out_trade_no: string;
    readonly openid: string;
    readonly price: number;
  }): Promise<string> {
    const forgery = this.#world.chance.pick(FORGERIES_NONEMPTY);
    await this.#virtualpay.forgeEvent({ ...about, env: 0, product_id: 'vip_1m_1800' }, forgery);
    return forgery;
  }
}

const [FIRST, ...REST] = FORGERIES;
const FORGERIES_NONEMPTY = [FIRST, ...REST] as const;

function truthOf({ out_trade_no, openid, price, payment, status }: OrderSnapshot): Truth {
  const paid = payment === undefined ? {} : { paid_at: payment.paid_at.getTime() };
  const isPaid = payment !== undefined;
  return { out_trade_no, trade_state: stateOf(status), openid, total_fee: price, isPaid, ...paid };
}

function stateOf(status: OrderSnapshot['status']): string {
  switch (status) {
    case STATUS.INITIAL:
    case STATUS.CREATED:
      return 'NOTPAY';
    case STATUS.CLOSED:
      return 'CLOSED';
    case STATUS.REFUNDED:
    case STATUS.REFUND_DONE:
      return 'REFUND';
    default:
      return 'SUCCESS';
  }
}
