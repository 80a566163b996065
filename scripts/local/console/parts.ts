import type { WorldClock } from '../clock.ts';
import type { Timers } from '../cloud/functions/timers.ts';
import type { Trace } from '../trace.ts';
import type { LocalVirtualPay } from '../virtualpay/virtualpay.ts';
import type { LocalWeChatPay } from '../wechatpay/wechatpay.ts';
import type { LocalWeixin } from '../weixin/weixin.ts';
import type { Shopper } from './wire.ts';

/** The parts of the local world that the console looks at and turns. It starts none of them. */
export interface ConsoleParts {
  readonly clock: Pick<WorldClock, 'now' | 'offset' | 'advance'>;
  readonly trace: Pick<Trace, 'since' | 'subscribe'>;
  readonly cloud: {
    collections(): readonly string[];
    documents(name: string): readonly Readonly<Record<string, unknown>>[];
  };
  readonly timers: Pick<Timers, 'next' | 'runNow'>;
  readonly wechatpay: Pick<LocalWeChatPay, 'orders' | 'faults' | 'refundByStaff'>;
  readonly weixin: Pick<LocalWeixin, 'faults'>;
  readonly virtualpay: Pick<LocalVirtualPay, 'orders' | 'items' | 'faults' | 'forgeEvent'>;
  readonly shoppers: readonly Shopper[];
  /** Values that are shown nowhere, whatever field they are in: the merchant's key. */
  readonly secrets: readonly string[];
}
