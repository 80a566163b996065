import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const fields = v.record(v.string(), v.string());
const signType = v.picklist(['MD5', 'HMAC-SHA256']);

const schema = v.object({
  sign: v.array(
    v.object({
      id: v.string(),
      sign_type: signType,
      key: v.string(),
      params: fields,
      expected: v.string(),
    }),
  ),
  sign_ambiguity: v.array(
    v.object({
      key: v.string(),
      sign_type: signType,
      message_a: fields,
      message_b: fields,
      shared_sign: v.string(),
    }),
  ),
  xml: v.array(
    v.object({
      id: v.string(),
      xml: v.string(),
      parsed: v.optional(fields),
      sign_verifies_with: v.nullish(v.string()),
      sign_type: v.optional(signType),
    }),
  ),
  refund_req_info: v.array(
    v.object({
      id: v.string(),
      mch_key: v.optional(v.string()),
      req_info: v.string(),
      plaintext: v.string(),
    }),
  ),
  xml_negative: v.array(v.object({ id: v.string(), xml: v.string() })),
  bill: v.array(
    v.object({
      id: v.string(),
      csv: v.string(),
      expected_totals: v.optional(fields),
    }),
  ),
  bill_errors: v.array(v.object({ id: v.string(), xml: v.string() })),
});

/** Published signatures and messages, and a few computed beside them. */
export const vectors = v.parse(
  schema,
  JSON.parse(readFileSync(new URL('../vectors/wechatpay-v2.json', import.meta.url), 'utf8')),
);
