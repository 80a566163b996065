import type { Hook, HttpAnswer } from '../calls.ts';
import type { WorldClock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import type { Api } from './api.ts';
import { Calls, type HttpRequest } from './calls.ts';
import { type App, code2Session } from './code2session.ts';
import { WeixinFaults } from './faults.ts';
import { Sessions } from './sessions.ts';
import { isTradeManaged, ShippingService, type ShippingWorld, uploadShippingInfo } from './shipping.ts';
import type { Random } from './spelling.ts';
import { stableToken } from './stable-token.ts';
import { Subscriptions, subscribeMessageSend } from './subscriptions.ts';
import { Tokens } from './tokens.ts';

export interface WeixinOptions {
  readonly clock: WorldClock;
  /** Answers like Math.random; a seeded one makes a world that repeats itself. */
  readonly random: Random;
  readonly trace: Trace;
  readonly app: App;
  /** Whose openid belongs to the app. When left out, it is whoever has logged in. */
  readonly shoppers?: { includes(openid: string): boolean };
  /** What WeChat Pay was paid, for the shipping service; nothing when left out. */
  readonly paymentOf?: ShippingWorld['paymentOf'];
}

/** api.weixin.qq.com on this machine: logins, tokens, and whatever further API is added to it. */
export interface LocalWeixin {
  readonly app: App;
  readonly faults: WeixinFaults;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly subscriptions: Subscriptions;
  readonly shipping: ShippingService;
  /**
   * Answers a call as the host would; a path that is no API gets 404.
   * @throws BrokenConnection when a fault breaks the connection
   */
  handle(request: HttpRequest): Promise<HttpAnswer>;
  /** Runs `hook.run` before or after the work of each matching call and waits for it; the answer takes it back. */
  hook(hook: Hook): () => void;
  /** Puts an API under its path. */
  add(path: string, api: Api): void;
  /** wx.login on this person's phone; answers the code. */
  login(openid: string): string;
  /** Whether this openid is one of the app's. */
  isShopper(openid: string): boolean;
}

export function createWeixin({ clock, random, trace, app, ...options }: WeixinOptions): LocalWeixin {
  const { shoppers, paymentOf = () => undefined } = options;
  const now = () => clock.now();
  const sessions = new Sessions({ now, random });
  const tokens = new Tokens({ now, random });
  const faults = new WeixinFaults();
  const subscriptions = new Subscriptions({ clock, trace });
  const shipping = new ShippingService({ clock, trace, appid: app.appid, paymentOf });
  const apis = new Map<string, Api>([
    ['/sns/jscode2session', code2Session({ app, sessions })],
    ['/cgi-bin/stable_token', stableToken({ app, tokens })],
    ['/cgi-bin/message/subscribe/send', subscribeMessageSend(subscriptions)],
    ['/wxa/sec/order/is_trade_managed', isTradeManaged(shipping)],
    ['/wxa/sec/order/upload_shipping_info', uploadShippingInfo(shipping)],
  ]);
  const calls = new Calls({ clock, random, trace, faults, tokens, apis });
  return {
    app,
    faults,
    sessions,
    tokens,
    subscriptions,
    shipping,
    handle: (request) => calls.handle(request),
    hook: (hook) => calls.hook(hook),
    add: (path, api) => apis.set(path, api),
    login(openid) {
      trace.record({ from: 'mini-program', to: 'weixin', kind: 'call', label: 'wx.login', openid });
      const replaces = faults.take(['replace-session-key'], {}) !== undefined;
      if (replaces && sessions.has(openid))
        trace.record({ from: 'weixin', to: 'weixin', kind: 'change', label: 'session_key replaced', openid });
      const code = sessions.login(openid, { replaces });
      const payload = { code: '••••••' };
      trace.record({ from: 'weixin', to: 'mini-program', kind: 'reply', label: 'wx.login', payload, openid });
      return code;
    },
    isShopper: (openid) => (shoppers ? shoppers.includes(openid) : sessions.has(openid)),
  };
}
