import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { FunctionManifest } from '../../manifest.ts';
import { usesWeChatPay, type Variables } from '../variables.ts';
import { type Finding, ok, problem, reminder, unless, warning } from './finding.ts';

const CERTIFICATE = 'WECHAT_PAY_CERT';
const KEY = 'WECHAT_PAY_CERT_KEY';
/** Long enough for whoever renews it to be on holiday. */
const EXPIRY_DAYS = 60;
const DAY_MS = 24 * 3_600_000;

/** What can be known of the merchant certificate, without which WeChat Pay refunds nothing. */
export function checkCertificate(
  variables: Variables,
  { functions, now }: { readonly functions: readonly FunctionManifest[]; readonly now: Date },
): readonly Finding[] {
  const { WECHAT_PAY_CERT: written, WECHAT_PAY_CERT_KEY: keyWritten } = variables;
  if (!written && !keyWritten) {
    const isOfUse = functions.some(({ environment }) => environment.includes(CERTIFICATE));
    return isOfUse && usesWeChatPay(variables) ? [NO_CERTIFICATE] : [];
  }
  if (!written || !keyWritten) return [problem(written ? KEY : CERTIFICATE, HALF)];
  const certificate = readOrUndefined(() => new X509Certificate(derOf(written)));
  const key = readOrUndefined(() =>
    createPrivateKey({ key: derOf(keyWritten), format: 'der', type: 'pkcs8' }),
  );
  return [
    ...unless(certificate !== undefined, problem(CERTIFICATE, 'is not a certificate as DER in base64')),
    ...unless(key !== undefined, problem(KEY, 'is not a private key as PKCS#8, DER, in base64')),
    ...(certificate ? [...checkOwner(certificate, variables), checkEnd(certificate, now)] : []),
    ...unless(
      !certificate || !key || certificate.checkPrivateKey(key),
      problem(KEY, 'is not the key of WECHAT_PAY_CERT'),
    ),
  ];
}

const WHERE = 'merchant platform, Account Center 账户中心, API Security API安全, 商户API证书';

const NO_CERTIFICATE = reminder(
  'WECHAT_PAY_CERT_FILE',
  `names no merchant certificate, so nothing can be refunded from here (${WHERE}: apiclient_cert.pem and apiclient_key.pem)`,
);

const HALF =
  'is missing: the certificate and its key go together (WECHAT_PAY_CERT_FILE, WECHAT_PAY_CERT_KEY_FILE)';

/** The subject names the merchant number; one of another merchant is refused by WeChat Pay only when money shall go back. */
function checkOwner({ subject }: X509Certificate, { WECHAT_PAY_MCH_ID }: Variables): readonly Finding[] {
  const [, mch_id] = /^CN=(\d+)$/m.exec(subject) ?? [];
  return unless(
    !mch_id || !WECHAT_PAY_MCH_ID || mch_id === WECHAT_PAY_MCH_ID,
    problem(CERTIFICATE, `is of merchant ${mch_id}, and WECHAT_PAY_MCH_ID is ${WECHAT_PAY_MCH_ID}`),
  );
}

function checkEnd({ validTo }: X509Certificate, now: Date): Finding {
  const end = new Date(validTo);
  const days = Math.floor((end.getTime() - now.getTime()) / DAY_MS);
  const day = end.toISOString().slice(0, 10);
  const renew = `Get a new one (${WHERE}) and deploy again; the old one stays good until its end`;
  if (days < 0) return problem(CERTIFICATE, `ended on ${day}, so nothing can be refunded. ${renew}`);
  if (days < EXPIRY_DAYS) return warning(CERTIFICATE, `ends on ${day}, in ${days} days. ${renew}`);
  return ok(CERTIFICATE, `is good until ${day}`);
}

const derOf = (text: string): Buffer => Buffer.from(text, 'base64');

function readOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
