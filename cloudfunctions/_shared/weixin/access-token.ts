import * as v from 'valibot';
import { readAnswer } from './answer.ts';
import type { App, Transport } from './transport.ts';

/** The platform renews a token about five minutes before its end; until then it gives the same one. */
const RENEWED_BEFORE_END_S = 300;

const Token = v.object({
  access_token: v.pipe(v.string(), v.minLength(1)),
  expires_in: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** What it takes to ask for a token within one call. */
export interface Asking {
  readonly transport: Transport;
  readonly answerBy: Date;
  readonly clock: { now(): Date };
}

/** The access_token of each mini-program, kept for as long as it is certainly good. One lives as long as an instance. */
export interface AccessTokens {
  /**
   * @param stale a token that WeChat refused (40001, 40014, 42001): it is not given again from what is kept
   * @throws WeixinError
   */
  get(app: App, asking: Asking, stale?: string): Promise<string>;
}

/**
 * Fetches tokens by stable_token in its normal mode, in which many instances may ask and are all given the same one.
 * Questions at the same time share one request.
 */
export function createAccessTokens(): AccessTokens {
  const kept = new Map<string, { readonly token: string; readonly until: number }>();
  const onTheWay = new Map<string, Promise<string>>();

  return {
    async get(app, asking, stale) {
      const known = kept.get(app.appid);
      const now = asking.clock.now().getTime();
      if (known && known.token !== stale && now < known.until) return known.token;
      const request = onTheWay.get(app.appid) ?? fetched(app, asking);
      onTheWay.set(app.appid, request);
      try {
        return await request;
      } finally {
        onTheWay.delete(app.appid);
      }
    },
  };

  async function fetched({ appid, secret }: App, { transport, answerBy, clock }: Asking): Promise<string> {
    const grant = { grant_type: 'client_credential', appid, secret, force_refresh: false };
    const asked = clock.now().getTime();
    const body = await transport({ path: '/cgi-bin/stable_token', body: JSON.stringify(grant) }, answerBy);
    const { access_token, expires_in } = readAnswer(Token, body);
    kept.set(appid, { token: access_token, until: asked + (expires_in - RENEWED_BEFORE_END_S) * 1000 });
    return access_token;
  }
}
