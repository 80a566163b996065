import {
  type Label,
  labelFrom,
  type Memberships,
  membershipsFrom,
  type Product,
  productsFrom,
} from '../logic/shop/catalogue';
import { MINE, type Read, readAllDocuments, readDocuments } from './cloud';

/** What is on sale and can be bought. */
export async function readProducts(): Promise<Read<Product[]>> {
  const read = await readOnSale();
  return read.kind === 'read' ? { kind: 'read', found: productsFrom(read.found) } : read;
}

/** The names of what is on sale, also of what cannot be bought. What is no longer on sale is named as it was ordered. */
export async function readLabels(): Promise<Read<Label[]>> {
  const read = await readOnSale();
  return read.kind === 'read'
    ? { kind: 'read', found: read.found.flatMap((found) => labelFrom(found) ?? []) }
    : read;
}

/** What this shopper holds; nothing for one who has not bought yet. */
export async function readMemberships(): Promise<Read<Memberships>> {
  const users = wx.cloud.database().collection('users');
  const read = await readDocuments(users.where({ ...MINE }).limit(1));
  return read.kind === 'read' ? { kind: 'read', found: membershipsFrom(read.found[0]) } : read;
}

/** The security rule refuses a query that does not ask for just that. */
function readOnSale(): Promise<Read<readonly unknown[]>> {
  const products = wx.cloud.database().collection('products');
  return readAllDocuments(products.where({ on_sale: true }).orderBy('_id', 'asc'));
}
