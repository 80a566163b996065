import { Cloud } from '../../scripts/local/cloud/cloud.ts';
import type { Document } from '../../scripts/local/cloud/database/value.ts';
import { derOf, makeCertificates } from '../../scripts/local/wechatpay/certificates.ts';
import { collections } from '../../scripts/manifest.ts';
import products from '../../scripts/products.json' with { type: 'json' };
import { AlarmBook } from './alarms.ts';
import { AnswerChecks } from './answer-checks.ts';
import { Books } from './books.ts';
import type { Chance } from './chance.ts';
import type { CheckedWorld } from './checked-world.ts';
import { watchCommits } from './commit-checks.ts';
import type { OpenDatabase } from './database-client.ts';
import { Faults } from './faults.ts';
import { Findings } from './findings.ts';
import { Keys } from './keys.ts';
import { localPaymentSide } from './local-payment-side.ts';
import { secondPaymentSide } from './model/second-payment-side.ts';
import { NoticeChannel } from './notice-channel.ts';
import { operatorDocuments } from './operators.ts';
import type { PaymentSide } from './payment-side.ts';
import { Phone } from './phone.ts';
import { type FunctionInstance, FunctionPlatform } from './platform.ts';
import { Questions } from './questions.ts';
import { QuietTrace } from './quiet-trace.ts';
import { RefundNotices } from './refund-notices.ts';
import { Scheduler } from './scheduler.ts';
import { Story } from './story.ts';
import type { Subject } from './subject.ts';
import { createWires } from './wires.ts';

export const APPID = 'wx10ca110ca110ca11';
export const MCH_ID = '1230000109';
const ENV_ID = 'simulation';
/** Nobody here looks at a certificate: the functions only want to have one. */
const { merchant: certificate } = await makeCertificates(MCH_ID);
/** Half past ten in the morning in Beijing, on a day whose month has 31 days and whose next has 28. */
const START = new Date(Date.UTC(2027, 0, 29, 2, 30));

/** How long orders live; WeChat's own least and most among them. */
const LIFETIMES_MINUTES = ['10', '30', '30', '30', '110'] as const;

/** So many of the runs have another model of WeChat Pay, so that a misreading does not stand on both sides. */
const SECOND_MODEL_RUNS = 0.1;

export interface ShopOptions {
  readonly subject: Subject;
  readonly openDatabase: OpenDatabase;
  readonly chance: Chance;
  readonly onLine?: ((line: string) => void) | undefined;
}

/** One shop with all that surrounds it, before anybody does anything in it. */
export interface Shop {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly story: Story;
  readonly findings: Findings;
  readonly books: Books;
  readonly alarms: AlarmBook;
  readonly questions: Questions;
  readonly cloud: Cloud;
  readonly platform: FunctionPlatform;
  readonly payments: PaymentSide;
  readonly notices: NoticeChannel;
  readonly phone: Phone;
  readonly keys: Keys;
  readonly hurries: Map<string, () => void>;
  readonly lifetimeMs: number;
  readonly isSecondModel: boolean;
  readonly checked: CheckedWorld;
}

