import type { Purchase } from '../fixture.ts';

/** What each contender can be timed at. */
export interface Steps {
  sign(fields: Readonly<Record<string, string>>): string;
  /** The request in XML with its sign, WeChat's answer read and verified, and what the phone pays with. */
  order(): Promise<Ordered> | Ordered;
  /** Reads a notice, and throws or rejects where its sign is wrong. */
  notice(xml: string): unknown;
}

export interface Ordered {
  readonly request: string;
  readonly prepay_id: string;
  readonly payment: Readonly<Record<string, string>>;
}

export type Contender = (purchase: Purchase) => Steps;
export type Step = keyof Steps;
export const STEPS: readonly Step[] = ['sign', 'order', 'notice'];
