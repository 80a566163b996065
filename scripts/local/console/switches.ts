import type { Fault } from '../wechatpay/faults.ts';
import type { ConsoleParts } from './parts.ts';
import type { Outcome, SwitchName, SwitchState } from './wire.ts';

/** What each switch lets happen, once. */
const FAULTS: Readonly<Record<SwitchName, Fault>> = {
  lose: { kind: 'lose-notice' },
  repeat: { kind: 'repeat-notice', times: 3 },
  // Longer than the timer's minute, so that the timer finds the payment and the notice comes late.
  delay: { kind: 'delay-notice', ms: 90_000 },
  // The work is done and only the answer is missing: what a merchant must take as unknown, not as failed.
  break: { kind: 'break', when: 'after' },
  fail: { kind: 'fail-payment', err_code: 'NOTENOUGH' },
};

/** The console's hand on WeChat Pay's faults. A switch whose fault has happened is off again. */
export class Switches {
  readonly #faults: ConsoleParts['wechatpay']['faults'];
  readonly #takeBack = new Map<SwitchName, () => void>();
  readonly #used = new Map<SwitchName, number>();

  constructor(faults: ConsoleParts['wechatpay']['faults']) {
    this.#faults = faults;
  }

  get states(): Record<SwitchName, SwitchState> {
    return {
      lose: this.#state('lose'),
      repeat: this.#state('repeat'),
      delay: this.#state('delay'),
      break: this.#state('break'),
      fail: this.#state('fail'),
    };
  }

  turn(name: SwitchName, isOn: boolean): Outcome {
    const { isArmed } = this.#state(name);
    if (isOn && !isArmed) this.#takeBack.set(name, this.#faults.add(FAULTS[name]));
    if (isOn || !isArmed) return { ok: true };
    this.#takeBack.get(name)?.();
    this.#takeBack.delete(name);
    if (!this.#isWaiting(name)) return { ok: true };
    return { ok: false, message: '这个故障是脚本设置的，要由那个脚本收回。' };
  }

  #state(name: SwitchName): SwitchState {
    const isArmed = this.#isWaiting(name);
    if (!isArmed && this.#takeBack.delete(name)) this.#used.set(name, (this.#used.get(name) ?? 0) + 1);
    return { isArmed, used: this.#used.get(name) ?? 0 };
  }

  #isWaiting(name: SwitchName): boolean {
    return this.#faults.list().some(({ kind }) => kind === FAULTS[name].kind);
  }
}
