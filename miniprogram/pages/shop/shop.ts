import {
  type Choosing,
  choose,
  endingNext,
  isChosen,
  isSameAtAnotherPrice,
  keepChoice,
  nameOfChosen,
  offeredOn,
} from '../../logic/choice';
import { textIn } from '../../logic/fields';
import { lostMessage, type Message, NOTHING_ON_SALE, nothingOffered } from '../../logic/messages';
import type { Notice } from '../../logic/notice';
import { noticeOf, withdrawnNotice } from '../../logic/notices';
import { buy } from '../../logic/shop/buying';
import { type Memberships, type Product, withPrice } from '../../logic/shop/catalogue';
import { type ShopShown, showShop } from '../../logic/shop/shop-view';
import { keepShopShape, type ShopShape, shopShape } from '../../logic/shop-shape';
import { termKey, termKeyIn } from '../../logic/term';
import { readMemberships, readProducts } from '../../services/catalogue';
import { checkout } from '../../services/checkout';
import { serverNow } from '../../services/clock';
import { isIos, updateWeChat } from '../../services/device';
import { openOrder, openOrders } from '../../services/navigation';
import { storage } from '../../services/storage';

interface ShopData {
  /** What is drawn until the prices are read. */
  shape: ShopShape;
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
  /** Undefined until there is something to choose from. */
  choosing: Choosing | undefined;
  /** What the shop was opened for, as from a reminder; what the shopper is a member of otherwise. */
  wanted: { product_id: string | undefined; term: string | undefined };
  load(): Promise<void>;
  offer(products: readonly Product[]): void;
  wantedOf(offered: readonly Product[]): { product_id: string | undefined; term: string | undefined };
  show(choosing: Choosing | undefined): void;
  pay(): Promise<void>;
  onAct(): Promise<void>;
  onProduct(event: WechatMiniprogram.TouchEvent): void;
  onTerm(event: WechatMiniprogram.TouchEvent): void;
  onPay(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onOrders(): Promise<void>;
}

Page<ShopData, ShopPage>({
  data: { shape: { cards: [], options: [] }, shown: null, message: null, notice: null, busy: '' },
  products: [],
  memberships: {},
  notOffered: '',
  choosing: undefined,
  wanted: { product_id: undefined, term: undefined },

  onLoad({ product_id, ...term }) {
    this.wanted = { product_id, term: termKeyIn(term) };
    this.setData({ shape: shopShape(storage) });
  },

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
    this.memberships = memberships.found;
    this.offer(products.found);
  },

  /** Shows what was read, with what was chosen before as far as it is still sold. What changed about it is announced. */
  offer(products) {
    const { offered, notOffered } = offeredOn(isIos(), products);
    this.products = offered;
    this.notOffered = notOffered;
    const before = this.choosing;
    if (before === undefined || offered.length === 0)
      return this.show(choose(offered, this.wantedOf(offered)));
    const after = keepChoice(offered, before);
    this.show(after);
    if (isChosen(before) && !isChosen(after)) this.setData({ notice: withdrawnNotice(nameOfChosen(before)) });
    else if (isChosen(after) && isSameAtAnotherPrice(before, after))
      this.setData({ notice: noticeOf({ kind: 'price-changed', total_fee: after.option.total_fee }) });
  },

  /** Whoever is a member already renews that before buying another: one tap from here to the cashier. */
  wantedOf(offered) {
    const { product_id, term } = this.wanted;
    const { memberships } = this;
    return { product_id: product_id ?? endingNext(offered, { memberships, now: serverNow() }), term };
  },

  show(choosing) {
    const { products, memberships, notOffered } = this;
    this.choosing = choosing;
    if (choosing === undefined) {
      this.setData({
        shown: null,
        message: notOffered === '' ? NOTHING_ON_SALE : nothingOffered(notOffered),
      });
      return;
    }
    const shown = showShop({
      products,
      choosing,
      memberships,
      notOffered,
      isIos: isIos(),
      now: serverNow(),
    });
    this.setData({ shown, message: null });
    if (isChosen(choosing))
      keepShopShape(storage, { cards: shown.cards.length, options: shown.options.length });
  },

  async pay() {
    if (this.choosing === undefined || !isChosen(this.choosing)) return;
    const { product, option } = this.choosing;
    const { product_id, channel } = product;
    const request = { product_id, channel, ...option };
    this.setData({ busy: '正在下单…', notice: null });
    try {
      const bought = await buy(checkout, request, () => this.setData({ busy: '等待支付…' }));
      if (bought.kind === 'ordered') return await openOrder(bought.out_trade_no);
      if (bought.kind === 'price-changed') {
        this.products = withPrice(this.products, { ...request, total_fee: bought.total_fee });
        this.show(keepChoice(this.products, this.choosing));
      }
      this.setData({ notice: noticeOf(bought) });
    } finally {
      this.setData({ busy: '' });
    }
  },

  onProduct(event) {
    if (this.data.busy !== '') return;
    this.setData({ notice: null });
    const product_id = textIn(event.currentTarget.dataset.productId);
    this.show(
      choose(this.products, { product_id, term: this.choosing?.option && termKey(this.choosing.option) }),
    );
  },

  onTerm(event) {
    if (this.data.busy !== '') return;
    this.setData({ notice: null });
    const product_id = this.choosing?.product?.product_id;
    this.show(choose(this.products, { product_id, term: textIn(event.currentTarget.dataset.term) }));
  },

  async onPay(event) {
    if (this.data.busy !== '') return;
    switch (this.data.notice?.next ?? 'pay') {
      case 'pay':
        // The view may still have shown the price of a moment ago: what was not on the tapped button is not paid.
        if (event.currentTarget.dataset.fen !== this.choosing?.option?.total_fee) return;
        return this.pay();
      case 'orders':
        return openOrders();
      case 'update':
        this.setData({ notice: null });
        return updateWeChat();
      case 'dismiss':
      case 'shop':
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
