import { type ApiServer, type OwnWorld, serveApi } from '../api-server.ts';
import type { LocalWeixin } from './weixin.ts';

/** An api.weixin.qq.com that can be reached by HTTP, on this machine only: its url is what WEIXIN_API_ORIGIN is set to. */
export type WeixinServer = ApiServer;

/** @param port 0 takes any that is free */
export function serveWeixin(weixin: LocalWeixin, port = 0, options: OwnWorld = {}): Promise<WeixinServer> {
  return serveApi((request) => weixin.handle(request), { name: 'api.weixin.qq.com', port, ...options });
}
