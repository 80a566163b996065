/** Whether a fault befalls a call before its work, or after it, when only the answer goes wrong. */
export type When = 'before' | 'after';

/** What every fault may say of itself. */
export interface Askable {
  readonly kind: string;
  /** How often it happens before it is used up; 1 when left out, Infinity for until taken back. */
  readonly count?: number;
  /** Only to this order. */
  readonly out_trade_no?: string;
  readonly path?: string;
  readonly when?: When;
}

export interface FaultSubject {
  readonly path?: string;
  readonly out_trade_no?: string | undefined;
  readonly when?: When;
}

/** Faults that were asked for and did not happen yet, in the order they were asked for. */
export class WaitingFaults<Fault extends Askable> {
  readonly #waiting = new Map<Fault, number>();

  /** Asks for a fault; the answer takes it back. */
  add(fault: Fault): () => void {
    const own = { ...fault };
    this.#waiting.set(own, fault.count ?? 1);
    return () => this.#waiting.delete(own);
  }

  list(): readonly Fault[] {
    return [...this.#waiting].map(([fault, count]) => ({ ...fault, count }));
  }

  clear(): void {
    this.#waiting.clear();
  }

  /** The first waiting fault of these kinds that fits; it has happened once more. */
  take<Kind extends Fault['kind']>(
    kinds: readonly Kind[],
    subject: FaultSubject,
  ): Extract<Fault, { kind: Kind }> | undefined {
    for (const [fault, count] of this.#waiting) {
      if (!isOneOf(fault, kinds) || !fits(fault, subject)) continue;
      if (count > 1) this.#waiting.set(fault, count - 1);
      else this.#waiting.delete(fault);
      return fault;
    }
    return undefined;
  }
}

function isOneOf<Fault extends Askable, Kind extends Fault['kind']>(
  fault: Fault,
  kinds: readonly Kind[],
): fault is Extract<Fault, { kind: Kind }> {
  return kinds.some((kind) => kind === fault.kind);
}

function fits(fault: Askable, subject: FaultSubject): boolean {
  if (fault.out_trade_no !== undefined && fault.out_trade_no !== subject.out_trade_no) return false;
  if (fault.path !== undefined && fault.path !== subject.path) return false;
  return subject.when === undefined || subject.when === (fault.when ?? 'before');
}
