import { countIn, textIn } from '../../logic/fields';
import { lostMessage, type Message, NOTHING_ON_SALE, nothingOffered } from '../../logic/messages';
import { type Notice, noticeOf } from '../../logic/notices';
import { buy } from '../../logic/shop/buying';
import { type Memberships, type Product, withPrice } from '../../logic/shop/catalogue';
import {
  type Chosen,
  choose,
  isSameAtAnotherPrice,
  offeredOn,
  type ShopShown,
  showShop,
} from '../../logic/shop/shop-view';
import { readMemberships, readProducts } from '../../services/catalogue';
import { checkout } from '../../services/checkout';
import { serverNow } from '../../services/clock';
import { isIos } from '../../services/device';
import { openOrder, openOrders } from '../../services/navigation';

interface ShopData {
  /** Null until the prices are read. */
  shown: ShopShown | null;
  message: Message | null;
  notice: Notice | null;
  /** Why nothing can be tapped, as the pay button says it; empty while everything can. */
  busy: string;
}

interface ShopPage {
  products: readonly Product[];
  memberships: Memberships;
  notOffered: string;
  chosen: Chosen | undefined;
  load(): Promise<void>;
  choose(request: { product_id?: string | undefined; months?: number | undefined }): void;
  pay(): Promise<void>;
  onAct(): Promise<void>;
  onProduct(event: WechatMiniprogram.TouchEvent): void;
  onMonths(event: WechatMiniprogram.TouchEvent): void;
  onPay(): Promise<void>;
  onOrders(): Promise<void>;
}

Page<ShopData, ShopPage>({
  data: { shown: null, message: null, notice: null, busy: '' },
  products: [],
  memberships: {},
  notOffered: '',
  chosen: undefined,

  onShow() {
    return this.load();
  },

  async load() {
    const [products, memberships] = await Promise.all([readProducts(), readMemberships()]);
    // A price is not exchanged while it is being paid.
    if (this.data.busy !== '') return;
    if (products.kind === 'lost' || memberships.kind === 'lost') {
      const lost = products.kind === 'lost' ? products : memberships;
      // Prices that were read before stay; createOrder compares them anyway.
      if (lost.kind === 'lost' && this.data.shown === null)
        this.setData({ message: lostMessage(lost, 'prices') });
      return;
    }
    const { offered, notOffered } = offeredOn(isIos(), products.found);
    const before = this.chosen;
    this.products = offered;
    this.notOffered = notOffered;
    this.memberships = memberships.found;
    this.choose({});
    if (before !== undefined && this.chosen !== undefined && isSameAtAnotherPrice(before, this.chosen)) {
      this.setData({ notice: noticeOf({ kind: 'price-changed', total_fee: this.chosen.option.total_fee }) });
    }
  },

  /** Shows the shop with what is wished for, or with what was wished for before, as far as it is still sold. */
  choose(request) {
    const { products, memberships, notOffered } = this;
    const before = { product_id: this.chosen?.product.product_id, months: this.chosen?.option.months };
    const chosen = choose(products, { ...before, ...request });
    this.chosen = chosen;
    if (chosen === undefined) {
      this.setData({
        shown: null,
        message: notOffered === '' ? NOTHING_ON_SALE : nothingOffered(notOffered),
      });
      return;
    }
    this.setData({
      shown: showShop({ products, chosen, memberships, notOffered, now: serverNow() }),
      message: null,
    });
  },

  async pay() {
    if (this.chosen === undefined) return;
    const { product, option } = this.chosen;
    const request = { product_id: product.product_id, ...option };
    this.setData({ busy: '正在下单…', notice: null });
    try {
      const bought = await buy(checkout, request, () => this.setData({ busy: '等待支付…' }));
      if (bought.kind === 'ordered') return await openOrder(bought.out_trade_no);
      if (bought.kind === 'price-changed') {
        this.products = withPrice(this.products, { ...request, total_fee: bought.total_fee });
        this.choose({});
      }
      this.setData({ notice: noticeOf(bought) });
    } finally {
      this.setData({ busy: '' });
    }
  },

  onProduct(event) {
    if (this.data.busy !== '') return;
    this.setData({ notice: null });
    this.choose({ product_id: textIn(event.currentTarget.dataset.productId) });
  },

  onMonths(event) {
    if (this.data.busy !== '') return;
    this.setData({ notice: null });
    this.choose({ months: countIn(event.currentTarget.dataset.months) });
  },

  async onPay() {
    if (this.data.busy !== '') return;
    switch (this.data.notice?.next ?? 'pay') {
      case 'pay':
        return this.pay();
      case 'orders':
        return openOrders();
      case 'dismiss':
        return this.setData({ notice: null });
      case 'reload':
        this.setData({ shown: null, notice: null });
        return this.load();
    }
  },

  async onAct() {
    if (this.data.message?.act === 'orders') return openOrders();
    this.setData({ message: null });
    return this.load();
  },

  onOrders() {
    return openOrders();
  },
});
