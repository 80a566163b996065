import { type Memberships, membershipsFrom, type Product, productsFrom } from '../logic/shop/catalogue';
import { DOCUMENTS_MAX, MINE, type Read, readDocuments } from './cloud';

/** What is on sale. The security rule refuses a query that does not ask for just that. */
export async function readProducts(): Promise<Read<Product[]>> {
  const products = wx.cloud.database().collection('products');
  const read = await readDocuments(products.where({ on_sale: true }).limit(DOCUMENTS_MAX));
  return read.kind === 'read' ? { kind: 'read', found: productsFrom(read.found) } : read;
}

/** What this shopper holds; nothing for one who has not bought yet. */
export async function readMemberships(): Promise<Read<Memberships>> {
  const users = wx.cloud.database().collection('users');
  const read = await readDocuments(users.where({ ...MINE }).limit(1));
  return read.kind === 'read' ? { kind: 'read', found: membershipsFrom(read.found[0]) } : read;
}
