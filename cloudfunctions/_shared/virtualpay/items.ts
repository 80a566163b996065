import * as v from 'valibot';
import { type Asker, ask } from './client.ts';
import { VirtualPayError } from './errors.ts';

/** An item (道具) as it is uploaded. `price` in fen; `item_url` is a jpg or png that WeChat fetches. */
export interface Item {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly remark: string;
  readonly item_url: string;
}

/** The limits of an item. The page allows an id of 64 characters, the newest library 20; an id cannot be changed. */
export const ITEM_ID = /^[A-Za-z0-9_-]{1,20}$/;
export const ITEM_NAME_CHARACTERS_MAX = 20;
/** Apple sells nothing under one yuan, and an item is the same on every phone. */
export const ITEM_PRICE_MIN = 100;

/** The id of the item that sells a product for a term at a price in fen: another price is another item. */
export function itemIdOf(
  product_id: string,
  term: { readonly months: number } | { readonly days: number },
  price: number,
): string {
  const spelled = 'months' in term ? `${term.months}m` : `${term.days}d`;
  return `${product_id}_${spelled}_${price}`;
}

/** The state of a task of items, and of each item in it. `exists`: an item of this id is there already. */
export interface ItemTask {
  readonly state: 'none' | 'running' | 'failed' | 'done';
  readonly items: readonly {
    readonly id: string;
    readonly state: 'running' | 'exists' | 'done' | 'failed' | 'unknown';
    readonly errmsg: string;
  }[];
}

/** Begins to upload one item, which is all that one task takes. @throws VirtualPayError TASK_RUNNING, CONTENT_REFUSED, … */
export async function startUpload(asker: Asker, item: Item): Promise<void> {
  const { id, name, price, remark, item_url } = item;
  const fields = { upload_item: [{ id, name, price, remark, item_url }], env: asker.env };
  await ask(asker, { path: '/xpay/start_upload_goods', fields });
}

/** The state of the upload. @throws VirtualPayError */
export async function queryUpload(asker: Asker): Promise<ItemTask> {
  const answer = await ask(asker, { path: '/xpay/query_upload_goods', fields: { env: asker.env } });
  return taskOf(answer.status, answer.upload_item, 'upload_status');
}

/** Begins to publish items. @throws VirtualPayError TASK_RUNNING, … */
export async function startPublish(asker: Asker, ids: readonly string[]): Promise<void> {
  const fields = { publish_item: ids.map((id) => ({ id })), env: asker.env };
  await ask(asker, { path: '/xpay/start_publish_goods', fields });
}

/** The state of the publishing. @throws VirtualPayError */
export async function queryPublish(asker: Asker): Promise<ItemTask> {
  const answer = await ask(asker, { path: '/xpay/query_publish_goods', fields: { env: asker.env } });
  return taskOf(answer.status, answer.publish_item, 'publish_status');
}

const TASK_STATES = ['none', 'running', 'failed', 'done'] as const;
const ITEM_STATES = ['running', 'exists', 'done', 'failed'] as const;

const ItemStatuses = v.nullish(
  v.array(v.looseObject({ id: v.string(), errmsg: v.nullish(v.string(), '') })),
  [],
);

function taskOf(status: unknown, items: unknown, name: 'upload_status' | 'publish_status'): ItemTask {
  const state = typeof status === 'number' ? TASK_STATES[status] : undefined;
  const read = v.safeParse(ItemStatuses, items);
  if (state === undefined || !read.success)
    throw new VirtualPayError('ANSWER_REFUSED', 'The state of the items is not as documented.');
  return {
    state,
    items: read.output.map((item) => ({
      id: item.id,
      state: ITEM_STATES[Number(item[name])] ?? 'unknown',
      errmsg: item.errmsg,
    })),
  };
}
