import { createPrivateKey, X509Certificate } from 'node:crypto';
import * as v from 'valibot';
import type { OrderTerms } from '../order/draft.ts';
import type { Merchant } from '../wechatpay/merchant.ts';
import type { SignType } from '../wechatpay/sign.ts';
import { CloudError } from './errors.ts';

/** The environment variables of a function, as the platform gives them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** How to speak to WeChat Pay. */
export interface MerchantConfig {
  readonly merchant: Merchant;
  /** Replaces WeChat Pay's two domains, for tests. */
  readonly base_url?: string;
  readonly timeout_ms: number;
  /** Whether WeChat is told that paid orders were fulfilled. */
  readonly ships: boolean;
  /** What the merchant shows at WeChat Pay's door for refunds; functions that ask for none have none. */
  readonly certificate?: Certificate;
}

/** The merchant's certificate and its private key, in PEM. The key is a secret; never log it. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Replaces WeChat Pay's two domains for refunds, and the authority that vouches for them, for tests. */
  readonly url?: string;
  readonly ca?: string;
}

/** What new orders of WeChat Pay are made with. */
export interface NewOrderConfig {
  readonly notify_url: string;
  readonly sign_type: SignType;
}

/** Longer than the five minutes WeChat wants before a close, shorter than the two hours a prepay_id lives. */
const LIFETIME_MINUTES = { min: 10, usual: 30, max: 110 };
/** How long one of the two domains is waited for at most; the call's deadline bounds all of it. */
export const TIMEOUT_MS = { min: 500, usual: 5000, max: 6000 };

