import type { Cancel } from '../clock.ts';
import { DONE, refusal } from './answers.ts';
import type { ConsoleParts } from './parts.ts';
import { type FaultParts, faultsOfSwitches, type SwitchFault } from './switch-faults.ts';
import { ALL_SWITCHES, type Lasting, type Outcome, type SwitchName, type SwitchState } from './wire.ts';

const MINUTE_MS = 60_000;

/** A fault that was asked for here. */
interface Armed {
  readonly takeBack: () => void;
  /** Takes the ending off the clock. */
  readonly cancel?: Cancel;
  readonly until?: Date;
  /** As it was when somebody looked last. */
  left: number;
}

/** The console's hand on what goes wrong. A switch whose fault has happened, or whose time is over, is off again. */
export class Switches {
  readonly #clock: Pick<ConsoleParts['clock'], 'now' | 'schedule'>;
  readonly #faults: Readonly<Record<SwitchName, SwitchFault>>;
  readonly #armed = new Map<SwitchName, Armed>();
  readonly #used = new Map<SwitchName, number>();

  constructor(parts: FaultParts & Pick<ConsoleParts, 'clock'>) {
    this.#clock = parts.clock;
    this.#faults = faultsOfSwitches(parts);
  }

  get states(): Readonly<Record<string, SwitchState>> {
    return Object.fromEntries(ALL_SWITCHES.map((name) => [name, this.#state(name)]));
  }

  turn(name: SwitchName, isOn: boolean, lasting: Lasting = { times: 1 }): Outcome {
    const { isArmed } = this.#state(name);
    if (isOn && !isArmed) return this.#arm(name, lasting);
    if (isOn || !isArmed) return DONE;
    this.#disarm(name);
    if (this.#faults[name].left() === 0) return DONE;
    return refusal('OF_A_SCRIPT', 'A script asked for this fault, and has to take it back.');
  }

  #arm(name: SwitchName, lasting: Lasting): Outcome {
    const times =
      typeof lasting === 'object' && 'times' in lasting ? lasting.times : Number.POSITIVE_INFINITY;
    const takeBack = this.#faults[name].add(times);
    if (typeof takeBack !== 'function') return takeBack;
    const ending =
      typeof lasting === 'object' && 'minutes' in lasting ? this.#endAfter(name, lasting.minutes) : {};
    this.#armed.set(name, { takeBack, left: times, ...ending });
    return DONE;
  }

  #endAfter(name: SwitchName, minutes: number): Pick<Armed, 'cancel' | 'until'> {
    const until = new Date(this.#clock.now().getTime() + minutes * MINUTE_MS);
    return { until, cancel: this.#clock.schedule(until, () => this.#disarm(name)) };
  }

  #disarm(name: SwitchName): void {
    const armed = this.#armed.get(name);
    this.#armed.delete(name);
    armed?.cancel?.();
    armed?.takeBack();
  }

  #state(name: SwitchName): SwitchState {
    const left = this.#faults[name].left();
    const armed = this.#armed.get(name);
    if (armed && Number.isFinite(armed.left) && left < armed.left) {
      this.#used.set(name, (this.#used.get(name) ?? 0) + armed.left - left);
      armed.left = left;
    }
    if (left === 0) this.#disarm(name);
    return {
      isArmed: left > 0,
      used: this.#used.get(name) ?? 0,
      left: Number.isFinite(left) ? left : null,
      until: armed?.until && left > 0 ? armed.until.toISOString() : null,
    };
  }
}
