import {
  type Label,
  labelFrom,
  type Memberships,
  membershipsFrom,
  type Product,
  productsFrom,
} from '../logic/catalogue';
import { MINE, type Read, readAllDocuments, readDocuments } from './cloud';

/** What is on sale. */
export async function readProducts(): Promise<Read<Product[]>> {
  const products = wx.cloud.database().collection('products');
  const read = await readAllDocuments(products.where({ on_sale: true }).orderBy('_id', 'asc'));
  return read.kind === 'read' ? { kind: 'read', found: productsFrom(read.found) } : read;
}

/** Also of what is no longer on sale: orders and memberships keep their names. */
export async function readLabels(): Promise<Read<Label[]>> {
  const database = wx.cloud.database();
  const products = database.collection('products').where({ on_sale: database.command.in([true, false]) });
  const read = await readAllDocuments(products.orderBy('_id', 'asc'));
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
