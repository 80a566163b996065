import type { Transport } from '../../cloudfunctions/_shared/weixin/transport.ts';
import type { AlarmBook, Cause } from './alarms.ts';
import type { FaultKind, Faults } from './faults.ts';
import { callForAlarm, oddAnswer } from './odd-answers.ts';
import type { FunctionInstance, Way } from './platform.ts';
import type { Questions } from './questions.ts';
import { type ReminderChecks, SEND_PATH } from './reminders/reminder-checks.ts';
import type { ShippingSide } from './shipping-side.ts';
import type { VirtualSide, WeixinRefusal } from './virtual-side.ts';
import type { WireOptions, Wires } from './wires.ts';

/** As in weixin-http.ts: with less time left nothing is sent. */
const WORTH_ASKING_MS = 500;
const WAY_MS = { min: 15, max: 90 };
const SLOW_MS = { min: 500, max: 4800 };

/** An order's number; a refund has one of its own. */
const OUT_TRADE_NO = /^[0-9a-f]{32}$/;
/** What WeChat says of a token that it does not accept, whatever was asked. */
const TOKEN_REFUSED = /"errcode":(?:40001|40014|42001)\b/;
/** What a function meets whose question was refused under a second token as well: nothing more can be done by asking. */
export const TOKEN_REFUSED_TWICE = 'token refused twice';
const HTML = '<html><body>502 Bad Gateway</body></html>';

const SHIPPING_PATH = '/wxa/sec/order/upload_shipping_info';
const TAKES_TOKEN = /^\/(xpay|wxa)\//;
const REFUND_PATH = '/xpay/refund_order';
const FIELD_REFUSED = 268490002;
const LEFT_FEE_CHANGED = 268490016;
/** Another refund is under way; another sum is left. */
const REFUND_ONLY = /^\/xpay\/refund_order$/;

type Failure = 'TIMEOUT' | 'UNREACHABLE' | 'BROKEN_CONNECTION' | 'TRY_AGAIN';

