import { type Api, answered } from './api.ts';
import { refuse } from './errors.ts';
import type { Sessions } from './sessions.ts';

/** The app whose server side asks. */
export interface App {
  readonly appid: string;
  /** 32 characters; the AppSecret. */
  readonly secret: string;
}

/** GET /sns/jscode2session: a login code for the person's openid and key. Its answer calls itself text/plain. */
export function code2Session({ app, sessions }: { readonly app: App; readonly sessions: Sessions }): Api {
  return {
    method: 'GET',
    takesToken: false,
    contentType: 'text/plain',
    work({ query }) {
      const appid = query.get('appid');
      const secret = query.get('secret');
      const code = query.get('js_code');
      if (!appid) return refuse(41002, 'appid is missing');
      if (appid !== app.appid) return refuse(40013, 'there is no such app, or the code is of another');
      if (!secret) return refuse(41004, 'secret is missing');
      if (secret !== app.secret) return refuse(40125, 'the secret is not that of this app');
      if (query.get('grant_type') !== 'authorization_code')
        return refuse(40002, 'grant_type is authorization_code');
      if (!code) return refuse(41008, 'js_code is missing');
      const session = sessions.exchange(code);
      return 'errcode' in session ? session : answered(session);
    },
  };
}
