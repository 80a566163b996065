import { type IncomingHttpHeaders, request } from 'node:http';
import { FUNCTIONS_DIRECTORY } from '../../scripts/build.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import { type LocalWorld, startLocalWorld } from '../../scripts/local/local-world.ts';

/** Every server of the local world, with a call that leaves a trace or moves the clock if it is let in. */
export const SERVERS = {
  cloud: { path: '/admin', type: 'application/json', body: { action: 'database.addCollection' } },
  simulator: {
    path: '/__sim/function',
    type: 'application/json',
    body: { openid: '', name: 'checkOrder', data: null },
  },
  gateway: { path: '/payNotify', type: 'text/xml', body: {} },
  wechatpay: { path: '/pay/orderquery', type: 'text/xml', body: {} },
  console: { path: '/api/clock', type: 'application/json', body: { minutes: 1 } },
} as const;

export type ServerName = keyof typeof SERVERS;
export const SERVER_NAMES: readonly ServerName[] = ['cloud', 'simulator', 'gateway', 'wechatpay', 'console'];
/** Where only JSON changes anything. The other two are called by whoever can sign. */
export const JSON_ONLY: readonly ServerName[] = ['cloud', 'simulator', 'console'];

/** The local world with its phone. Its clock is stopped: no timer of the world's own may fire beside a test. */
export function startWholeWorld(): Promise<LocalWorld> {
  const project = new URL('../..', import.meta.url).pathname;
  const clock = new WorldClock({ source: () => Date.UTC(2027, 0, 15, 2, 30) });
  return startLocalWorld({ functionsDirectory: FUNCTIONS_DIRECTORY, project, clock, onWarning: () => {} });
}

export function urlOf(world: LocalWorld, server: ServerName): URL {
  if (!world.phone) throw new Error('The local world started without a phone.');
  return new URL(
    {
      cloud: world.cloudServer.url,
      simulator: world.phone.url,
      gateway: world.gateway.url,
      wechatpay: world.wechatpayServer.url,
      console: world.console.url,
    }[server],
  );
}

/** Changes with everything that a call to one of the servers does. */
export function happened(world: LocalWorld): string {
  return `${world.trace.since().at(-1)?.seq} ${Math.round(world.clock.offset / 60_000)} ${world.cloud.collections()}`;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** `fetch` does not let anybody forge a Host; a raw request does. */
export function knock(
  world: LocalWorld,
  server: ServerName,
  {
    headers = {},
    type = SERVERS[server].type,
    method = 'POST',
    path = SERVERS[server].path,
    body = JSON.stringify(SERVERS[server].body),
  }: {
    headers?: Record<string, string>;
    /** `null` leaves it out. */
    type?: string | null;
    method?: string;
    path?: string;
    body?: string;
  } = {},
): Promise<Reply> {
  const { hostname, port } = urlOf(world, server);
  const all = { ...(type === null ? {} : { 'content-type': type }), ...headers };
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path, method, headers: all, agent: false };
    const sending = request(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    sending.on('error', reject);
    sending.end(method === 'GET' ? undefined : body);
  });
}
