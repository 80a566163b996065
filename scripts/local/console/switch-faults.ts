import type { Fault as CloudFault } from '../cloud/faults.ts';
import type { PhoneFault } from '../simulator/phone-network.ts';
import type { VirtualPayFault } from '../virtualpay/faults.ts';
import type { Fault as PaymentFault } from '../wechatpay/faults.ts';
import type { WeixinFault } from '../weixin/faults.ts';
import { refusal } from './answers.ts';
import type { ConsoleParts } from './parts.ts';
import type { Outcome, SwitchName } from './wire.ts';

/** What a switch does. */
export interface SwitchFault {
  /** Lets it happen so often; the answer takes it back, or says why it cannot happen. */
  add(times: number): (() => void) | Outcome;
  /** How often it is still asked for, whoever asked. */
  left(): number;
}

export type FaultParts = Pick<ConsoleParts, 'wechatpay' | 'weixin' | 'virtualpay' | 'cloud' | 'phoneNetwork'>;

/** Long enough to be seen, shorter than a function waits for an answer. */
const SLOW_MS = 3000;
/** Longer than a function waits for an answer. */
const SLOW_QUERY_MS = 15_000;
/** Long enough for the timer, which asks first within two and a half minutes of the order, to come to it before. */
const AFTER_THE_TIMER_MS = 3 * 60_000;
/** WeChat's own words for "try again later". */
const SYSTEM_BUSY = -1;

export function faultsOfSwitches(parts: FaultParts): Readonly<Record<SwitchName, SwitchFault>> {
  const { wechatpay, weixin, virtualpay, cloud } = parts;
  const payment = (fault: PaymentFault) => waiting(wechatpay.faults, fault);
  const virtual = (fault: VirtualPayFault) => waiting(virtualpay.faults, fault);
  const host = (fault: WeixinFault & { readonly path?: string }) => waiting(weixin.faults, fault);
  return {
    lose: payment({ kind: 'lose-notice' }),
    repeat: payment({ kind: 'repeat-notice', times: 3 }),
    delay: payment({ kind: 'delay-notice', ms: AFTER_THE_TIMER_MS }),
    // The work is done and only the answer is missing: what a merchant must take as unknown, not as failed.
    break: payment({ kind: 'break', when: 'after' }),
    fail: payment({ kind: 'fail-payment', err_code: 'NOTENOUGH' }),
    'lose-event': virtual({ kind: 'lose-event' }),
    'repeat-event': virtual({ kind: 'repeat-event', times: 3 }),
    'forge-event': { add: () => forge(parts), left: () => 0 },
    'slow-query': host({ kind: 'slow', ms: SLOW_QUERY_MS, path: '/xpay/query_order' }),
    'hide-payment': virtual({ kind: 'hide-payment', ms: AFTER_THE_TIMER_MS }),
    'lose-success': virtual({ kind: 'lose-success' }),
    unpublish: virtual({ kind: 'refuse-payment', errCode: -15010 }),
    'replace-key': host({ kind: 'replace-session-key' }),
    'kill-token': host({ kind: 'kill-token' }),
    down: both(payment({ kind: 'break', when: 'before' }), host({ kind: 'break', when: 'before' })),
    slow: both(payment({ kind: 'slow', ms: SLOW_MS }), host({ kind: 'slow', ms: SLOW_MS })),
    'system-error': both(
      payment({ kind: 'refuse', err_code: 'SYSTEMERROR' }),
      host({ kind: 'refuse', errcode: SYSTEM_BUSY }),
    ),
    conflict: inDatabase(cloud, { kind: 'conflict' }),
    kill: inDatabase(cloud, { kind: 'kill-before' }),
    offline: onPhone(parts, { kind: 'none' }),
  };
}

type Counted<Fault> = Fault & { readonly count?: number };

function waiting<Fault extends object>(
  faults: { add(fault: Counted<Fault>): () => void; list(): readonly object[] },
  fault: Fault,
): SwitchFault {
  return {
    add: (count) => faults.add({ ...fault, count }),
    left: () =>
      sum(
        faults
          .list()
          .filter((listed) => says(listed, fault))
          .map(countOf),
      ),
  };
}

function inDatabase({ faults }: FaultParts['cloud'], fault: CloudFault): SwitchFault {
  return {
    add: (times) => faults.add({ ...fault, times }),
    left: () =>
      sum(
        faults
          .waiting()
          .filter((each) => says(each, fault))
          .map(({ times = 1 }) => times),
      ),
  };
}

function onPhone({ phoneNetwork }: FaultParts, fault: PhoneFault): SwitchFault {
  if (phoneNetwork) return waiting(phoneNetwork.faults, fault);
  return { add: () => refusal('NO_PHONE', 'This world runs without a phone.'), left: () => 0 };
}

/** Whichever of the two it befalls, it has happened. */
function both(one: SwitchFault, other: SwitchFault): SwitchFault {
  return {
    add(times) {
      const takeBack = [one, other].map((each) => each.add(times));
      return () => {
        for (const take of takeBack) if (typeof take === 'function') take();
      };
    },
    left: () => Math.min(one.left(), other.left()),
  };
}

/** Whether one that waits has everything that the switch's own has; a script's may say more. */
function says(listed: object, fault: object): boolean {
  const said = new Map<string, unknown>(Object.entries(listed));
  return Object.entries(fault).every(([name, value]) => said.get(name) === value);
}

function countOf(listed: object): number {
  return 'count' in listed && typeof listed.count === 'number' ? listed.count : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** At once: an event says that the newest unpaid order is paid. */
function forge({ virtualpay }: FaultParts): (() => void) | Outcome {
  const target = virtualpay
    .orders()
    .filter((order) => !order.payment)
    .sort((a, b) => a.created_at.getTime() - b.created_at.getTime())
    .at(-1);
  if (!target)
    return refusal('NO_UNPAID_ORDER', 'Virtual payment has no unpaid order: open its cashier first.');
  const { out_trade_no, openid, env, product_id, price } = target;
  void virtualpay.forgeEvent({ out_trade_no, openid, env, product_id, price }, 'never paid');
  return () => {};
}
