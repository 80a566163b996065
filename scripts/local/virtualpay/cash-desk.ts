import * as v from 'valibot';
import type { WorldClock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import { mask } from '../weixin/mask.ts';
import type { Random } from '../weixin/spelling.ts';
import type { LocalWeixin } from '../weixin/weixin.ts';
import type { Account } from './account.ts';
import type { Choices } from './choices.ts';
import type { ClientErrCode } from './errors.ts';
import { type Failed, failed } from './failed.ts';
import type { VirtualPayFaults } from './faults.ts';
import type { Items } from './items.ts';
import { type Ledger, type LedgerOrder, STATUS } from './ledger.ts';
import { receivePayment } from './payment.ts';
import { type Checked, checkPayment } from './payment-check.ts';
import type { Phone } from './phone.ts';
import type { Pushes } from './pushes.ts';
import { newChannelOrderId, newWxOrderId } from './spelling.ts';

/** What the phone shows before the shopper confirms. */
export interface Shown {
  readonly kind: 'shown';
  /** Names the opened cash desk to `pay`, `fail` and `cancel`. */
  readonly id: string;
  readonly out_trade_no: string;
  readonly payee: string;
  readonly name: string;
  /** Fen. */
  readonly price: number;
  readonly is_apple: boolean;
}

/** What the mini-program receives: success, fail, or neither of them ever. */
export type PaymentResult =
  | { readonly kind: 'paid'; readonly errMsg: 'requestVirtualPayment:ok' }
  | Failed
  | { readonly kind: 'lost' };

/** The phone's side of a payment. */
export interface CashDesk {
  /** wx.requestVirtualPayment: from here on WeChat has the order. */
  open(parameters: unknown, phone: Phone): Shown | Failed;
  /** The shopper confirms: the order is paid and its event is due. */
  pay(id: string): PaymentResult;
  /** The payment does not go through. */
  fail(id: string, errCode?: ClientErrCode): PaymentResult;
  /** The shopper closes the cash desk. */
  cancel(id: string): PaymentResult;
}

export interface CashDeskWorld {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly trace: Trace;
  readonly weixin: Pick<LocalWeixin, 'sessions'>;
  readonly account: Account;
  readonly items: Items;
  readonly ledger: Ledger;
  readonly faults: VirtualPayFaults;
  readonly pushes: Pushes;
  readonly choices: Choices;
}

const LABEL = 'wx.requestVirtualPayment';

export function createCashDesk(world: CashDeskWorld): CashDesk {
  const opened = new Map<string, LedgerOrder>();
  /** The shopper does something; what the mini-program receives for it. */
  const enter = (deed: string, id: string, act: (order: LedgerOrder) => PaymentResult): PaymentResult => {
    const order = opened.get(id);
    if (!order) throw new Error(`No cash desk ${id} is open`);
    opened.delete(id);
    const of = { openid: order.openid, about: order.out_trade_no };
    world.trace.record({ from: 'shopper', to: 'weixin', kind: 'call', label: deed, ...of });
    return reply(world, act(order), of);
  };
  return {
    open(parameters, phone) {
      const { sessions } = world.weixin;
      const checked = checkPayment({ ...world, sessions }, parameters, phone);
      const of = whose(phone, checked);
      recordRequest(world, parameters, of);
      if (checked.kind === 'failed') return reply(world, checked, of);
      const { outTradeNo: out_trade_no } = checked.signData;
      const refused = takeFailure(world, out_trade_no, 'refuse-payment');
      if (refused) return reply(world, refused, of);
      const order = world.ledger.find(checked.signData.env, out_trade_no) ?? newOrder(world, checked, phone);
      opened.set(order.wx_order_id, order);
      const { wx_order_id: id, price, is_apple } = order;
      const { name } = checked.item;
      return { kind: 'shown', id, out_trade_no, payee: world.account.name, name, price, is_apple };
    },
    pay: (id) =>
      enter(
        'pay',
        id,
        (order) => takeFailure(world, order.out_trade_no, 'fail-payment') ?? settle(world, order),
      ),
    fail: (id, errCode = -1) => enter('pay', id, () => failed(errCode, `the payment failed: ${errCode}`)),
    cancel: (id) => enter('cancel', id, () => failed(-2, 'the shopper closed the cash desk')),
  };
}

function newOrder(world: CashDeskWorld, { signData, price }: Checked, phone: Phone): LedgerOrder {
  const { clock, random, ledger } = world;
  const now = clock.now();
  const order: LedgerOrder = {
    out_trade_no: signData.outTradeNo,
    openid: phone.openid,
    env: signData.env,
    product_id: signData.productId,
    orig_price: signData.goodsPrice,
    price,
    attach: signData.attach,
    is_apple: phone.platform === 'ios',
    wx_order_id: newWxOrderId(now, random),
    channel_order_id: newChannelOrderId(now, random),
    created_at: now,
    updated_at: now,
    status: STATUS.CREATED,
    refunds: [],
  };
  ledger.add(order);
  recordChange(world, order, 'created');
  return order;
}

/** -15012 says that the order is closed; the others leave it as it is. */
function takeFailure(
  { faults, ledger }: CashDeskWorld,
  out_trade_no: string,
  kind: 'refuse-payment' | 'fail-payment',
): Failed | undefined {
  const fault = faults.take([kind], { out_trade_no });
  if (!fault) return undefined;
  const order = ledger.all().find((each) => each.out_trade_no === out_trade_no);
  if (fault.errCode === -15012 && order?.status === STATUS.CREATED)
    ledger.change(order, { status: STATUS.CLOSED });
  return failed(fault.errCode, `${fault.errCode}, as asked for`);
}

function settle(world: CashDeskWorld, order: LedgerOrder): PaymentResult {
  const { faults, ledger } = world;
  const { status } = ledger.find(order.env, order.out_trade_no) ?? order;
  if (status !== STATUS.CREATED) return failed(-15012, 'the order is closed or paid already');
  receivePayment(world, order);
  recordChange(world, order, 'paid');
  const isLost = faults.take(['lose-success'], { out_trade_no: order.out_trade_no }) !== undefined;
  return isLost ? { kind: 'lost' } : { kind: 'paid', errMsg: 'requestVirtualPayment:ok' };
}

function recordChange({ trace }: CashDeskWorld, { out_trade_no, status }: LedgerOrder, label: string): void {
  trace.record({ from: 'weixin', to: 'weixin', kind: 'change', label, payload: { out_trade_no, status } });
}

/** Whose phone it is, and which order it is about where that was found valid. */
interface Of {
  readonly openid: string;
  readonly about?: string;
}

function whose({ openid }: Phone, checked: Checked | Failed): Of {
  return checked.kind === 'failed' ? { openid } : { openid, about: checked.signData.outTradeNo };
}

function recordRequest({ trace }: CashDeskWorld, parameters: unknown, of: Of): void {
  const payload = v.is(v.record(v.string(), v.string()), parameters) ? mask(parameters) : undefined;
  trace.record({ from: 'mini-program', to: 'weixin', kind: 'call', label: LABEL, payload, ...of });
}

function reply<Result extends PaymentResult>({ trace }: CashDeskWorld, payload: Result, of: Of): Result {
  const kind = payload.kind === 'lost' ? 'lost' : 'reply';
  trace.record({ from: 'weixin', to: 'mini-program', kind, label: LABEL, payload, ...of });
  return payload;
}
