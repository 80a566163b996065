import { type Choosing, isChosen } from '../choice';
import { day } from '../dates';
import { barOfPlan, type MembershipBar } from '../membership-bar';
import { shortYuan, spokenYuan, yuan } from '../money';
import { isSameTerm, type Term, termInWords, termKey, termParts } from '../term';
import { type Label, type Memberships, monthlyFee, type Option, type Product, saving } from './catalogue';

/** The shop as WXML draws it: text only, nothing left to compute. */
export interface ShopShown {
  readonly cards: readonly Card[];
  readonly options: readonly OptionCard[];
  /** What is chosen comes to; null while something is yet to be chosen, and `payLabel` says what. */
  readonly sum: {
    readonly fen: number;
    readonly caption: string;
    readonly membershipBar: MembershipBar;
  } | null;
  readonly payLabel: string;
  readonly paySpoken: string;
  /** Who takes the money, and that it is taken once. */
  readonly once: string;
  /** Why products are missing here; empty when none is. */
  readonly notOffered: string;
}

interface Card {
  readonly product_id: string;
  readonly icon: string;
  readonly name: string;
  readonly text: string;
  readonly price: string;
  readonly term: string;
  readonly isChosen: boolean;
  readonly spoken: string;
}

interface OptionCard {
  /** Its key, its number and the unit of that. */
  readonly term: string;
  readonly number: number;
  readonly unit: string;
  readonly price: string;
  readonly note: string;
  readonly isSaving: boolean;
  readonly isChosen: boolean;
  readonly spoken: string;
}

export function showShop(shop: {
  products: readonly Product[];
  choosing: Choosing;
  memberships: Memberships;
  notOffered: string;
  isIos: boolean;
  now: Date;
}): ShopShown {
  const { products, choosing, memberships, notOffered, isIos, now } = shop;
  const { product: chosen } = choosing;
  return {
    cards: products.map((product) =>
      cardOf(product, product === chosen, memberUntil(memberships, product, now)),
    ),
    options: chosen?.options.map((option) => optionOf(chosen, option, option === choosing.option)) ?? [],
    ...payableOf(choosing, { memberUntil: chosen && memberUntil(memberships, chosen, now), now }),
    once:
      isIos && chosen?.channel === 'virtualpay'
        ? '通过 App Store 一次性付款，不自动续费\n如需退款，请向 Apple 申请'
        : '使用微信支付，一次性付款，不自动续费',
    notOffered,
  };
}

function payableOf(
  choosing: Choosing,
  { memberUntil, now }: { memberUntil: Date | undefined; now: Date },
): Pick<ShopShown, 'sum' | 'payLabel' | 'paySpoken'> {
  if (!isChosen(choosing)) {
    const label = choosing.product === undefined ? '请选择会员' : '请选择时长';
    return { sum: null, payLabel: label, paySpoken: label };
  }
  const { product, option } = choosing;
  const { total_fee } = option;
  const saved = saving(product, option);
  return {
    sum: {
      fen: total_fee,
      caption: saved > 0 ? `合计 · 省 ¥${shortYuan(saved)}` : '合计',
      membershipBar: barOfPlan(
        { name: product.name, term: option, memberUntil, now },
        'add',
        (extends_) => `${extends_ ? '延长 ' : ''}${termInWords(option)}`,
      ),
    },
    payLabel: `支付 ¥${yuan(total_fee)}`,
    paySpoken: `支付 ${spokenYuan(total_fee)}`,
  };
}

/** The price on a card is that of the shortest option, for the time that it buys. */
function cardOf(product: Product, isChosen: boolean, memberUntil: Date | undefined): Card {
  const { product_id, name, description } = product;
  const [shortest] = product.options;
  const { total_fee } = shortest;
  const until = memberUntil === undefined ? '' : `有效期至 ${day(memberUntil)}`;
  const spokenPrice = `${isMonth(shortest) ? '每月' : termInWords(shortest)} ${spokenYuan(total_fee)}`;
  return {
    product_id,
    icon: ICONS[product_id] ?? 'premium',
    name,
    text: until || description,
    price: shortYuan(total_fee),
    term: isMonth(shortest) ? '/月' : `/${termInWords(shortest)}`,
    isChosen,
    spoken: [name, description, until, spokenPrice].filter(Boolean).join('，'),
  };
}

function optionOf(product: Product, option: Option, isChosen: boolean): OptionCard {
  const saved = saving(product, option);
  const { total_fee } = option;
  return {
    term: termKey(option),
    ...termParts(option),
    price: shortYuan(total_fee),
    note: saved > 0 ? `省 ¥${shortYuan(saved)}` : isMonth(option) ? '月价' : monthly(option),
    isSaving: saved > 0,
    isChosen,
    spoken: `${termInWords(option)}，${spokenYuan(total_fee)}${saved > 0 ? `，省 ${spokenYuan(saved)}` : ''}`,
  };
}

function isMonth(term: Term): boolean {
  return isSameTerm(term, { months: 1 });
}

/** What this option itself costs a month: `¥16/月`, or `约 ¥59.33/月` when that is not so to the fen. */
function monthly(option: Option): string {
  const { fen, isExact } = monthlyFee(option);
  return `${isExact ? '' : '约 '}¥${shortYuan(fen)}/月`;
}

function memberUntil(memberships: Memberships, { product_id }: Label, now: Date): Date | undefined {
  const expires_at = memberships[product_id];
  if (expires_at === undefined) return undefined;
  const until = new Date(expires_at);
  return until > now ? until : undefined;
}

/** A product of the merchant's own gets the last one. */
const ICONS: Readonly<Record<string, string>> = { city: 'city', market: 'market', premium: 'premium' };
