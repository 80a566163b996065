import type {
  CreateOrderAnswer,
  CreateOrderRequest,
  ErrorAnswer,
  VirtualPaymentParameters,
} from '../../cloudfunctions/_shared/contract.ts';
import { VIRTUAL_PAY } from '../../scripts/local/virtual-world.ts';
import type { PaymentResult } from '../../scripts/local/virtualpay/cash-desk.ts';
import { changeProduct } from '../e2e/documents.ts';
import { openShop, type Shop, type Shopper } from './shop.ts';

/** An order of virtual payment and what pays it. */
export interface VirtualPlaced extends CreateOrderAnswer {
  payment: VirtualPaymentParameters;
}

/** The shop, with a membership `vip` that is sold through virtual payment. */
export interface VirtualShop extends Shop {
  /** A request for a month of vip, with the code of a login right now. */
  virtualRequest(shopper: Shopper, change?: Partial<CreateOrderRequest>): CreateOrderRequest;
  createVirtual(shopper: Shopper, request: object): Promise<VirtualPlaced | ErrorAnswer>;
  /** Places an order that must succeed. */
  placeVirtual(shopper: Shopper, change?: Partial<CreateOrderRequest>): Promise<VirtualPlaced>;
  /** Opens the cash desk and pays; the event is on its way afterwards. */
  payVirtual(shopper: Shopper, placed: VirtualPlaced, on?: 'android' | 'ios'): PaymentResult;
  /** The same, and the event gets lost for good. */
  payVirtualSilently(shopper: Shopper, placed: VirtualPlaced, on?: 'android' | 'ios'): void;
  /** Lets the events arrive that are due by now. */
  deliverEvents(): Promise<void>;
  /** Hands an event to virtualPayNotify, as message push does, and answers what it returned. */
  push(event: object, source?: string): Promise<unknown>;
  /** Until when the shopper holds vip, if at all. */
  vip(shopper: Shopper): Date | undefined;
}

export const VIP_FEE = 1800;

export async function openVirtualShop(...how: Parameters<typeof openShop>): Promise<VirtualShop> {
  const world = await openShop(...how);
  const { cloud, virtualpay, weixin, host, clock } = world;
  const item_id = `vip_1m_${VIP_FEE}`;
  const item = { item_id, months: 1, price: VIP_FEE, env: 0, effective_at: new Date(0).toISOString() };
  const options = [{ months: 1, total_fee: VIP_FEE }];
  const product = { _id: 'vip', name: '会员', description: '', on_sale: true, options };
  await cloud.insert('products', { ...product, channel: 'virtualpay', items: [item] });
  virtualpay.publish({ id: item_id, price: VIP_FEE, name: '会员 1 个月', env: 0 });

  const shop: VirtualShop = {
    ...world,
    virtualRequest: (shopper, change = {}) => ({
      ...world.newRequest(),
      ...{ product_id: 'vip', months: 1, expected_total_fee: VIP_FEE },
      code: weixin.login(shopper.openid),
      ...change,
    }),
    createVirtual: async (shopper, request) =>
      (await host.callFunction('createOrder', request, shopper)) as VirtualPlaced | ErrorAnswer,
    async placeVirtual(shopper, change) {
      const answer = await shop.createVirtual(shopper, shop.virtualRequest(shopper, change));
      if ('errcode' in answer) throw new Error(`${answer.errcode}: ${answer.errmsg}`);
      return answer;
    },
    payVirtual(shopper, { payment }, on = 'android') {
      const phone = { openid: shopper.openid, platform: on, version: '8.0.70', isDomesticAppleAccount: true };
      const shown = virtualpay.cashDesk.open(payment, phone);
      if (shown.kind === 'failed') throw new Error(shown.errMsg);
      return virtualpay.cashDesk.pay(shown.id);
    },
    payVirtualSilently(shopper, placed, on) {
      const { out_trade_no } = placed.order;
      virtualpay.faults.add({ kind: 'lose-event', out_trade_no, count: Number.POSITIVE_INFINITY });
      shop.payVirtual(shopper, placed, on);
    },
    async deliverEvents() {
      await clock.advance(0);
      await virtualpay.eventsSettled();
    },
    async push(event, source = 'wx_push') {
      const answer = await host.invoke({ functionName: 'virtualPayNotify', from: 'weixin', source, event });
      if (answer.kind === 'failed') throw answer.error;
      return JSON.parse(answer.result);
    },
    vip({ openid }) {
      const document = cloud.documents('users').find(({ _id }) => _id === openid);
      const memberships = document?.memberships as { vip?: { expires_at: Date } } | undefined;
      return memberships?.vip?.expires_at;
    },
  };
  return shop;
}

/** Has a product sold another way from now on. */
export function sellThrough(shop: Shop, product_id: string, channel: string): Promise<unknown> {
  return changeProduct(shop.cloud, product_id, { channel });
}

/** Everything that is stored or was logged by a function. */
export function keptBy(shop: Shop): string {
  const stored = shop.cloud.collections().map((name) => shop.cloud.documents(name));
  return JSON.stringify([stored, shop.host.logs]);
}

export const APP_KEY = VIRTUAL_PAY.app_keys[0];
