import type { WeixinNeeds } from './client.ts';
import { isTradeManaged } from './shipping.ts';
import type { App } from './transport.ts';

/** A shop seldom leaves WeChat's care. That it has just come under it must not be noticed late: its orders then want shipping. */
const YES_IS_KEPT_MS = 3_600_000;
const NO_IS_KEPT_MS = 60_000;

/** Whether WeChat manages the shipping of each mini-program, remembered for a while. One lives as long as an instance. */
export interface ManagedApps {
  /** @throws WeixinError */
  has(needs: WeixinNeeds, app: App): Promise<boolean>;
}

/** Questions at the same time share one request. */
export function createManagedApps(): ManagedApps {
  const kept = new Map<string, { readonly isManaged: boolean; readonly until: number }>();
  const onTheWay = new Map<string, Promise<boolean>>();

  return {
    async has(needs, app) {
      const known = kept.get(app.appid);
      if (known && needs.clock.now().getTime() < known.until) return known.isManaged;
      const request = onTheWay.get(app.appid) ?? asked(needs, app);
      onTheWay.set(app.appid, request);
      try {
        return await request;
      } finally {
        onTheWay.delete(app.appid);
      }
    },
  };

  async function asked(needs: WeixinNeeds, app: App): Promise<boolean> {
    const at = needs.clock.now().getTime();
    const isManaged = await isTradeManaged(needs, app);
    kept.set(app.appid, { isManaged, until: at + (isManaged ? YES_IS_KEPT_MS : NO_IS_KEPT_MS) });
    return isManaged;
  }
}
