import type { Send as SendOverHttp } from '../../cloudfunctions/_shared/cloud/http-send.ts';
import type { Transport } from '../../cloudfunctions/_shared/wechatpay/client.ts';
import type { Cloud } from '../../scripts/local/cloud/cloud.ts';
import type { FaultKind as CloudFault } from '../../scripts/local/cloud/faults.ts';
import type { AlarmBook } from './alarms.ts';
import type { Chance } from './chance.ts';
import type { Send } from './database-client.ts';
import type { EventLog } from './event-log.ts';
import type { FaultKind, Faults } from './faults.ts';
import type { AskedRefusal, PaymentSide } from './payment-side.ts';
import type { FunctionInstance, Way } from './platform.ts';
import type { Scheduler } from './scheduler.ts';
import type { Subject } from './subject.ts';

/** Receives every question to WeChat Pay as it arrives there, and of how it ended for who asked. */
export interface QuestionWatch {
  /** A function is about to ask. */
  begins(instance: FunctionInstance, path: string): void;
  arrives(instance: FunctionInstance, path: string, body: string): void;
  /** The function did not receive WeChat's own answer. */
  failed(instance: FunctionInstance, path: string, body: string): void;
}

export interface WireOptions {
  readonly subject: Subject;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly log: EventLog;
  readonly cloud: Cloud;
  readonly payments: () => PaymentSide;
  /** Shoppers who hold a signature, by out_trade_no, and what they do when they are in a hurry. */
  readonly hurries: ReadonlyMap<string, () => void>;
  readonly watch: QuestionWatch;
  readonly alarms: AlarmBook;
}

const REFUND_PATH = '/secapi/pay/refund';
/** These leave a refund open; whatever else WeChat refuses one with is a no, of which a human is alarmed. */
const LEAVES_OPEN = ['SYSTEMERROR', 'BIZERR_NEED_RETRY', 'FREQUENCY_LIMITED', 'INVALID_REQ_TOO_MUCH'];

function isNo(answer: string): boolean {
  const err_code = fieldIn(answer, 'err_code');
  return err_code !== '' && !LEAVES_OPEN.includes(err_code);
}

/** As in sdk.ts: for so long the SDK waits for an answer. */
const DATABASE_TIMEOUT_MS = 5000;
/** The other one is for when this cannot be reached. */
const FIRST_DOMAIN = 'api.mch.weixin.qq.com';

type Failure = 'TIMEOUT' | 'UNREACHABLE' | 'BROKEN_CONNECTION' | 'TRY_AGAIN';
const DATABASE_WAY_MS = { min: 1, max: 8 };
const WECHATPAY_WAY_MS = { min: 15, max: 90 };
const SLOW_MS = { min: 500, max: 4800 };

