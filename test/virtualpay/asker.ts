import type { Asker } from '../../cloudfunctions/_shared/virtualpay/client.ts';

/** What was posted: the path without its query string, the query, and the body as it was sent. */
export interface Posted {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** An asker over a port that answers in turn: with an object as JSON, or with the text itself. */
export function askerOn(
  answers: readonly (object | string)[],
  { app_key = 'demo-live-appkey-0123456789abcdef', env = 0 as const }: { app_key?: string; env?: 0 | 1 } = {},
) {
  const posted: Posted[] = [];
  const tokens: (string | undefined)[] = [];
  let left = [...answers];
  const asker: Asker = {
    app_key,
    env,
    async post(target, body) {
      const url = new URL(target, 'https://localhost');
      posted.push({ path: url.pathname, query: url.searchParams, body });
      const [answer = '', ...rest] = left;
      left = rest.length > 0 ? rest : left;
      return Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer));
    },
    async accessToken(stale) {
      tokens.push(stale);
      return `token-${tokens.length}`;
    },
  };
  return { asker, posted, tokens };
}
