import type { ConsoleParts } from './parts.ts';
import { faultsOfSwitches, type SwitchFault } from './switch-faults.ts';
import type { Outcome, SwitchName, SwitchState } from './wire.ts';

type Parts = Pick<ConsoleParts, 'wechatpay' | 'weixin' | 'virtualpay'>;

/** The console's hand on WeChat's faults. A switch whose fault has happened is off again. */
export class Switches {
  readonly #faults: Readonly<Record<SwitchName, SwitchFault>>;
  readonly #takeBack = new Map<SwitchName, () => void>();
  readonly #used = new Map<SwitchName, number>();

  constructor(parts: Parts) {
    this.#faults = faultsOfSwitches(parts);
  }

  get states(): Record<SwitchName, SwitchState> {
    return {
      lose: this.#state('lose'),
      repeat: this.#state('repeat'),
      delay: this.#state('delay'),
      break: this.#state('break'),
      fail: this.#state('fail'),
      'lose-event': this.#state('lose-event'),
      'repeat-event': this.#state('repeat-event'),
      'forge-event': this.#state('forge-event'),
      'slow-query': this.#state('slow-query'),
      'hide-payment': this.#state('hide-payment'),
      'lose-success': this.#state('lose-success'),
      unpublish: this.#state('unpublish'),
      'replace-key': this.#state('replace-key'),
      'kill-token': this.#state('kill-token'),
    };
  }

  turn(name: SwitchName, isOn: boolean): Outcome {
    const { isArmed } = this.#state(name);
    if (isOn && !isArmed) {
      const takeBack = this.#faults[name].add();
      if (typeof takeBack === 'string') return { ok: false, message: takeBack };
      this.#takeBack.set(name, takeBack);
    }
    if (isOn || !isArmed) return { ok: true };
    this.#takeBack.get(name)?.();
    this.#takeBack.delete(name);
    if (!this.#faults[name].isWaiting()) return { ok: true };
    return { ok: false, message: '这个故障是脚本设置的，要由那个脚本收回。' };
  }

  #state(name: SwitchName): SwitchState {
    const isArmed = this.#faults[name].isWaiting();
    if (!isArmed && this.#takeBack.delete(name)) this.#used.set(name, (this.#used.get(name) ?? 0) + 1);
    return { isArmed, used: this.#used.get(name) ?? 0 };
  }
}