/** The two ways that lead out of a function. Every fault of a call, and the death of who calls, happens here. */
export function createWires(options: WireOptions) {
  const { scheduler, chance, faults, log } = options;

  /** Dies, if that is to happen at this call. */
  const dies = (instance: FunctionInstance, kind: 'death before a call' | 'death after a call'): boolean => {
    if (!instance.isAlive || !instance.isServing || !faults.hits(kind)) return false;
    log.record(instance.name, `dies (${kind})`);
    instance.die();
    return true;
  };
  const trouble = (instance: FunctionInstance, kind: FaultKind): boolean => {
    if (!faults.hits(kind)) return false;
    instance.troubles.add(kind);
    return true;
  };
  const never = () => new Promise<never>(() => {});

  /** An answer on its way back, to whoever is there then. */
  function bring(instance: FunctionInstance, ms: number, settle: () => void, breakOff: () => void): void {
    scheduler.after(ms, () => {
      if (dies(instance, 'death after a call')) return;
      instance.receive(settle, breakOff);
    });
  }

  function toDatabase(instance: FunctionInstance): Send {
    return (action, parameters) => {
      if (dies(instance, 'death before a call')) return never();
      const body = sent({ ...parameters, action });
      const way = chance.whole(DATABASE_WAY_MS.min, DATABASE_WAY_MS.max);
      const there = trouble(instance, 'database slow') ? way + chance.whole(SLOW_MS.min, SLOW_MS.max) : way;
      const label = `${action.slice('database.'.length)} ${body.collectionName ?? ''}`;
      return new Promise((resolve, reject) => {
        const broken = () => reject(connectionError('ECONNRESET'));
        const timer = scheduler.after(DATABASE_TIMEOUT_MS, () => {
          instance.troubles.add('database silent');
          instance.receive(() => reject(connectionError('ETIMEDOUT')));
        });
        const back = (settle: () => void) => {
          bring(
            instance,
            chance.whole(DATABASE_WAY_MS.min, DATABASE_WAY_MS.max),
            () => {
              timer();
              settle();
            },
            () => {
              timer();
              instance.troubles.add('connections reset by a freeze');
              broken();
            },
          );
        };
        scheduler.after(there, async () => {
          if (trouble(instance, 'database cut before the work')) {
            log.record(instance.name, `${label} : cut before the work`);
            back(broken);
            return;
          }
          if (trouble(instance, 'database error')) {
            log.record(instance.name, `${label} : error`);
            back(() => resolve({ code: 'SYS_ERR', message: '[InternalError] as the simulation wants it' }));
            return;
          }
          const refused = transactionFault(action, body.transactionId);
          const takeBack = refused && options.cloud.faults.add({ kind: refused });
          const answer = await options.cloud.dispatch(body);
          takeBack?.();
          const isCommit = action === 'database.commitTransaction';
          log.record(instance.name, `${label} ${idIn(body)} : ${brief(answer)}`);
          if (
            isCommit
              ? trouble(instance, 'commit applied, answer lost')
              : trouble(instance, 'database cut after the work')
          ) {
            log.record(instance.name, `${label} : cut after the work`);
            back(broken);
          } else if (!trouble(instance, 'database silent')) back(() => resolve(answer));
        });

        function transactionFault(name: string, transactionId: unknown): CloudFault | undefined {
          if (typeof transactionId !== 'string' || name === 'database.abortTransaction') return undefined;
          if (trouble(instance, 'transaction conflict')) return 'conflict';
          if (trouble(instance, 'transaction expired')) return 'expired';
          return name !== 'database.commitTransaction' && trouble(instance, 'transaction busy')
            ? 'busy'
            : undefined;
        }
      });
    };
  }

  /** http.ts itself, with its two domains and its second attempts, over connections of the simulation. */
  function toWeChatPay(instance: FunctionInstance, { timeout_ms, now, certificate }: Way): Transport {
    const { createTransport, WeChatPayError } = options.subject;
    const timers = {
      after: (ms: number, run: () => void) => scheduler.after(ms, () => instance.receive(run)),
    };
    const send = sender(instance);
    const transport = createTransport({ timeout_ms, timers, clock: { now }, send, certificate });
    return async (path, body, limits) => {
      try {
        return await transport(path, body, limits);
      } catch (error) {
        options.watch.failed(instance, path, body);
        if (error instanceof WeChatPayError && error.message.includes('nothing was sent'))
          instance.troubles.add('wechatpay asked too late');
        throw error;
      }
    };
  }

  function sender(instance: FunctionInstance): SendOverHttp {
    const { WeChatPayError } = options.subject;
    const { watch } = options;
    /** Domains that a connection is open to. */
    const open = new Set<string>();
    return ({ target: { hostname, pathname: path }, body, timeout_ms, isFresh }) => {
      watch.begins(instance, path);
      if (dies(instance, 'death before a call')) {
        watch.failed(instance, path, body);
        return never();
      }
      const way = () => chance.whole(WECHATPAY_WAY_MS.min, WECHATPAY_WAY_MS.max);
      const there = trouble(instance, 'wechatpay slow')
        ? way() + chance.whole(SLOW_MS.min, SLOW_MS.max)
        : way();
      const isReused = open.has(hostname) && !isFresh;
      return new Promise((resolve) => {
        const fail = (code: Failure) => () => {
          open.delete(hostname);
          const error = new WeChatPayError(code, `${code}, as the simulation wants it.`);
          const isStale = isReused && code === 'BROKEN_CONNECTION';
          // It is asked again by itself, and has asked before.
          if (isStale) watch.failed(instance, path, body);
          resolve({ kind: isStale ? 'stale' : 'failure', error });
        };
        const timer = scheduler.after(timeout_ms, () => {
          instance.troubles.add('wechatpay silent');
          instance.receive(fail('TIMEOUT'));
        });
        const back = (settle: () => void) => {
          bring(
            instance,
            way(),
            () => {
              timer();
              settle();
            },
            () => {
              timer();
              instance.troubles.add('connections reset by a freeze');
              fail('BROKEN_CONNECTION')();
            },
          );
        };
        const note = (what: string) => log.record(instance.name, `${path} ${outTradeNoIn(body)} : ${what}`);
        scheduler.after(there, async () => {
          if (hostname === FIRST_DOMAIN && trouble(instance, 'first domain of WeChat Pay unreachable')) {
            note('first domain unreachable');
            return back(fail('UNREACHABLE'));
          }
          if (trouble(instance, 'wechatpay unreachable')) {
            note('unreachable');
            return back(fail('UNREACHABLE'));
          }
          if (isReused && trouble(instance, 'connection to WeChat Pay gone stale')) {
            note('stale connection');
            return back(fail('BROKEN_CONNECTION'));
          }
          if (trouble(instance, 'wechatpay cut before the work')) {
            note('cut before the work');
            return back(fail('BROKEN_CONNECTION'));
          }
          if (trouble(instance, 'wechatpay silent before the work')) return note('silent before the work');
          watch.arrives(instance, path, body);
          if (path === '/pay/closeorder' && faults.hits('payment before the close'))
            options.hurries.get(outTradeNoIn(body))?.();
          const refusal = refusalFor(instance, path);
          const answer = await options.payments().answer(path, body, refusal);
          if (refusal || answer.includes('签名错误')) watch.failed(instance, path, body);
          note(briefXml(answer));
          if (path === REFUND_PATH && isNo(answer))
            options.alarms.expect('refund refused', outTradeNoIn(body), { isSure: false });
          if (trouble(instance, 'wechatpay cut after the work')) return back(fail('BROKEN_CONNECTION'));
          if (trouble(instance, 'wechatpay status 502')) return back(fail('TRY_AGAIN'));
          if (trouble(instance, 'wechatpay silent after the work')) return undefined;
          const answered = (text: string) =>
            back(() => {
              open.add(hostname);
              resolve({ kind: 'answer', body: Buffer.from(text) });
            });
          if (trouble(instance, 'wechatpay answer forged')) return answered(forged(answer, body));
          if (path === '/pay/orderquery' && faults.hits('payment between two questions'))
            options.hurries.get(outTradeNoIn(body))?.();
          return answered(answer);
        });
      });
    };
  }

  function refusalFor(instance: FunctionInstance, path: string): AskedRefusal | undefined {
    if (path === REFUND_PATH) {
      if (trouble(instance, 'wechatpay NOTENOUGH')) return { err_code: 'NOTENOUGH', when: 'before' };
      if (trouble(instance, 'wechatpay BIZERR_NEED_RETRY'))
        return { err_code: 'BIZERR_NEED_RETRY', when: chance.happens(0.5) ? 'before' : 'after' };
    }
    if (trouble(instance, 'wechatpay SYSTEMERROR before the work'))
      return { err_code: 'SYSTEMERROR', when: 'before' };
    if (trouble(instance, 'wechatpay SYSTEMERROR after the work'))
      return { err_code: 'SYSTEMERROR', when: 'after' };
    if (trouble(instance, 'wechatpay FREQUENCY_LIMITED'))
      return { err_code: 'FREQUENCY_LIMITED', when: 'before' };
    return undefined;
  }

  /** Somebody on the way makes an unpaid order a paid one, and cannot sign it. */
  function forged(answer: string, body: string): string {
    const truth = options.payments().order(outTradeNoIn(body));
    if (!truth || fieldIn(answer, 'trade_state') !== 'NOTPAY')
      return answer.replace('</xml>', '<more>1</more></xml>');
    const { openid, total_fee } = truth;
    const falseFields = { openid, total_fee, transaction_id: '4200001234567890', time_end: '20270201120000' };
    const added = Object.entries(falseFields).filter(([name]) => fieldIn(answer, name) === '');
    const fields = added.map(([name, value]) => `<${name}>${value}</${name}>`).join('');
    return answer.replace('NOTPAY', 'SUCCESS').replace('</xml>', `${fields}</xml>`);
  }

  return { toDatabase, toWeChatPay, tools: { dies, trouble, bring } };
}

