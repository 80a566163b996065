import { isUtf8 } from 'node:buffer';
import { billRefusal } from './bill-refusal.ts';
import { closeorder } from './closeorder.ts';
import { downloadbill } from './downloadbill.ts';
import { ERRORS, type Refused, refuse } from './errors.ts';
import type { Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { Merchant, Registry } from './merchants.ts';
import { orderquery } from './orderquery.ts';
import {
  CLOSEORDER,
  checkParameters,
  DOWNLOADBILL,
  ORDERQUERY,
  REFUND,
  REFUNDQUERY,
  UNIFIEDORDER,
} from './parameters.ts';
import { refund } from './refund.ts';
import { refundquery } from './refundquery.ts';
import type { Refunds } from './refunds.ts';
import { type SignType, sign } from './sign.ts';
import { newNonce, type Random } from './spelling.ts';
import { unifiedorder } from './unifiedorder.ts';
import type { Answer, Choices, FileAnswer, Work } from './work.ts';
import { type Message, readXml, XmlFormatError } from './xml.ts';

interface Api {
  readonly rules: Parameters<typeof checkParameters>[1];
  readonly work: (work: Work) => Answer | FileAnswer | Refused;
}

const APIS = {
  '/pay/unifiedorder': { rules: UNIFIEDORDER, work: unifiedorder },
  '/pay/orderquery': { rules: ORDERQUERY, work: orderquery },
  '/pay/closeorder': { rules: CLOSEORDER, work: closeorder },
  '/secapi/pay/refund': { rules: REFUND, work: refund },
  '/pay/refundquery': { rules: REFUNDQUERY, work: refundquery },
  '/pay/downloadbill': { rules: DOWNLOADBILL, work: downloadbill },
} as const satisfies Record<string, Api>;

type Path = keyof typeof APIS;

/** A call that came in, checked as far as can be without the book of orders. */
export interface Received {
  readonly path: Path;
  readonly request: Readonly<Message>;
  /** Whose request it is, where it says so and the merchant exists. */
  readonly merchant: Merchant | undefined;
  readonly sign_type: SignType;
  readonly refused: Refused | undefined;
}

interface Surroundings {
  readonly now: () => Date;
  readonly random: Random;
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly refunds: Refunds;
  readonly faults: Faults;
  readonly choices: Choices;
}

/** The APIs in three steps, so that something can go wrong between them. */
export interface Gateway {
  /** undefined for a path that is none of them. */
  receive(path: string, method: string, body: Buffer): Received | undefined;
  work(received: Received): Answer | FileAnswer | Refused;
  /** The answer as it is sent. */
  write(received: Received, outcome: Answer | Refused): Message;
}

export function createGateway({
  now,
  random,
  registry,
  ledger,
  refunds,
  faults,
  choices,
}: Surroundings): Gateway {
  return {
    receive(path, method, body) {
      if (!isPath(path)) return undefined;
      const request = readRequest(method, body);
      if ('kind' in request)
        return { path, request: {}, merchant: undefined, sign_type: 'MD5', refused: request };
      const fields = request.fields;
      const merchant = registry.find(fields.mch_id ?? '');
      const sign_type = fields.sign_type === 'HMAC-SHA256' ? 'HMAC-SHA256' : 'MD5';
      const refused =
        checkParameters(fields, APIS[path].rules) ??
        checkCaller(registry, { request: fields, merchant, sign_type });
      return { path, request: fields, merchant, sign_type, refused };
    },

    work({ path, request, merchant, sign_type, refused }) {
      if (refused) return refused;
      if (!merchant) return refuse('MCHID_NOT_EXIST', 'no such merchant here');
      return APIS[path].work({
        ...choices,
        request,
        merchant,
        sign_type,
        registry,
        ledger,
        refunds,
        faults,
        now: now(),
        random,
      });
    },

    write({ path, request, merchant, sign_type }, outcome) {
      if (outcome.kind === 'refused' && path === '/pay/downloadbill') return billRefusal(outcome);
      const level =
        outcome.kind === 'refused' && choices.refusals === 'seen' ? ERRORS[outcome.err_code].how : 'err_code';
      if (outcome.kind === 'refused' && (level === 'return_msg' || !merchant)) {
        return { return_code: 'FAIL', return_msg: outcome.text };
      }
      const result: Message =
        outcome.kind === 'answer'
          ? { result_code: 'SUCCESS', ...outcome.fields }
          : { result_code: 'FAIL', err_code: outcome.err_code, err_code_des: outcome.text };
      const answer = {
        return_code: 'SUCCESS',
        return_msg: 'OK',
        appid: request.appid ?? '',
        mch_id: request.mch_id ?? '',
        ...(request.device_info ? { device_info: request.device_info } : {}),
        nonce_str: newNonce(random),
        sign: '',
        ...result,
      };
      return { ...answer, sign: sign(answer, merchant?.api_key ?? '', sign_type) };
    },
  };
}

function isPath(path: string): path is Path {
  return Object.hasOwn(APIS, path);
}

function readRequest(method: string, body: Buffer): { readonly fields: Message } | Refused {
  if (method !== 'POST') return refuse('REQUIRE_POST_METHOD', `${method} instead of POST`);
  if (body.length === 0) return refuse('POST_DATA_EMPTY', 'no body');
  if (!isUtf8(body)) return refuse('NOT_UTF8', 'the body is not UTF-8');
  try {
    return { fields: readXml(body.toString('utf8')) };
  } catch (error) {
    if (error instanceof XmlFormatError) return refuse('XML_FORMAT_ERROR', error.message);
    throw error;
  }
}

/** Who calls, and whether it is really them. */
function checkCaller(
  registry: Registry,
  { request, merchant, sign_type }: Pick<Received, 'request' | 'merchant' | 'sign_type'>,
): Refused | undefined {
  if (!merchant) return refuse('MCHID_NOT_EXIST', `no merchant ${request.mch_id} here`);
  if (request.sign !== sign(request, merchant.api_key, sign_type)) {
    return refuse(
      'SIGNERROR',
      `the sign is not that of these fields under ${sign_type} and the merchant's current key`,
    );
  }
  const { appid = '' } = request;
  if (merchant.appids.includes(appid)) return undefined;
  return registry.hasApp(appid)
    ? refuse('APPID_MCHID_NOT_MATCH', `app ${appid} is not bound to merchant ${merchant.mch_id}`)
    : refuse('APPID_NOT_EXIST', `no app ${appid} here`);
}
