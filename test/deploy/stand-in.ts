import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { type Account, emptyAccount } from './stand-in-account.ts';
import { type Answer, Refusal } from './stand-in-action.ts';
import { ACTIONS } from './stand-in-actions.ts';
import { runFunction } from './stand-in-code.ts';
import { verifyTc3 } from './tc3.ts';

export interface Call {
  /** `tcb` or `scf`. */
  readonly service: string;
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Failure {
  readonly action: string;
  readonly code: string;
  readonly message?: string;
  /** Only calls whose body contains this text. */
  readonly about?: string;
  /** How many calls fail before it answers again; all of them unless said. */
  times?: number;
}

export const SECRET = {
  id: 'AKIDstandin0000000000000000000000000',
  key: 'standin-secret-key-00000000000000',
};

/** Tencent Cloud as a deployment sees it, on a port of this machine: an account with one environment. */
export class StandIn {
  readonly account: Account;
  readonly calls: Call[] = [];
  readonly failures: Failure[] = [];
  /** Actions that are answered as done, and are not done. */
  readonly ignored: string[] = [];
  #port = 0;
  readonly #server: Server = createServer((request, response) => {
    const failed = (error: unknown) => ({ status: 500, body: String(error), type: 'text/plain' });
    void this.#answer(request)
      .catch(failed)
      .then(({ status = 200, body, type = 'application/json' }) =>
        response.writeHead(status, { 'content-type': type }).end(body),
      );
  });

  private constructor(account: Account) {
    this.account = account;
  }

  static async start(account: Account = emptyAccount()): Promise<StandIn> {
    const standIn = new StandIn(account);
    await new Promise<void>((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve));
    standIn.#port = portOf(standIn.#server);
    return standIn;
  }

  /** Still the same after `dispose`, when nobody answers there. */
  get port(): number {
    return this.#port;
  }

  /** The calls that change something, in their order. */
  get changes(): readonly Call[] {
    return this.calls.filter(
      ({ action, body }) => !/^(Describe|Get|List)/.test(action) && !JSON.stringify(body).includes('"QUERY"'),
    );
  }

  async dispose(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(
    request: IncomingMessage,
  ): Promise<{ status?: number; body: string | Uint8Array; type?: string }> {
    const body = await text(request);
    const host = String(request.headers['x-host'] ?? request.headers.host);
    if (host.endsWith('.tencentcloudapi.com'))
      return {
        body: JSON.stringify({ Response: await this.#api(host.split('.')[0] ?? '', request, body) }),
      };
    if (host.endsWith('.myqcloud.com')) {
      const name = /\/(\w+)\.zip/.exec(request.url ?? '')?.[1] ?? '';
      return { body: this.account.functions.get(name)?.zip ?? '', type: 'application/zip' };
    }
    return this.#gateway(host, request, body);
  }

  async #api(service: string, request: IncomingMessage, text: string): Promise<Answer> {
    const action = String(request.headers['x-tc-action']);
    const body = v.parse(v.record(v.string(), v.unknown()), JSON.parse(text));
    this.calls.push({ service, action, body });
    try {
      const refused = verifyTc3(request.headers, text, SECRET);
      if (refused) throw new Refusal(refused);
      this.#failAsAsked(action, text);
      if (this.ignored.includes(action)) return { RequestId: 'request-1' };
      const run = ACTIONS[`${service} ${action}`] ?? ACTIONS[action];
      if (!run) throw new Refusal('InvalidAction', `The stand-in has no ${action}`);
      return { RequestId: 'request-1', ...(await run(this.account, body)) };
    } catch (error) {
      const code = error instanceof Refusal ? error.code : 'InternalError';
      return { RequestId: 'request-1', Error: { Code: code, Message: String(error) } };
    }
  }

  #failAsAsked(action: string, text: string): void {
    const failure = this.failures.find(
      (candidate) =>
        candidate.action === action && text.includes(candidate.about ?? '') && candidate.times !== 0,
    );
    if (!failure) return;
    if (failure.times) failure.times--;
    throw new Refusal(failure.code, failure.message);
  }

  /** HTTP access: the route's function gets the event, and its answer is the response. */
  async #gateway(
    host: string,
    request: IncomingMessage,
    body: string,
  ): Promise<{ status: number; body: string; type: string }> {
    const plain = (status: number, text: string) => ({ status, body: text, type: 'text/plain' });
    if (!this.account.gateway || this.account.refusesHttp)
      return plain(403, '{"code":"HTTPSERVICE_NONACTIVATED"}');
    const route = this.account.domains
      .find(({ Domain }) => Domain === host)
      ?.Routes.find(({ Path }) => Path === request.url);
    const target = route && this.account.functions.get(route.UpstreamResourceName);
    if (!route || !target) return plain(404, '{"code":"INVALID_PATH"}');
    if (route.EnableAuth) return plain(401, '{"code":"MISSING_CREDENTIALS"}');
    const event = {
      path: request.url,
      httpMethod: request.method,
      headers: request.headers,
      body,
      isBase64Encoded: false,
    };
    const answer = v.parse(RESPONSE, await runFunction(target, event));
    return { status: answer.statusCode, body: answer.body, type: 'text/xml' };
  }
}

const RESPONSE = v.object({ statusCode: v.number(), body: v.string() });

export const portOf = (server: Server): number =>
  v.parse(v.object({ port: v.number() }), server.address()).port;
