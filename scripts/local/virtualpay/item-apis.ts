import * as v from 'valibot';
import type { Api } from '../weixin/api.ts';
import { refuse } from './errors.ts';
import type { VirtualPayFaults } from './faults.ts';
import type { Items } from './items.ts';
import { type Door, ENV, ok, xpayApi } from './xpay.ts';

/** The newest reading; older ones have 64. */
const ITEM_ID = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,20}$/));

const UPLOAD = v.strictObject({
  env: ENV,
  upload_item: v.pipe(
    v.array(
      v.strictObject({
        id: ITEM_ID,
        name: v.pipe(v.string(), v.minLength(1), v.maxLength(20)),
        price: v.pipe(v.number(), v.integer(), v.minValue(1)),
        remark: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
        item_url: v.pipe(v.string(), v.regex(/^https?:\/\/\S+$/)),
      }),
    ),
    v.length(1, 'exactly one item in a call'),
  ),
});

const PUBLISH = v.strictObject({
  env: ENV,
  publish_item: v.pipe(v.array(v.strictObject({ id: ITEM_ID })), v.length(1, 'exactly one item in a call')),
});

const QUERY = v.strictObject({ env: ENV });

/** Uploading and publishing items, each a task that takes its time, and asking what became of it. */
export function itemApis(
  door: Door,
  { items, faults }: { readonly items: Items; readonly faults: VirtualPayFaults },
): readonly (readonly [name: string, api: Api])[] {
  const begun = (errcode: ReturnType<Items['upload']>) =>
    errcode ? refuse(errcode, 'another task of this environment runs, or the text is unlawful') : ok();
  const upload = xpayApi(door, {
    name: 'start_upload_goods',
    body: UPLOAD,
    work: ({ env, upload_item: [item] }) =>
      item
        ? begun(items.upload(env, item, { succeeds: !faults.take(['fail-upload'], {}) }))
        : refuse(268490002, 'no item'),
  });
  const publish = xpayApi(door, {
    name: 'start_publish_goods',
    body: PUBLISH,
    work: ({ env, publish_item: [item] }) => {
      if (!item) return refuse(268490002, 'no item');
      return begun(items.publish(env, item.id, { passes: !faults.take(['fail-review'], {}) }));
    },
  });
  const queryUpload = xpayApi(door, {
    name: 'query_upload_goods',
    body: QUERY,
    work({ env }) {
      const { status, items: upload_item } = items.report(env, 'upload');
      return ok({ status, upload_item });
    },
  });
  const queryPublish = xpayApi(door, {
    name: 'query_publish_goods',
    body: QUERY,
    work({ env }) {
      const { status, items: publish_item } = items.report(env, 'publish');
      return ok({ status, publish_item });
    },
  });
  return [
    ['start_upload_goods', upload],
    ['start_publish_goods', publish],
    ['query_upload_goods', queryUpload],
    ['query_publish_goods', queryPublish],
  ];
}
