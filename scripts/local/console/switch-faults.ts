import type { Fault as PaymentFault } from '../wechatpay/faults.ts';
import type { ConsoleParts } from './parts.ts';
import type { SwitchName } from './wire.ts';

/** What a switch does. */
export interface SwitchFault {
  /** Lets it happen once; the answer takes it back, or says why it cannot happen. */
  add(): (() => void) | string;
  /** Whether it is asked for and did not happen yet, whoever asked. */
  isWaiting(): boolean;
}

type Parts = Pick<ConsoleParts, 'wechatpay' | 'weixin' | 'virtualpay'>;

/** Longer than a function waits for an answer. */
const SLOW_QUERY_MS = 15_000;
/** Long enough for the timer, which asks first within two and a half minutes of the order, to come to it before. */
const AFTER_THE_TIMER_MS = 3 * 60_000;

export function faultsOfSwitches(parts: Parts): Readonly<Record<SwitchName, SwitchFault>> {
  const { wechatpay, weixin, virtualpay } = parts;
  const payment = (fault: PaymentFault) => waiting(wechatpay.faults, fault);
  return {
    lose: payment({ kind: 'lose-notice' }),
    repeat: payment({ kind: 'repeat-notice', times: 3 }),
    delay: payment({ kind: 'delay-notice', ms: AFTER_THE_TIMER_MS }),
    // The work is done and only the answer is missing: what a merchant must take as unknown, not as failed.
    break: payment({ kind: 'break', when: 'after' }),
    fail: payment({ kind: 'fail-payment', err_code: 'NOTENOUGH' }),
    'lose-event': waiting(virtualpay.faults, { kind: 'lose-event' }),
    'repeat-event': waiting(virtualpay.faults, { kind: 'repeat-event', times: 3 }),
    'forge-event': { add: () => forge(parts), isWaiting: () => false },
    'slow-query': waiting(weixin.faults, { kind: 'slow', ms: SLOW_QUERY_MS, path: '/xpay/query_order' }),
    'hide-payment': waiting(virtualpay.faults, { kind: 'hide-payment', ms: AFTER_THE_TIMER_MS }),
    'lose-success': waiting(virtualpay.faults, { kind: 'lose-success' }),
    unpublish: waiting(virtualpay.faults, { kind: 'refuse-payment', errCode: -15010 }),
    'replace-key': waiting(weixin.faults, { kind: 'replace-session-key' }),
    'kill-token': waiting(weixin.faults, { kind: 'kill-token' }),
  };
}

function waiting<Fault extends { readonly kind: string }>(
  faults: { add(fault: Fault): () => void; list(): readonly { readonly kind: string }[] },
  fault: Fault,
): SwitchFault {
  return {
    add: () => faults.add(fault),
    isWaiting: () => faults.list().some(({ kind }) => kind === fault.kind),
  };
}

/** At once: an event says that the newest unpaid order is paid. */
function forge({ virtualpay }: Parts): (() => void) | string {
  const target = virtualpay
    .orders()
    .filter((order) => !order.payment)
    .sort((a, b) => a.created_at.getTime() - b.created_at.getTime())
    .at(-1);
  if (!target) return '还没有未付款的虚拟支付订单：先下单并打开收银台。';
  const { out_trade_no, openid, env, product_id, price } = target;
  void virtualpay.forgeEvent({ out_trade_no, openid, env, product_id, price }, 'never paid');
  return () => {};
}
