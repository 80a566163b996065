import { day } from '../dates';
import { barOfPlan, type MembershipBar } from '../membership-bar';
import { parts, shortYuan, spokenYuan, yuan } from '../money';
import { type Memberships, monthlyFee, type Option, type Product, saving } from './catalogue';

/** Chosen for the shopper until they choose: it exists in most catalogues and is neither the least nor the most. */
const FIRST_MONTHS = 3;

export interface Chosen {
  readonly product: Product;
  readonly option: Option;
}

/** The shop as WXML draws it: text only, nothing left to compute. */
export interface ShopShown {
  readonly cards: readonly Card[];
  readonly options: readonly OptionCard[];
  readonly membershipBar: MembershipBar;
  readonly total: { fen: number; caption: string };
  readonly payLabel: string;
  readonly paySpoken: string;
  /** Why products are missing here; empty when none is. */
  readonly notOffered: string;
}

interface Card {
  readonly product_id: string;
  readonly icon: string;
  readonly name: string;
  readonly text: string;
  readonly monthly: string;
  readonly isChosen: boolean;
  readonly spoken: string;
}

interface OptionCard {
  readonly months: number;
  readonly price: string;
  readonly note: string;
  readonly isSaving: boolean;
  readonly isChosen: boolean;
  readonly spoken: string;
}

/** What is for sale on this phone, and the names of what is not. */
export function offeredOn(isIos: boolean, products: readonly Product[]) {
  const withheld = products.filter(({ virtual }) => isIos && virtual);
  return {
    offered: products.filter((product) => !withheld.includes(product)),
    notOffered:
      withheld.length === 0
        ? ''
        : `${withheld.map(({ name }) => name).join('、')}是虚拟商品，按微信的规定不能在 iPhone 和 iPad 上购买。已经开通的会员照常有效。`,
  };
}

/** The request that is still possible: the product if it is still there, its months if it still has them. */
export function choose(
  products: readonly Product[],
  request: { product_id: string | undefined; months: number | undefined },
): Chosen | undefined {
  const product = products.find(({ product_id }) => product_id === request.product_id) ?? products[0];
  if (product === undefined) return undefined;
  const byMonths = (wanted: number | undefined) => product.options.find(({ months }) => months === wanted);
  const option = byMonths(request.months) ?? byMonths(FIRST_MONTHS) ?? product.options[0];
  return option === undefined ? undefined : { product, option };
}

/** A price that moved while the shopper looked elsewhere is told, not slipped in. */
export function isSameAtAnotherPrice(before: Chosen, after: Chosen): boolean {
  const isSame =
    before.product.product_id === after.product.product_id && before.option.months === after.option.months;
  return isSame && before.option.total_fee !== after.option.total_fee;
}

export function showShop(shop: {
  products: readonly Product[];
  chosen: Chosen;
  memberships: Memberships;
  notOffered: string;
  now: Date;
}): ShopShown {
  const { products, chosen, memberships, notOffered, now } = shop;
  const { total_fee, months } = chosen.option;
  const saved = saving(chosen.product, chosen.option);
  return {
    cards: products.map((product) =>
      cardOf(product, product === chosen.product, heldUntil(memberships, product, now)),
    ),
    options: chosen.product.options.map((option) =>
      optionOf(chosen.product, option, option === chosen.option),
    ),
    membershipBar: barOfPlan(
      { name: chosen.product.name, months, heldUntil: heldUntil(memberships, chosen.product, now), now },
      'add',
      (extends_) => `${extends_ ? '延长 ' : ''}${months} 个月`,
    ),
    total: { fen: total_fee, caption: saved > 0 ? `合计 · 省 ¥${shortYuan(saved)}` : '合计' },
    payLabel: `支付 ¥${yuan(total_fee)}`,
    paySpoken: `支付 ${spokenYuan(total_fee)}`,
    notOffered,
  };
}

function cardOf(product: Product, isChosen: boolean, held: Date | undefined): Card {
  const { product_id, name, description } = product;
  const until = held === undefined ? '' : `有效期至 ${day(held)}`;
  return {
    product_id,
    icon: ICONS[product_id] ?? 'premium',
    name,
    text: until || description,
    monthly: shortYuan(monthlyFee(product)),
    isChosen,
    spoken: [name, description, until, `每月 ${spokenYuan(monthlyFee(product))}`].filter(Boolean).join('，'),
  };
}

function optionOf(product: Product, option: Option, isChosen: boolean): OptionCard {
  const saved = saving(product, option);
  const note =
    saved > 0
      ? `省 ¥${shortYuan(saved)}`
      : option.months === 1
        ? '月价'
        : `¥${shortYuan(monthlyFee(product))}/月`;
  const { whole, fraction } = parts(option.total_fee);
  return {
    months: option.months,
    price: fraction === '.00' ? whole : whole + fraction,
    note,
    isSaving: saved > 0,
    isChosen,
    spoken: `${option.months} 个月，${spokenYuan(option.total_fee)}${saved > 0 ? `，省 ${spokenYuan(saved)}` : ''}`,
  };
}

function heldUntil(memberships: Memberships, { product_id }: Product, now: Date): Date | undefined {
  const expires_at = memberships[product_id];
  if (expires_at === undefined) return undefined;
  const held = new Date(expires_at);
  return held > now ? held : undefined;
}

/** A product of the merchant's own gets the last one. */
const ICONS: Readonly<Record<string, string>> = { city: 'city', market: 'market', premium: 'premium' };
