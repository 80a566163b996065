import { type Term, termCode, termInWords } from '../term';

/** Apple's least, in fen. */
const TOTAL_FEE_MIN = 100;
const ID_LENGTH_MAX = 20;
const NAME_LENGTH_MAX = 20;

/** An option of a product, as virtual payment would sell it. */
export interface ItemToSell extends Term {
  readonly product_id: string;
  readonly name: string;
  readonly total_fee: number;
}

/** Whether virtual payment takes it as an item: its price, the number that is made of all of it, and its name. */
export function isItem(item: ItemToSell): boolean {
  const { product_id, name, total_fee } = item;
  const id = `${product_id}_${termCode(item)}_${total_fee}`;
  const fits = id.length <= ID_LENGTH_MAX && `${name} ${termInWords(item)}`.length <= NAME_LENGTH_MAX;
  return fits && total_fee >= TOTAL_FEE_MIN;
}
