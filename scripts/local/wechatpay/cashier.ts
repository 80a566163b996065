import * as v from 'valibot';
import type { WorldClock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import { takeCoupons } from './coupons.ts';
import type { Faults, PaymentError } from './faults.ts';
import type { Ledger, LedgerOrder, TradeState } from './ledger.ts';
import { mask } from './mask.ts';
import type { Registry, Shopper } from './merchants.ts';
import type { Notices } from './notices.ts';
import { pay } from './payment.ts';
import { checkPayment, failed, type PaymentResult } from './payment-check.ts';
import type { Random } from './spelling.ts';

/** What the phone shows before it asks for the password. */
export interface Shown {
  readonly kind: 'shown';
  readonly mch_id: string;
  readonly out_trade_no: string;
  readonly payee: string;
  readonly body: string;
  /** Fen. */
  readonly total_fee: number;
}

/**
 * The phone's side of a payment. Every method takes the parameters of wx.requestPayment and who holds the phone; the
 * app's own id goes into the signature, as on the phone. All of them check everything, since time passes between them.
 */
export interface Cashier {
  open(parameters: unknown, payer: Shopper): Shown | PaymentResult;
  /** The shopper enters the password: the order is paid and its first notice is due. */
  pay(parameters: unknown, payer: Shopper): PaymentResult;
  /** The payment does not go through. NOTENOUGH leaves the order as it is, PAYERROR shows; both can be paid again. */
  fail(parameters: unknown, payer: Shopper, err_code?: PaymentError): PaymentResult;
  /** The shopper closes the cashier. */
  cancel(parameters: unknown, payer: Shopper): PaymentResult;
}

const FAILURES: Readonly<Record<PaymentError, string>> = {
  NOTENOUGH: '余额不足',
  PAYERROR: '支付失败，请更换支付方式',
};

interface Surroundings {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly trace: Trace;
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly notices: Notices;
}

export function createCashier(world: Surroundings): Cashier {
  const { clock, registry, ledger, faults } = world;
  const check = (parameters: unknown, payer: Shopper) =>
    checkPayment({ now: clock.now(), registry, ledger }, parameters, payer);

  /** The shopper does something; what the mini-program receives for it. */
  const enter = (
    deed: string,
    [parameters, payer]: [unknown, Shopper],
    act: (order: LedgerOrder) => PaymentResult,
  ): PaymentResult => {
    const checked = check(parameters, payer);
    const of = whose(payer, checked);
    world.trace.record({ from: 'shopper', to: 'wechatpay', kind: 'call', label: deed, ...of });
    return reply(world, 'errMsg' in checked ? checked : act(checked), of);
  };

  return {
    open(parameters, payer) {
      const checked = check(parameters, payer);
      const of = whose(payer, checked);
      recordRequest(world, parameters, of);
      return 'errMsg' in checked ? reply(world, checked, of) : show(checked, registry);
    },
    pay: (...who) =>
      enter('pay', who, (order) => {
        const fault = faults.take(['fail-payment'], { out_trade_no: order.out_trade_no });
        return fault ? decline(world, order, fault.err_code) : settle(world, order);
      }),
    fail: (parameters, payer, err_code = 'NOTENOUGH') =>
      enter('pay', [parameters, payer], (order) => decline(world, order, err_code)),
    cancel: (...who) => enter('cancel', who, () => ({ kind: 'done', errMsg: 'requestPayment:fail cancel' })),
  };
}

function show({ mch_id, out_trade_no, parameters }: LedgerOrder, registry: Registry): Shown {
  const { body = '', total_fee } = parameters;
  const payee = registry.get(mch_id).name;
  return { kind: 'shown', mch_id, out_trade_no, payee, body, total_fee: Number(total_fee) };
}

function settle(world: Surroundings, order: LedgerOrder): PaymentResult {
  const { clock, random, ledger, notices, faults } = world;
  const before = order.trade_state;
  const coupons = takeCoupons(faults, order, random);
  const now = clock.now();
  const payment = pay(order, { ledger, now, random, coupons, next_notice_at: now });
  recordChange(world, order, before);
  notices.begin(order, payment);
  return { kind: 'done', errMsg: 'requestPayment:ok' };
}

function decline(world: Surroundings, order: LedgerOrder, err_code: PaymentError): PaymentResult {
  if (err_code === 'PAYERROR') {
    const before = order.trade_state;
    world.ledger.change(order, { trade_state: 'PAYERROR' });
    recordChange(world, order, before);
  }
  return failed(FAILURES[err_code], `the payment failed: ${err_code}`);
}

function recordChange(
  { trace }: Surroundings,
  { trade_state, out_trade_no }: LedgerOrder,
  before: TradeState,
): void {
  const label = `${before} → ${trade_state}`;
  const payload = { out_trade_no };
  trace.record({ from: 'wechatpay', to: 'wechatpay', kind: 'change', label, payload });
}

const LABEL = 'wx.requestPayment';

/** Whose phone it is, and which order the parameters are about, which name only its prepay_id. */
interface Of {
  readonly openid: string;
  readonly about?: string;
}

function whose({ openid }: Shopper, checked: LedgerOrder | PaymentResult): Of {
  return 'errMsg' in checked ? { openid } : { openid, about: checked.out_trade_no };
}

function recordRequest({ trace }: Surroundings, parameters: unknown, of: Of): void {
  const payload = v.is(v.record(v.string(), v.string()), parameters) ? mask(parameters) : undefined;
  trace.record({ from: 'mini-program', to: 'wechatpay', kind: 'call', label: LABEL, payload, ...of });
}

function reply({ trace }: Surroundings, payload: PaymentResult, of: Of): PaymentResult {
  trace.record({ from: 'wechatpay', to: 'mini-program', kind: 'reply', label: LABEL, payload, ...of });
  return payload;
}