/** The way out of a function to api.weixin.qq.com. Every fault of a call, and the death of who calls, happens here. */
export function createWeixinWire(options: WeixinWireOptions, { dies, trouble, bring }: Wires['tools']) {
  const { subject, scheduler, chance, faults, log, books, findings, side, questions, alarms, hurries } =
    options;
  const { reminding, shipping, asides } = options;
  /** Questions that were refused for their token, and are asked again under another. */
  const refused = new WeakMap<FunctionInstance, Set<string>>();
  return (instance: FunctionInstance, { timeout_ms, now }: Way): Transport =>
    (request, answerBy) => {
      const [path = ''] = request.path.split('?');
      questions.begins(instance, path);
      const left_ms = answerBy.getTime() - now().getTime();
      const failure = (code: Failure) =>
        new subject.WeixinError(code, `${code}, as the simulation wants it.`);
      const failed = () => questions.failedAbout(instance, orderIn(request.body));
      if (left_ms < WORTH_ASKING_MS) {
        instance.troubles.add('weixin asked too late');
        failed();
        return Promise.reject(failure('TIMEOUT'));
      }
      if (dies(instance, 'death before a call')) {
        failed();
        return new Promise<never>(() => {});
      }
      const note = (what: string) => log.record(instance.name, `${path} ${orderIn(request.body)} : ${what}`);
      const way = () => chance.whole(WAY_MS.min, WAY_MS.max);
      const slow = trouble(instance, 'weixin slow') ? chance.whole(SLOW_MS.min, SLOW_MS.max) : 0;
      return new Promise((resolve, reject) => {
        const fail = (code: Failure) => () => {
          failed();
          reject(failure(code));
        };
        const timer = scheduler.after(Math.min(timeout_ms, left_ms), () => {
          instance.troubles.add('weixin silent');
          instance.receive(fail('TIMEOUT'));
        });
        const back = (settle: () => void) => {
          const arrive = (end: () => void) => () => {
            timer();
            end();
          };
          const broken = () => {
            instance.troubles.add('connections reset by a freeze');
            fail('BROKEN_CONNECTION')();
          };
          bring(instance, way(), arrive(settle), arrive(broken));
        };
        scheduler.after(way() + slow, async () => {
          if (trouble(instance, 'weixin unreachable')) {
            note('unreachable');
            return back(fail('UNREACHABLE'));
          }
          const order_id = orderIn(request.body);
          // What is asked about may be an order or a refund of one.
          const isOrder = books.orders.has(order_id);
          if (OUT_TRADE_NO.test(order_id) && !isOrder && !books.refunds.has(order_id))
            findings.report('saved before asked', `${path} about ${order_id}, which is not in the database`);
          if (path === REFUND_PATH && !books.refunds.has(refundIn(request.body)))
            findings.report('saved before asked', `${refundIn(request.body)} is not in the database`);
          const tokenDies =
            (TAKES_TOKEN.test(path) || path === SEND_PATH) &&
            side.mayTokenDie() &&
            trouble(instance, 'weixin token dies early');
          const refusal = refusalFor(instance, path) ?? refusedShipping(path, order_id);
          const isQuestion = path === '/xpay/query_order';
          // The same question is asked again under another token.
          if (isQuestion && !tokenDies && isOrder) questions.asked(instance, order_id);
          if (refusal) failed();
          if (isQuestion) await asides.get(order_id)?.();
          const answer = await side.answer(request, { refusal, tokenDies });
          note(answer ? briefJson(answer.body) : 'cut');
          if (answer && path === SEND_PATH) reminding.arrived(request.body ?? '', answer.body);
          if (answer && path === REFUND_PATH) callForRefusal(request.body, answer.body);
          // The order is asked about again before it is said again.
          if (path === SHIPPING_PATH && !answer?.body.includes('"errcode":0')) failed();
          // Whoever learns from a refusal that another sum is left asks how much that is.
          if (!refusal && answer?.body.includes(`"errcode":${LEFT_FEE_CHANGED}`)) failed();
          if (!answer || trouble(instance, 'weixin cut after the work'))
            return back(fail('BROKEN_CONNECTION'));
          if (answer.status !== 200) return back(fail('TRY_AGAIN'));
          if (path === SEND_PATH && trouble(instance, 'reminder status 502 after the work'))
            return back(fail('TRY_AGAIN'));
          if (path === SEND_PATH && trouble(instance, 'reminder cut after the work'))
            return back(fail('BROKEN_CONNECTION'));
          if (trouble(instance, 'weixin silent after the work')) return undefined;
          if (trouble(instance, 'weixin answers HTML')) {
            failed();
            return back(() => resolve(Buffer.from(HTML)));
          }
          if (isQuestion && faults.hits('payment between two questions')) hurries.get(order_id)?.();
          const odd =
            isQuestion && isOrder && trouble(instance, 'weixin answers oddly')
              ? oddAnswer(answer.body, chance)
              : undefined;
          if (odd) {
            failed();
            note(`but it says ${odd.kind}`);
            return back(() => {
              callForAlarm(alarms, odd.kind, order_id);
              resolve(Buffer.from(odd.body));
            });
          }
          return back(() => {
            if (refusal) callForHuman(instance, refusal.errcode);
            noteRefusal(instance, `${path} ${request.body}`, answer.body);
            resolve(Buffer.from(answer.body));
          });
        });
      });
    };

  /** The first time a function fetches another token and asks again. */
  function noteRefusal(instance: FunctionInstance, question: string, answer: string): void {
    const questions = refused.get(instance) ?? new Set();
    refused.set(instance, questions);
    const wasRefused = questions.delete(question);
    if (!TOKEN_REFUSED.test(answer)) return;
    if (!wasRefused) questions.add(question);
    else {
      instance.troubles.add(TOKEN_REFUSED_TWICE);
      const cause = sendsReminders(instance) ? 'messages refused' : 'token refused twice';
      alarms.expect(cause, '40001', { isSure: false });
    }
  }

  /** A no to a refund calls for an alarm; that another sum is left does where it is less than is asked for. */
  function callForRefusal(body = '', answer: string): void {
    const errcode = Number(/"errcode":(-?\d+)/.exec(answer)?.[1] ?? 0);
    const order_id = orderIn(body);
    const isTooLittle =
      errcode === LEFT_FEE_CHANGED && side.leftOf(order_id) < Number(/"refund_fee":(\d+)/.exec(body)?.[1]);
    if (errcode === FIELD_REFUSED || isTooLittle)
      alarms.expect('refund refused', order_id, { isSure: false });
  }

  function refusalFor(instance: FunctionInstance, path: string): WeixinRefusal | undefined {
    const [, errcode, , when = 'before'] =
      REFUSALS.find(([kind, , paths]) => paths.test(path) && trouble(instance, kind)) ?? [];
    return errcode === undefined ? undefined : { errcode, when };
  }

  /** Under a token that WeChat takes, shipping information has arrived. */
  function refusedShipping(path: string, out_trade_no: string): WeixinRefusal | undefined {
    const errcode = path === SHIPPING_PATH ? shipping.arrives(out_trade_no) : undefined;
    return errcode === undefined ? undefined : { errcode, when: 'before' };
  }

  /** A refusal for which a human has to act, once it has reached a function. */
  function callForHuman(instance: FunctionInstance, errcode: number): void {
    const known = CAUSES.get(errcode);
    const cause = known && sendsReminders(instance) ? 'messages refused' : known;
    // The function may end, or find the order settled by another, before it says so.
    if (cause) alarms.expect(cause, String(errcode), { isSure: false });
  }
}