export type Wires = ReturnType<typeof createWires>;

/** JSON carries nothing that is undefined; all else in a call of the database is text, a number or a list of them. */
function sent(call: object): Readonly<Record<string, unknown>> {
  const body: Record<string, unknown> = { ...call };
  for (const name of Object.keys(body)) if (body[name] === undefined) delete body[name];
  return body;
}

function connectionError(code: 'ECONNRESET' | 'ETIMEDOUT'): Error {
  return Object.assign(new Error(`${code}, as the simulation wants it`), { code });
}

export function outTradeNoIn(xml: string): string {
  return fieldIn(xml, 'out_trade_no');
}

const FIELDS = new Map<string, RegExp>();

/** A field of a message, whether in CDATA or not. Good enough for what both sides of this simulation write. */
export function fieldIn(xml: string, name: string): string {
  const pattern = FIELDS.get(name) ?? new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)`);
  FIELDS.set(name, pattern);
  return pattern.exec(xml)?.[1] ?? '';
}

function briefXml(answer: string): string {
  const names = ['return_code', 'return_msg', 'result_code', 'err_code', 'trade_state', 'prepay_id'];
  return names.flatMap((name) => fieldIn(answer, name) || []).join(' ');
}

function idIn({ query, data }: { query?: unknown; data?: unknown }): string {
  return /"_id":"([^"]+)"/.exec(`${query ?? ''}${data ?? ''}`)?.[1] ?? '';
}

function brief(answer: object): string {
  if ('code' in answer) return `${Reflect.get(answer, 'code')}`;
  const data = Reflect.get(answer, 'data');
  if (typeof data !== 'object' || data === null) return 'done';
  const { list, updated, total } = Object(data);
  if (Array.isArray(list)) return `${list.length} found`;
  return updated === undefined ? (total === undefined ? 'done' : `${total}`) : `${updated} updated`;
}
