import * as v from 'valibot';
import { type Api, answered } from './api.ts';
import type { App } from './code2session.ts';
import { refuse } from './errors.ts';
import type { Tokens } from './tokens.ts';

const REQUEST = v.object({
  grant_type: v.optional(v.string()),
  appid: v.optional(v.string()),
  secret: v.optional(v.string()),
  force_refresh: v.optional(v.boolean(), false),
});

/** POST /cgi-bin/stable_token: the app's token, the same one for as long as it has more than five minutes. */
export function stableToken({ app, tokens }: { readonly app: App; readonly tokens: Tokens }): Api {
  return {
    method: 'POST',
    takesToken: false,
    contentType: 'application/json; encoding=utf-8',
    work({ body }) {
      const read = v.safeParse(REQUEST, body);
      if (!read.success) return refuse(47001, 'the fields are texts, and force_refresh is true or false');
      const { grant_type, appid, secret, force_refresh } = read.output;
      if (grant_type !== 'client_credential') return refuse(40002, 'grant_type is client_credential');
      if (!appid) return refuse(41002, 'appid is missing');
      if (appid !== app.appid) return refuse(40013, 'there is no such app');
      if (!secret) return refuse(41004, 'secret is missing');
      if (secret !== app.secret) return refuse(40125, 'the secret is not that of this app');
      const token = force_refresh ? tokens.force() : tokens.get();
      return 'errcode' in token ? token : answered({ ...token });
    },
  };
}
