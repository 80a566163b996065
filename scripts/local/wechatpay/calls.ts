import { BrokenConnection, type Hook, Hooks, type HttpAnswer, passed } from '../calls.ts';
import type { WorldClock } from '../clock.ts';
import type { When } from '../faults.ts';
import type { Trace } from '../trace.ts';
import { type Refused, refuse } from './errors.ts';
import type { Faults } from './faults.ts';
import type { Gateway, Received } from './gateway.ts';
import { mask } from './mask.ts';
import { newNonce, type Random } from './spelling.ts';
import type { Answer, FileAnswer } from './work.ts';
import { writeXml } from './xml.ts';

/** What is known of the connection over which a call comes. */
export interface Connection {
  /** Whether an earlier call came over it. */
  readonly isReused: boolean;
  /** The mch_id of the merchant certificate that was shown, if one was. */
  readonly certified?: string;
  /** The call of a function that asks, where it is one. */
  readonly invocation?: string;
}

interface Surroundings {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly trace: Trace;
  readonly faults: Faults;
  readonly gateway: Gateway;
}

/** What stands before the gateway says so itself, in HTML. */
const CERTIFICATE_REFUSED =
  '<html><head><title>400 No required SSL certificate was sent</title></head><body>400 Bad Request</body></html>';

/** Calls to the gateway as they happen: traced, and disturbed where that was asked for. */
export class Calls {
  readonly #world: Surroundings;
  readonly #hooks = new Hooks();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  hook(hook: Hook): () => void {
    return this.#hooks.add(hook);
  }

  async handle(path: string, method: string, body: Buffer, connection: Connection): Promise<HttpAnswer> {
    const { isReused, certified, invocation } = connection;
    const { gateway, random, trace, faults } = this.#world;
    const received = gateway.receive(path, method, body);
    if (!received) return { status: 404, contentType: 'text/plain', body: `No API of WeChat Pay: ${path}` };
    if (path.startsWith('/secapi/') && (!certified || certified !== received.request.mch_id)) {
      return { status: 400, contentType: 'text/html', body: CERTIFICATE_REFUSED };
    }
    const call = { label: path, id: newNonce(random), ...(invocation === undefined ? {} : { invocation }) };
    if (trace.isKept) {
      const payload = mask(received.request);
      trace.record({ from: 'function', to: 'wechatpay', kind: 'call', ...call, payload });
    }
    try {
      const { out_trade_no } = received.request;
      if (isReused && faults.take(['reset'], { path, out_trade_no })) {
        throw new BrokenConnection(`The reused connection is reset at ${path}, as asked for`);
      }
      const outcome = await this.#work(received, invocation);
      if (outcome.kind === 'file') {
        const { contentType, file, summary: payload } = outcome;
        trace.record({ from: 'wechatpay', to: 'function', kind: 'reply', ...call, payload });
        return { status: 200, contentType, body: '', file };
      }
      const message = gateway.write(received, outcome);
      if (trace.isKept) {
        const payload = { ...mask(message), ...(outcome.kind === 'refused' ? { why: outcome.why } : {}) };
        trace.record({ from: 'wechatpay', to: 'function', kind: 'reply', ...call, payload });
      }
      return { status: 200, contentType: 'text/xml', body: writeXml(message) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      trace.record({ from: 'wechatpay', to: 'function', kind: 'lost', ...call, payload: { why } });
      throw error;
    }
  }

  async #work(received: Received, invocation: string | undefined): Promise<Answer | FileAnswer | Refused> {
    const { gateway, trace } = this.#world;
    const outcome =
      (await this.#disturb(received, 'before')) ?? trace.within(invocation, () => gateway.work(received));
    return (await this.#disturb(received, 'after')) ?? outcome;
  }

  /** What happens around the work: hooks, then at most one fault of each kind. */
  async #disturb({ path, request }: Received, when: When): Promise<Refused | undefined> {
    const { clock, faults } = this.#world;
    const { out_trade_no } = request;
    await this.#hooks.run(when, { path, out_trade_no });
    const subject = { path, out_trade_no, when };
    const slow = faults.take(['slow'], subject);
    if (slow) await passed(clock, slow.ms);
    const broken = faults.take(['break'], subject);
    if (broken) throw new BrokenConnection(`The connection breaks ${when} ${path}, as asked for`);
    const refused = faults.take(['refuse'], subject);
    return refused && refuse(refused.err_code, `${refused.err_code} ${when} the work, as asked for`);
  }
}