export async function openShop({ subject, openDatabase, chance, onLine }: ShopOptions): Promise<Shop> {
  const scheduler = new Scheduler(START, (error) => findings.report('no crash', describe(error)));
  const story = new Story(() => scheduler.time, onLine);
  const findings = new Findings(
    () => scheduler.now(),
    ({ invariant, message }) => {
      story.tell('FOUND', `${invariant}: ${message}`);
      story.stop();
    },
  );
  const draws = chance.branch('shop');
  const faults = new Faults(chance.branch('faults'), () => scheduler.time);
  const skewMs = draws.happens(0.5) ? 0 : draws.whole(1, 5) * 1000;
  const lifetime = draws.pick(LIFETIMES_MINUTES);
  const sign_type = draws.happens(0.2) ? 'MD5' : 'HMAC-SHA256';
  const books = new Books(() => scheduler.time);
  const alarms = new AlarmBook();
  const hurries = new Map<string, () => void>();
  const questions = new Questions(books, findings);
  const own = chance.branch('cloud');
  const trace = new QuietTrace();
  const cloud = new Cloud({
    clock: scheduler,
    random: () => own.next(),
    trace,
    envId: ENV_ID,
    journal: books,
    warn: false,
  });
  const keys: Keys = new Keys(chance.branch('keys'), {
    WECHAT_PAY_MCH_ID: MCH_ID,
    WECHAT_PAY_SIGN_TYPE: sign_type,
    ORDER_LIFETIME_MINUTES: lifetime,
    WECHAT_PAY_NOTIFY_URL: 'http://127.0.0.1/payNotify',
    WECHAT_PAY_CERT: derOf(certificate.cert),
    WECHAT_PAY_CERT_KEY: derOf(certificate.key),
  });

  const { toDatabase, toWeChatPay } = createWires({
    ...{ subject, scheduler, faults, story, cloud, watch: questions, chance: chance.branch('wires') },
    payments: () => payments,
    hurries,
  });
  const platform = new FunctionPlatform({
    ...{ subject, scheduler, faults, story, envId: ENV_ID, skewMs, openDatabase, toDatabase, toWeChatPay },
    chance: chance.branch('platform'),
    variables: () => keys.variables,
    onLine: (instance, line) => readLine(instance, line),
  });
  const surroundings = { scheduler, faults, story, platform, books, findings, alarms, questions };
  const notices = new NoticeChannel({ ...surroundings, keys, chance: chance.branch('notices') });
  const weChatChance = chance.branch('wechatpay');
  const merchant = { mch_id: MCH_ID, appid: APPID, api_key: keys.current };
  const isSecondModel = draws.happens(SECOND_MODEL_RUNS);
  const makePayments = isSecondModel ? secondPaymentSide : localPaymentSide;
  const refundNotices = new RefundNotices({ ...surroundings, chance: chance.branch('refund notices') });
  const payments = makePayments({
    scheduler,
    chance: weChatChance,
    merchant,
    post: (body) => notices.post(body),
    postRefund: (body) => refundNotices.post(body),
  });
  const checks = new AnswerChecks({ now: () => scheduler.time, books, findings, faults, keys, skewMs });
  const phone = new Phone({ ...surroundings, checks, chance: chance.branch('phone') });
  const checked = { now: () => scheduler.time, books, payments: () => payments, findings, alarms, skewMs };
  watchCommits(checked);
  books.onCommit(({ orders, alarms: raised }) => {
    for (const { after } of raised) alarms.raised(String(after.code), String(after.subject));
    for (const { id, after } of orders)
      if (after.held) alarms.expect('payment while under review', id, { isSure: false });
  });
  await cloud.declare(collections);
  for (const product of products) await cloud.insert('products', documentOf(product));
  for (const operator of operatorDocuments(scheduler.now())) await cloud.insert('operators', operator);
  const lifetimeMs = Number(lifetime) * 60_000;
  return {
    ...surroundings,
    chance,
    hurries,
    cloud,
    payments,
    notices,
    phone,
    keys,
    lifetimeMs,
    isSecondModel,
    checked,
  };

  function readLine(instance: FunctionInstance, line: string): void {
    const { fact, code, subject: about } = JSON.parse(line);
    if (fact === 'alarm') {
      alarms.raised(code, about);
      story.tell(instance.name, `alarm ${code} ${about}`);
    }
    if (keys.all.some((key) => line.includes(key)))
      findings.report('no secrets', `${instance.name} logged a key`);
    if (line.includes(OPENID_PREFIX)) findings.report('no secrets', `${instance.name} logged a whole openid`);
  }
}

/** Every openid begins like this, and nothing else does. */
export const OPENID_PREFIX = 'oSimulated';

function documentOf(product: (typeof products)[number]): Document {
  return { ...product, options: product.options.map((option) => ({ ...option })) };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
