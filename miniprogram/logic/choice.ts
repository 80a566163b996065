import { isWithheldOnIos, type Memberships, type Option, type Product } from './shop/catalogue';
import { isSameTerm, termInWords, termKey } from './term';

/** Chosen for the shopper until they choose: it exists in most catalogues and is neither the least nor the most. */
const FIRST_TERM = termKey({ months: 3 });

/** What is chosen, as far as it is. */
export interface Choosing {
  readonly product: Product | undefined;
  readonly option: Option | undefined;
}

export interface Chosen extends Choosing {
  readonly product: Product;
  readonly option: Option;
}

/** What is for sale on this phone, and the names of what is not. */
export function offeredOn(isIos: boolean, products: readonly Product[]) {
  const withheld = products.filter((product) => isIos && isWithheldOnIos(product));
  const names = withheld.map(({ name }) => name).join('、');
  return {
    offered: products.filter((product) => !withheld.includes(product)),
    notOffered:
      withheld.length === 0
        ? ''
        : `根据微信规定，虚拟商品（${names}）暂不支持在 iPhone 和 iPad 上购买。已开通的会员不受影响。`,
  };
}

/** What a tap chooses: the product, and its term, by its key, if it has that. */
export function choose(
  products: readonly Product[],
  request: { product_id: string | undefined; term: string | undefined },
): Chosen | undefined {
  const product = products.find(({ product_id }) => product_id === request.product_id) ?? products[0];
  if (product === undefined) return undefined;
  const byKey = (wanted: string | undefined) => product.options.find((option) => termKey(option) === wanted);
  return { product, option: byKey(request.term) ?? byKey(FIRST_TERM) ?? product.options[0] };
}

/** The product, among those offered, whose membership ends next; undefined for whoever is no member. */
export function endingNext(
  products: readonly Product[],
  { memberships, now }: { memberships: Memberships; now: Date },
): string | undefined {
  const running = products.flatMap(({ product_id }) => {
    const end = memberships[product_id];
    return end !== undefined && new Date(end) > now ? [{ product_id, end }] : [];
  });
  return running.sort((a, b) => a.end.localeCompare(b.end))[0]?.product_id;
}

/** What is left of a choice when the catalogue was read again. What was withdrawn is gone: nothing takes its place. */
export function keepChoice(products: readonly Product[], { product, option }: Choosing): Choosing {
  const kept = products.find(({ product_id }) => product_id === product?.product_id);
  return { product: kept, option: kept?.options.find((each) => isSameTerm(each, option)) };
}

export function isChosen(choosing: Choosing): choosing is Chosen {
  return choosing.product !== undefined && choosing.option !== undefined;
}

/** `城市版 · 3 个月` */
export function nameOfChosen({ product, option }: Chosen): string {
  return `${product.name} · ${termInWords(option)}`;
}

/** A price that changed while the shopper looked elsewhere is announced, not slipped in. */
export function isSameAtAnotherPrice(before: Choosing, after: Choosing): boolean {
  const isSame =
    before.product?.product_id === after.product?.product_id && isSameTerm(before.option, after.option);
  return isSame && before.option?.total_fee !== after.option?.total_fee;
}
