import { WaitingFaults, type When } from '../faults.ts';

/** What can go wrong with a call to api.weixin.qq.com; `path` is that of one API, such as `/xpay/query_order`. */
export type WeixinFault =
  /** Answered with this errcode, and this text where it is none that the host itself has. */
  | { readonly kind: 'refuse'; readonly errcode: number; readonly errmsg?: string; readonly when?: When }
  /** The connection breaks without an answer. */
  | { readonly kind: 'break'; readonly when: When }
  /** The connection breaks before the work, if an earlier call came over it. */
  | { readonly kind: 'reset' }
  /** The answer waits for this much of the local world's time. */
  | { readonly kind: 'slow'; readonly ms: number; readonly when?: When }
  /** The work is done, and what comes back is no JSON: a page of HTML, or nothing at all. */
  | { readonly kind: 'garble'; readonly body: 'html' | 'empty' }
  /** The token that is current dies before its time, once, when it is used next. */
  | { readonly kind: 'kill-token' }
  /** The next login replaces the shopper's session_key, and what was signed with the one before is worth nothing. */
  | { readonly kind: 'replace-session-key' };

/** Faults of api.weixin.qq.com that were asked for and did not happen yet. */
export class WeixinFaults extends WaitingFaults<
  WeixinFault & {
    readonly path?: string;
    /** How often it happens before it is used up; 1 when left out, Infinity for until taken back. */
    readonly count?: number;
    readonly out_trade_no?: string;
  }
> {}