const apiKey = v.pipe(
  v.string('is missing'),
  v.check((text) => Buffer.byteLength(text) === 32, 'must be the 32 characters set as the API v2 key'),
);
export const webAddress = (hint: string) => v.pipe(v.string('is missing'), v.check(isWebAddress, hint));
export const wholeNumber = ({ min, usual, max }: { min: number; usual: number; max: number }) =>
  v.pipe(
    v.optional(v.string(), String(usual)),
    v.check(
      (text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max,
      `must be a whole number from ${min} to ${max}`,
    ),
    v.transform(Number),
  );

/** PEM is DER as base64 between two lines; without those, and the line breaks, a variable is a quarter shorter. */
const der = (label: string, hint: string) =>
  v.pipe(
    v.string(),
    v.base64(hint),
    v.transform((text) => `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`),
    v.check(label === 'CERTIFICATE' ? isCertificate : isPrivateKey, hint),
  );

const MerchantVariables = v.object({
  WECHAT_PAY_MCH_ID: v.pipe(
    v.string('is missing'),
    v.regex(/^\d{8,32}$/, 'must be the digits of the merchant number'),
  ),
  WECHAT_PAY_API_KEY: apiKey,
  WECHAT_PAY_API_KEY_PREVIOUS: v.optional(apiKey),
  WECHAT_PAY_CERT: v.optional(der('CERTIFICATE', 'must be the merchant certificate: DER as base64')),
  WECHAT_PAY_CERT_KEY: v.optional(
    der('PRIVATE KEY', "must be the merchant certificate's private key: PKCS#8 DER as base64"),
  ),
  WECHAT_PAY_REFUND_URL: v.optional(webAddress('must be an https address')),
  WECHAT_PAY_REFUND_CA: v.optional(der('CERTIFICATE', 'must be a certificate: DER as base64')),
  WECHAT_PAY_BASE_URL: v.optional(webAddress('must be an http or https address')),
  WECHAT_PAY_TIMEOUT_MS: wholeNumber(TIMEOUT_MS),
  // No payment waits for it: the doctor reports any other value, and here it is as good as none.
  UPLOAD_SHIPPING_INFO: v.fallback(v.optional(v.picklist(['on', 'off']), 'off'), 'off'),
});

const TermsVariables = v.object({ ORDER_LIFETIME_MINUTES: wholeNumber(LIFETIME_MINUTES) });

const OrderVariables = v.object({
  WECHAT_PAY_NOTIFY_URL: v.pipe(
    webAddress('must be the http or https address of payNotify'),
    v.check((text) => !/[?#]/.test(text), 'must not carry a query string: WeChat refuses it'),
    v.check((text) => !/[[\]]/.test(text), 'must not hold a bracket: WeChat refuses it'),
    v.check((text) => /^[\x21-\x7e]+$/.test(text), 'must be plain ASCII: write the domain in its xn-- form'),
    v.check((text) => Buffer.byteLength(text) <= 256, 'must not be longer than 256 bytes'),
  ),
  WECHAT_PAY_SIGN_TYPE: v.optional(
    v.picklist(['HMAC-SHA256', 'MD5'], 'must be HMAC-SHA256 or MD5'),
    'HMAC-SHA256',
  ),
  ...TermsVariables.entries,
});

const MerchantAndOrderVariables = v.object({ ...MerchantVariables.entries, ...OrderVariables.entries });

/**
 * Reads the variables that every function needs which speaks to WeChat Pay.
 * @throws CloudError CONFIGURATION_WRONG, naming everything that is wrong at once and no value
 */
export function readMerchantConfig(variables: Variables): MerchantConfig {
  return merchantOf(parse(MerchantVariables, variables));
}

/** The terms of new orders, however they are paid. @throws CloudError CONFIGURATION_WRONG */
export function readOrderTerms(variables: Variables): OrderTerms {
  return termsOf(parse(TermsVariables, variables));
}

/** What WeChat Pay is spoken to with, what its new orders are made with, and on what terms. */
export function readOrderConfig(variables: Variables): MerchantConfig & NewOrderConfig & OrderTerms {
  const read = parse(MerchantAndOrderVariables, variables);
  return {
    ...merchantOf(read),
    notify_url: read.WECHAT_PAY_NOTIFY_URL,
    sign_type: read.WECHAT_PAY_SIGN_TYPE,
    ...termsOf(read),
  };
}

function termsOf({ ORDER_LIFETIME_MINUTES }: v.InferOutput<typeof TermsVariables>): OrderTerms {
  return { lifetime_ms: ORDER_LIFETIME_MINUTES * 60_000 };
}

function merchantOf(read: v.InferOutput<typeof MerchantVariables>): MerchantConfig {
  const previous = read.WECHAT_PAY_API_KEY_PREVIOUS;
  const base_url = read.WECHAT_PAY_BASE_URL;
  return {
    merchant: {
      mch_id: read.WECHAT_PAY_MCH_ID,
      api_key: read.WECHAT_PAY_API_KEY,
      ...(previous === undefined ? {} : { api_key_previous: previous }),
    },
    timeout_ms: read.WECHAT_PAY_TIMEOUT_MS,
    ships: read.UPLOAD_SHIPPING_INFO === 'on',
    ...(base_url === undefined ? {} : { base_url }),
    ...certificateOf(read),
  };
}

/** One without the other is none: what is missing is reported to whoever asks for a refund. */
function certificateOf(read: v.InferOutput<typeof MerchantVariables>): Pick<MerchantConfig, 'certificate'> {
  const { WECHAT_PAY_CERT: cert, WECHAT_PAY_CERT_KEY: key } = read;
  const { WECHAT_PAY_REFUND_URL: url, WECHAT_PAY_REFUND_CA: ca } = read;
  if (cert === undefined || key === undefined) return {};
  return { certificate: { cert, key, ...(url !== undefined && { url }), ...(ca !== undefined && { ca }) } };
}

/** Reading one takes a millisecond, as long as all else in a call, and a process has the same ones in each call. */
const readable = new Set<string>();

function isCertificate(pem: string): boolean {
  return isReadable(pem, () => new X509Certificate(pem));
}

function isPrivateKey(pem: string): boolean {
  return isReadable(pem, () => createPrivateKey(pem));
}

function isReadable(pem: string, read: () => unknown): boolean {
  if (readable.has(pem)) return true;
  try {
    read();
    readable.add(pem);
    return true;
  } catch {
    return false;
  }
}

export function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  variables: Variables,
): v.InferOutput<Schema> {
  // A console leaves an emptied field as an empty text, which is as good as none.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()));
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const problems = result.issues.map(
    (issue) =>
      `${v.getDotPath(issue)} ${issue.kind === 'schema' && issue.received === 'undefined' ? 'is missing' : issue.message}`,
  );
  const message = `Environment variables of this function need attention: ${[...new Set(problems)].join('; ')}.`;
  throw new CloudError('CONFIGURATION_WRONG', message);
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  return ['http:', 'https:'].includes(new URL(text).protocol);
}
