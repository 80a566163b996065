import type { Cloud } from '../../scripts/local/cloud/cloud.ts';

/** The merchant changes a product in the cloud's console. */
export function changeProduct(cloud: Cloud, product_id: string, change: object): Promise<void> {
  return changeDocument(cloud, 'products', { _id: product_id, ...change });
}

/** Somebody changes a document in the cloud's console. */
export async function changeDocument(
  cloud: Cloud,
  collection: string,
  { _id, ...change }: { readonly _id: string; readonly [field: string]: unknown },
): Promise<void> {
  await run(cloud, 'modifyDocument', collection, {
    query: JSON.stringify({ _id }),
    data: JSON.stringify({ $set: change }),
    merge: true,
  });
}

export async function emptyCollection(cloud: Cloud, collection: string): Promise<void> {
  if (cloud.documents(collection).length === 0) return;
  await run(cloud, 'removeDocument', collection, { multi: true });
}

async function run(cloud: Cloud, action: string, collectionName: string, rest: object): Promise<void> {
  const answer = await cloud.dispatch({ action: `database.${action}`, collectionName, ...rest });
  if ('code' in answer) throw new Error(`${action} ${collectionName}: ${JSON.stringify(answer)}`);
}
