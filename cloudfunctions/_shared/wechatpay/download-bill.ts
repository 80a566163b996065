import { type BillPart, readBill } from './bill.ts';
import { type Asker, BILL_PATH, keysToTry } from './client.ts';
import { meaningForDownloadbill } from './err-code.ts';
import { WeChatPayError } from './errors.ts';
import { makeNonce } from './nonce.ts';
import { checkParameters } from './parameters.ts';
import { sign } from './sign.ts';
import { isPacked, unpacked } from './unpack.ts';
import { readXml, writeXml } from './xml.ts';

/** Which bill is meant. */
export interface BillOf {
  readonly appid: string;
  /** yyyyMMdd in China's time. */
  readonly bill_date: string;
}

/** A day's bill, which can be read as often as need be. A day on which nothing happened has an empty one. */
export interface Bill {
  readonly kind: 'bill';
  parts(): AsyncIterable<readonly BillPart[]>;
}

/** WeChat has not made the bill yet: it is there from ten o'clock the next morning on. */
export interface BillNotReady {
  readonly kind: 'bill-not-ready';
}

/**
 * Asks for all payments and refunds of a day (pay.weixin.qq.com/doc/v2: download bill), packed by gzip. A refusal is XML, in which
 * only the words say what is meant, since one error_code has several.
 *
 * @throws WeChatPayError TRY_AGAIN where WeChat does not know itself; MERCHANT_MISCONFIGURED where it does not accept the sign or
 * the request
 */
export async function downloadBill(
  { merchant, transport, random, answerBy }: Asker & { readonly answerBy: Date },
  { appid, bill_date }: BillOf,
): Promise<Bill | BillNotReady> {
  const { mch_id } = merchant;
  const asked = { appid, mch_id, bill_date, bill_type: 'ALL', tar_type: 'GZIP', sign_type: 'HMAC-SHA256' };
  for (const key of keysToTry(merchant)) {
    const request = { ...asked, nonce_str: makeNonce(random) };
    checkParameters(request);
    const body = writeXml({ ...request, sign: sign(request, key, 'HMAC-SHA256') });
    const answer = await transport(BILL_PATH, body, { sendBy: answerBy, answerBy });
    const refusal = isXml(answer) ? (readXml(answer).return_msg ?? '') : undefined;
    if (refusal === undefined) return { kind: 'bill', parts: () => partsOf(answer, mch_id) };
    switch (meaningForDownloadbill(refusal)) {
      case 'empty':
        return { kind: 'bill', parts: async function* () {} };
      case 'not-ready':
        return { kind: 'bill-not-ready' };
      case 'sign':
        continue;
      case 'alarm':
        throw misconfigured(`WeChat Pay refuses to give the bill: ${refusal.slice(0, 128)}.`);
      case 'try-again':
        throw new WeChatPayError('TRY_AGAIN', `WeChat Pay gives no bill now: ${refusal.slice(0, 128)}.`);
    }
  }
  throw misconfigured(
    `WeChat Pay does not accept our sign for mch_id ${mch_id}: compare api_key with the API v2 key in the merchant platform.`,
  );
}

/** A bill that cannot be unpacked is not whole. */
async function* partsOf(answer: Buffer, mch_id: string): AsyncGenerator<readonly BillPart[]> {
  try {
    yield* readBill(unpacked(answer), mch_id);
  } catch (error) {
    if (!(error instanceof WeChatPayError) || error.code !== 'BILL_REFUSED') throw error;
    yield [{ kind: 'not-whole', problem: 'it cannot be unpacked' }];
  }
}

function isXml(answer: Buffer): boolean {
  return !isPacked(answer) && /^\uFEFF?\s*<xml/.test(answer.toString('utf8', 0, 64));
}

function misconfigured(message: string): WeChatPayError {
  return new WeChatPayError('MERCHANT_MISCONFIGURED', message);
}
