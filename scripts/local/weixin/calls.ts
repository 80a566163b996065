import { BrokenConnection, type Hook, Hooks, type HttpAnswer, passed } from '../calls.ts';
import type { WorldClock } from '../clock.ts';
import type { When } from '../faults.ts';
import type { Trace } from '../trace.ts';
import type { Answered, Api, ApiRequest } from './api.ts';
import { ERRORS, type Refused, refuse } from './errors.ts';
import type { WeixinFaults } from './faults.ts';
import { mask } from './mask.ts';
import { newRid, type Random } from './spelling.ts';
import type { Tokens } from './tokens.ts';

/** A request as it came over HTTP. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query string. */
  readonly url: string;
  readonly body: Buffer;
  /** Whether an earlier call came over the same connection. */
  readonly isReused?: boolean;
  /** The call of a function that asks, where it is one. */
  readonly invocation?: string;
}

interface Surroundings {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly trace: Trace;
  readonly faults: WeixinFaults;
  readonly tokens: Tokens;
  readonly apis: ReadonlyMap<string, Api>;
}

const HTML = '<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>';

/** Calls to api.weixin.qq.com as they happen: traced, disturbed where that was asked for, and answered as JSON. */
export class Calls {
  readonly #world: Surroundings;
  readonly #hooks = new Hooks();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  hook(hook: Hook): () => void {
    return this.#hooks.add(hook);
  }

  async handle({ method, url, body, isReused = false, invocation }: HttpRequest): Promise<HttpAnswer> {
    const { random, trace, faults, apis } = this.#world;
    const { pathname: path, searchParams: query } = new URL(url, 'http://127.0.0.1');
    const api = apis.get(path);
    if (!api) return { status: 404, contentType: 'text/plain', body: `No API of api.weixin.qq.com: ${path}` };
    const text = body.toString('utf8');
    const request: ApiRequest = { path, query, text, body: method === 'GET' ? undefined : readJson(text) };
    const subject = { path, out_trade_no: api.orderOf?.(request) };
    const call = { label: path, id: newRid(random), ...(invocation === undefined ? {} : { invocation }) };
    if (trace.isKept) {
      const payload = mask({ ...Object.fromEntries(query), ...request.body });
      trace.record({ from: 'function', to: 'weixin', kind: 'call', ...call, payload });
    }
    try {
      if (isReused && faults.take(['reset'], subject))
        throw new BrokenConnection(`The reused connection is reset at ${path}, as asked for`);
      const outcome = await this.#work(api, { method, request, subject, invocation });
      const message = messageOf(outcome, call.id);
      const garbled = faults.take(['garble'], subject)?.body;
      if (trace.isKept) {
        const said = { ...mask(message), ...('why' in outcome ? { why: outcome.why } : {}) };
        const payload = garbled ? { garbled, instead_of: said } : said;
        trace.record({ from: 'weixin', to: 'function', kind: 'reply', ...call, payload });
      }
      if (garbled === 'html') return { status: 502, contentType: 'text/html', body: HTML };
      const content = garbled === 'empty' ? '' : JSON.stringify(message);
      return { status: 200, contentType: api.contentType, body: content };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      trace.record({ from: 'weixin', to: 'function', kind: 'lost', ...call, payload: { why } });
      throw error;
    }
  }

  async #work(
    api: Api,
    {
      method,
      request,
      subject,
      invocation,
    }: {
      method: string;
      request: ApiRequest;
      subject: { path: string; out_trade_no: string | undefined };
      invocation: string | undefined;
    },
  ): Promise<Answered | Refused> {
    const before = await this.#disturb('before', subject);
    const work = () => this.#checked(api, method, request) ?? api.work(request);
    const outcome = before ?? this.#world.trace.within(invocation, work);
    return (await this.#disturb('after', subject)) ?? outcome;
  }

  /** What every API asks first: how it is called, then the token. */
  #checked(api: Api, method: string, request: ApiRequest): Refused | undefined {
    if (method !== api.method) {
      const why = `${request.path} is called with ${api.method}, not with ${method}`;
      return refuse(api.method === 'POST' ? 43002 : 43001, why);
    }
    if (api.takesToken) {
      if (this.#world.faults.take(['kill-token'], { path: request.path })) this.#world.tokens.kill();
      const refused = this.#world.tokens.check(request.query.get('access_token'));
      if (refused) return refused;
    }
    if (api.method === 'POST' && !request.body) return refuse(47001, 'the body is no JSON object');
    return undefined;
  }

  /** What happens around the work: hooks, then at most one fault of each kind. */
  async #disturb(
    when: When,
    { path, out_trade_no }: { path: string; out_trade_no: string | undefined },
  ): Promise<Refused | undefined> {
    const { clock, faults } = this.#world;
    await this.#hooks.run(when, { path, out_trade_no });
    const subject = { path, out_trade_no, when };
    const slow = faults.take(['slow'], subject);
    if (slow) await passed(clock, slow.ms);
    if (faults.take(['break'], subject))
      throw new BrokenConnection(`The connection breaks ${when} ${path}, as asked for`);
    const refused = faults.take(['refuse'], subject);
    if (!refused) return undefined;
    const { errcode, errmsg = textOf(errcode) } = refused;
    return { errcode, errmsg, why: `${errcode} ${when} the work, as asked for` };
  }
}

/** Refusals carry the number of the request in their text, as the real ones do. */
function messageOf(outcome: Answered | Refused, rid: string): Readonly<Record<string, unknown>> {
  if ('kind' in outcome) return outcome.fields;
  const { errcode, errmsg, fields } = outcome;
  return { errcode, errmsg: `${errmsg} rid: ${rid}`, ...fields };
}

function textOf(errcode: number): string {
  const texts: Readonly<Record<number, string>> = ERRORS;
  return texts[errcode] ?? 'error';
}

/** Undefined for what is no JSON object. */
function readJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
