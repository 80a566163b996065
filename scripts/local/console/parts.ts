import type { WorldClock } from '../clock.ts';
import type { Cloud } from '../cloud/cloud.ts';
import type { FunctionHost } from '../cloud/functions/host.ts';
import type { Timers } from '../cloud/functions/timers.ts';
import type { PhoneNetwork } from '../simulator/phone-network.ts';
import type { Trace } from '../trace.ts';
import type { LocalVirtualPay } from '../virtualpay/virtualpay.ts';
import type { LocalWeChatPay } from '../wechatpay/wechatpay.ts';
import type { LocalWeixin } from '../weixin/weixin.ts';
import type { Shopper } from './wire.ts';

/** The parts of the local world that the console looks at and turns. It starts none of them. */
export interface ConsoleParts {
  readonly clock: Pick<WorldClock, 'now' | 'offset' | 'advance' | 'schedule'>;
  readonly trace: Pick<Trace, 'since' | 'subscribe'>;
  readonly cloud: Pick<Cloud, 'collections' | 'documents' | 'hands' | 'faults'>;
  /** Puts a collection back to its first documents. */
  readonly reset: (collection: string) => Promise<void>;
  readonly host: Pick<FunctionHost, 'logs'>;
  readonly timers: Pick<Timers, 'next' | 'runNow'>;
  readonly wechatpay: Pick<
    LocalWeChatPay,
    'orders' | 'faults' | 'refundByStaff' | 'resendNotice' | 'forgeNotice'
  >;
  readonly weixin: Pick<LocalWeixin, 'faults'>;
  readonly virtualpay: Pick<LocalVirtualPay, 'orders' | 'faults' | 'forgeEvent' | 'resendEvent'>;
  /** Of the phone in the browser; there may be none. */
  readonly phoneNetwork?: PhoneNetwork;
  readonly shoppers: readonly Shopper[];
  /** Values that are shown nowhere, whatever field they are in: the merchant's key. */
  readonly secrets: readonly string[];
}
