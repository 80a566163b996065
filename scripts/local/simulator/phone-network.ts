import { WaitingFaults } from '../faults.ts';

/** What can go wrong between a phone and the world: a request gets no answer, or a late one. */
export type PhoneFault = (
  | { readonly kind: 'none' }
  /** In real time, since a person waits for it. */
  | { readonly kind: 'slow'; readonly ms: number }
) & {
  /** How many requests it befalls; 1 when left out, Infinity for until taken back. */
  readonly count?: number;
};

/** How a phone is connected. */
export type Connection = 'fast' | 'slow' | 'none';

/** The network that every phone of a world is on. */
export class PhoneNetwork {
  readonly faults = new WaitingFaults<PhoneFault>();

  /** What the phones show: a fault of a few requests is no state, and no phone knows of it before. */
  get connection(): Connection {
    const kinds = this.faults.list().flatMap(({ kind, count }) => (count === Infinity ? [kind] : []));
    if (kinds.includes('none')) return 'none';
    return kinds.includes('slow') ? 'slow' : 'fast';
  }

  /** Lets a request through, perhaps late. Answers false where it gets lost. */
  async carries(): Promise<boolean> {
    const fault = this.faults.take(['none', 'slow'], {});
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    return fault?.kind !== 'none';
  }
}