/** What WeChat may refuse, what for, and whether it had done the work. */
const REFUSALS: readonly (readonly [FaultKind, errcode: number, paths: RegExp, when?: 'after'])[] = [
  ['weixin -1 before the work', -1, /./],
  // A message of which WeChat says that it is busy was not sent.
  ['weixin -1 after the work', -1, /^(?!\/cgi-bin\/message\/)/, 'after'],
  ['weixin 268490015', 268490015, /^\/xpay\//],
  ['weixin 268490014', 268490014, REFUND_ONLY, 'after'],
  ['weixin 268490016', LEFT_FEE_CHANGED, REFUND_ONLY],
  ['virtual payment not opened', 48001, /^\/xpay\//],
  ['address not on the allow-list', 40164, /stable_token$/],
  ['shopper blocked', 40226, /jscode2session$/],
  ['reminder refused for its template', 40037, /\/subscribe\/send$/],
  ['reminder not permitted', 43107, /\/subscribe\/send$/],
  ['reminder too often', 45009, /\/subscribe\/send$/],
];

/** Those for which a human is called. */
const CAUSES: ReadonlyMap<number, Cause> = new Map<number, Cause>([
  [48001, 'virtual payment not opened'],
  [40164, 'address not on the allow-list'],
  [40037, 'messages refused'],
  [43107, 'messages refused'],
]);

function sendsReminders({ name }: FunctionInstance): boolean {
  return name.startsWith('sendReminders#');
}

export interface WeixinWireOptions
  extends Pick<WireOptions, 'subject' | 'scheduler' | 'chance' | 'log' | 'hurries'> {
  readonly faults: Faults;
  readonly alarms: AlarmBook;
  readonly asides: ReadonlyMap<string, () => Promise<void>>;
  readonly reminding: Pick<ReminderChecks, 'arrived'>;
  readonly questions: Pick<Questions, 'begins' | 'asked' | 'failedAbout'>;
  readonly books: {
    readonly orders: ReadonlyMap<string, unknown>;
    readonly refunds: ReadonlyMap<string, unknown>;
  };
  readonly findings: { report(invariant: 'saved before asked', message: string): void };
  readonly side: Pick<VirtualSide, 'answer' | 'mayTokenDie' | 'leftOf'>;
  readonly shipping: Pick<ShippingSide, 'arrives'>;
}

function orderIn(body: string | undefined): string {
  return /"(?:order_id|out_trade_no)":"([^"]+)"/.exec(body ?? '')?.[1] ?? '';
}

function refundIn(body = ''): string {
  return /"refund_order_id":"([^"]+)"/.exec(body)?.[1] ?? '';
}

function briefJson(body: string): string {
  const [, errcode = '0'] = /"errcode":(-?\d+)/.exec(body) ?? [];
  const [, status = ''] = /"status":(\d+)/.exec(body) ?? [];
  return `${errcode} ${status}`.trim();
}
