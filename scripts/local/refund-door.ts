import type { OwnWorld } from './api-server.ts';
import { type Certificates, derOf, makeCertificates } from './wechatpay/certificates.ts';
import { serveWeChatPaySecurely } from './wechatpay/server.ts';
import type { LocalWeChatPay } from './wechatpay/wechatpay.ts';

/** WeChat Pay's door for refunds, and what the functions show there. */
export interface RefundDoor {
  /** By the names of the functions' environment variables. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Made once a process: it takes a tenth of a second. */
let certificates: Promise<Certificates> | undefined;

export async function openRefundDoor(
  wechatpay: LocalWeChatPay,
  { mch_id, ...own }: OwnWorld & { readonly mch_id: string },
): Promise<RefundDoor> {
  certificates ??= makeCertificates(mch_id);
  const { ca, merchant, ...rest } = await certificates;
  const server = await serveWeChatPaySecurely(wechatpay, { ca, merchant, ...rest }, own);
  return {
    variables: {
      WECHAT_PAY_REFUND_URL: server.url,
      WECHAT_PAY_REFUND_CA: derOf(ca.cert),
      WECHAT_PAY_CERT: derOf(merchant.cert),
      WECHAT_PAY_CERT_KEY: derOf(merchant.key),
    },
    close: () => server.close(),
  };
}
