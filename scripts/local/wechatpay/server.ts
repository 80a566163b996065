import { TLSSocket } from 'node:tls';
import { type ApiServer, type OwnWorld, type ServedRequest, serveApi } from '../api-server.ts';
import type { HttpAnswer } from '../calls.ts';
import type { Connection } from './calls.ts';
import { type Certificates, merchantIn } from './certificates.ts';
import type { LocalWeChatPay } from './wechatpay.ts';

/** A WeChat Pay that can be reached by HTTP, on this machine only: its url is what WECHAT_PAY_BASE_URL is set to. */
export type WeChatPayServer = ApiServer;

/** @param port 0 takes any that is free */
export function serveWeChatPay(
  wechatpay: LocalWeChatPay,
  port = 0,
  options: OwnWorld = {},
): Promise<WeChatPayServer> {
  return serveApi((request) => answer(wechatpay, request, { isReused: request.isReused }), {
    name: 'WeChat Pay',
    port,
    ...options,
  });
}

/**
 * The door for refunds: TLS, with the merchant's certificate shown by whoever comes in. One who shows none, or one that
 * this process did not make, is let in as nobody, and then refused as at WeChat.
 */
export function serveWeChatPaySecurely(
  wechatpay: LocalWeChatPay,
  { ca, server: { cert, key } }: Certificates,
  options: OwnWorld = {},
): Promise<WeChatPayServer> {
  return serveApi(
    (request) => {
      const { socket } = request;
      const shown =
        socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
      const certified = shown && merchantIn(shown);
      return answer(wechatpay, request, {
        isReused: false,
        ...(certified !== undefined && { certified }),
      });
    },
    {
      name: 'WeChat Pay for refunds',
      tls: { cert, key, ca: ca.cert, requestCert: true, rejectUnauthorized: false },
      ...options,
    },
  );
}

function answer(
  wechatpay: LocalWeChatPay,
  { url, method, body, invocation }: ServedRequest,
  connection: Connection,
): Promise<HttpAnswer> {
  return wechatpay.handle(new URL(url, 'http://127.0.0.1').pathname, method, body, {
    ...connection,
    ...(invocation !== undefined && { invocation }),
  });
}
