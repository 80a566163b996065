import { createCipheriv, createHash } from 'node:crypto';
import type { LedgerOrder, LedgerRefund } from './ledger.ts';
import { newNonce, type Random, spellRefundTime } from './spelling.ts';
import { writeXml } from './xml.ts';

/**
 * The notice of a refund's end: no sign, and all that counts in req_info, which is a message under `<root>`, encrypted by
 * AES-256-ECB with the MD5 of the merchant's key as its key.
 */
export function composeRefundNotice(
  order: LedgerOrder,
  refund: LedgerRefund,
  { key, random }: { readonly key: string; readonly random: Random },
): string {
  const { appid, mch_id } = order;
  return writeXml({
    return_code: 'SUCCESS',
    ...{ appid, mch_id },
    nonce_str: newNonce(random),
    req_info: encrypted(contentOf(order, refund), key),
  });
}

function contentOf({ out_trade_no, payment, parameters }: LedgerOrder, refund: LedgerRefund): string {
  const { out_refund_no, refund_id, refund_fee, refund_status, source, ended_at } = refund;
  const content = writeXml({
    ...{ out_refund_no, out_trade_no },
    refund_account: 'REFUND_SOURCE_RECHARGE_FUNDS',
    refund_fee: String(refund_fee),
    refund_id,
    refund_recv_accout: '支付用户零钱',
    refund_request_source: source,
    refund_status,
    settlement_refund_fee: String(refund_fee),
    settlement_total_fee: parameters.total_fee ?? '',
    ...(refund_status === 'SUCCESS' && ended_at ? { success_time: spellRefundTime(ended_at) } : {}),
    total_fee: parameters.total_fee ?? '',
    transaction_id: payment?.transaction_id ?? '',
  });
  return content.replace('<xml>', '<root>').replace(/<\/xml>$/, '</root>');
}

function encrypted(text: string, api_key: string): string {
  const key = createHash('md5').update(api_key).digest('hex');
  const cipher = createCipheriv('aes-256-ecb', key, null);
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}
