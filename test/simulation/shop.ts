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
import { EventChannel } from './event-channel.ts';
import { EventLog } from './event-log.ts';
import { Faults } from './faults.ts';
import { Findings } from './findings.ts';
import { Keys } from './keys.ts';
import { localPaymentSide } from './local-payment-side.ts';
import { secondPaymentSide } from './model/second-payment-side.ts';
import { NoticeChannel } from './notice-channel.ts';
import { operatorDocuments } from './operators.ts';
import type { BillTricks, PaymentSide } from './payment-side.ts';
import { OPENID_PREFIX } from './people.ts';
import { Phone } from './phone.ts';
import { type FunctionInstance, FunctionPlatform } from './platform.ts';
import { MONTHS, VIP } from './products.ts';
import { Questions } from './questions.ts';
import { QuietTrace } from './quiet-trace.ts';
import { RefundNotices } from './refund-notices.ts';
import { RefundsAsked } from './refunds-asked.ts';
import { type Consents, openConsents } from './reminders/consents.ts';
import { ReminderChecks } from './reminders/reminder-checks.ts';
import { Scheduler } from './scheduler.ts';
import { Secrets } from './secrets.ts';
import { ShippingSide } from './shipping-side.ts';
import type { Subject } from './subject.ts';
import { type Chat, openChat } from './telling/chat.ts';
import { createRobotWire } from './telling/robot-wire.ts';
import { TellingChecks } from './telling/telling-checks.ts';
import { ENV_ID, VIRTUAL_PAY, VirtualSide } from './virtual-side.ts';
import { createWeixinWire } from './weixin-wire.ts';
import { createWires } from './wires.ts';

export const APPID = 'wx10ca110ca110ca11';
export const MCH_ID = '1230000109';
/** Nobody here looks at a certificate: the functions only want to have one. */
const { merchant: certificate } = await makeCertificates(MCH_ID);
/** Half past ten in the morning in Beijing, on a day whose month has 31 days and whose next has 28. */
const START = new Date(Date.UTC(2027, 0, 29, 2, 30));

/** How long orders live; WeChat's own least and most among them. */
const LIFETIMES_MINUTES = ['10', '30', '30', '30', '110'] as const;

/** So many of the runs have another model of WeChat Pay, so that a misreading is not on both sides. */
const SECOND_MODEL_RUNS = 0.1;
/** In the other runs the merchant has not set up message push: no event ever comes, and every payment is found by asking. */
const MESSAGE_PUSH_SET_UP = 0.85;

export interface ShopOptions {
  readonly subject: Subject;
  readonly openDatabase: OpenDatabase;
  readonly chance: Chance;
  /** A shop as all were before some had robots and reminders. */
  readonly isPlain?: boolean;
  /** Hundreds of orders at once. */
  readonly isCrowd?: boolean;
  readonly onLine?: ((line: string) => void) | undefined;
}

/** One shop with all that surrounds it, before anybody does anything in it. */
export interface Shop {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly log: EventLog;
  readonly findings: Findings;
  readonly books: Books;
  readonly alarms: AlarmBook;
  readonly questions: Questions;
  readonly cloud: Cloud;
  readonly platform: FunctionPlatform;
  /** Both ways to pay; what one of them alone can do is about orders of WeChat Pay. */
  readonly payments: PaymentSide;
  /** What bills are tried with; not in runs of the second model. */
  readonly bills: BillTricks | undefined;
  readonly virtual: VirtualSide;
  readonly shipping: ShippingSide;
  readonly notices: NoticeChannel;
  readonly phone: Phone;
  readonly chat: Chat;
  readonly telling: TellingChecks;
  readonly consents: Consents;
  readonly reminding: ReminderChecks;
  readonly keys: Keys;
  readonly hurries: Map<string, () => void>;
  /** What is done before WeChat answers the next question about an order of virtual payment. */
  readonly asides: Map<string, () => Promise<void>>;
  readonly refundsAsked: RefundsAsked;
  readonly lifetimeMs: number;
  readonly isSecondModel: boolean;
  /** A seed that found something before there were robots, reminders and shipping; its week is the week it was. */
  readonly isPlain: boolean;
  readonly checked: CheckedWorld;
}

export async function openShop({
  subject,
  openDatabase,
  chance,
  isPlain = false,
  isCrowd = false,
  onLine,
}: ShopOptions): Promise<Shop> {
  const scheduler = new Scheduler(START, (error) => findings.report('no crash', describe(error)));
  const log = new EventLog(() => scheduler.time, onLine);
  const findings = new Findings(
    () => scheduler.now(),
    ({ invariant, message }) => {
      log.record('FOUND', `${invariant}: ${message}`);
      log.stop();
    },
  );
  const draws = chance.branch('shop');
  const faults = new Faults(chance.branch('faults'), () => scheduler.time, { isPlain, isCrowd });
  const skewMs = draws.happens(0.5) ? 0 : draws.whole(1, 5) * 1000;
  const lifetime = draws.pick(LIFETIMES_MINUTES);
  const sign_type = draws.happens(0.2) ? 'MD5' : 'HMAC-SHA256';
  const isPushed = draws.happens(MESSAGE_PUSH_SET_UP);
  const books = new Books(() => scheduler.time);
  const alarms = new AlarmBook();
  const hurries = new Map<string, () => void>();
  const asides: Shop['asides'] = new Map();
  const refundsAsked = new RefundsAsked();
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
  const shipping = new ShippingSide({
    ...{ scheduler, books, findings, alarms, isPlain, chance: chance.branch('shipping') },
    payments: () => payments,
  });
  const secrets = new Secrets([VIRTUAL_PAY.app_secret, VIRTUAL_PAY.app_key]);
  const chat = openChat({ scheduler, secrets, isPlain, chance: chance.branch('chat') });
  const virtual = new VirtualSide({
    ...{ scheduler, faults, secrets, shipping, appid: APPID, chance: chance.branch('virtualpay') },
    ...{ isPushed, isPlain },
    deliver: (event) => (isPushed ? events.deliver(event) : Promise.reject(new Error('nothing is pushed'))),
  });
  const consents = openConsents(virtual.subscriptions, { isPlain, chance: chance.branch('consents') });
  const reminding = new ReminderChecks({ now: () => scheduler.time, books, findings, skewMs });
  const keys: Keys = new Keys(
    { chance: chance.branch('keys'), secrets },
    {
      WECHAT_PAY_MCH_ID: MCH_ID,
      WECHAT_PAY_SIGN_TYPE: sign_type,
      ORDER_LIFETIME_MINUTES: lifetime,
      WECHAT_PAY_NOTIFY_URL: 'http://127.0.0.1/payNotify',
      WEIXIN_APP_SECRET: VIRTUAL_PAY.app_secret,
      VIRTUAL_PAY_APP_KEY: VIRTUAL_PAY.app_key,
      VIRTUAL_PAY_OFFER_ID: VIRTUAL_PAY.offer_id,
      WECHAT_PAY_CERT: derOf(certificate.cert),
      WECHAT_PAY_CERT_KEY: derOf(certificate.key),
      ...(shipping.isOn && { UPLOAD_SHIPPING_INFO: 'on' }),
      ...chat.variables,
      ...consents.variables,
    },
  );
  const { toDatabase, toWeChatPay, tools } = createWires({
    ...{ subject, scheduler, faults, log, cloud, alarms, watch: questions, chance: chance.branch('wires') },
    payments: () => payments,
    hurries,
  });
  const toWeixin = createWeixinWire(
    {
      ...{
        subject,
        scheduler,
        faults,
        log,
        books,
        findings,
        alarms,
        questions,
        hurries,
        asides,
        shipping,
        reminding,
        side: virtual,
      },
      chance: chance.branch('weixin wire'),
    },
    tools,
  );
  const { isThere } = chat;
  const telling = new TellingChecks({ now: () => scheduler.time, books, findings, secrets, isThere });
  const toRobot = createRobotWire(
    {
      ...{ subject, scheduler, faults, log, chat, checks: telling },
      chance: chance.branch('robot wire'),
    },
    tools,
  );
  const platform = new FunctionPlatform({
    ...{ subject, scheduler, faults, log, envId: ENV_ID, skewMs, openDatabase },
    ...{ toDatabase, toWeChatPay, toWeixin, toRobot },
    chance: chance.branch('platform'),
    variables: () => keys.variables,
    onLine: (instance, line) => readLine(instance, line),
  });
  const surroundings = { scheduler, faults, log, platform, books, findings, alarms, questions, reminding };
  const notices = new NoticeChannel({ ...surroundings, keys, chance: chance.branch('notices') });
  const events = new EventChannel({
    ...surroundings,
    payments: () => payments,
    chance: chance.branch('events'),
  });
  const weChatChance = chance.branch('wechatpay');
  const merchant = { mch_id: MCH_ID, appid: APPID, api_key: keys.current };
  const isSecondModel = draws.happens(SECOND_MODEL_RUNS);
  const makePayments = isSecondModel ? secondPaymentSide : localPaymentSide;
  const refundNotices = new RefundNotices({ ...surroundings, chance: chance.branch('refund notices') });
  const ordinary = makePayments({
    scheduler,
    chance: weChatChance,
    merchant,
    post: (body) => notices.post(body),
    postRefund: (body) => refundNotices.post(body),
    failure: () =>
      faults.hits('refund fails') ? 'CHANGE' : faults.hits('refund closed') ? 'REFUNDCLOSE' : undefined,
  });
  const payments = bothWays(ordinary, virtual);
  const checks = new AnswerChecks({
    ...{ now: () => scheduler.time, books, findings, faults, keys, secrets, skewMs },
    virtual,
  });
  const phone = new Phone({ ...surroundings, checks, chance: chance.branch('phone') });
  const checked: CheckedWorld = {
    ...{ now: () => scheduler.time, calmSince: () => faults.calmSince },
    ...{ books, payments: () => payments, findings, alarms, refundsAsked, skewMs },
  };
  watchCommits(checked);
  books.onCommit(({ orders, alarms: raised }) => {
    for (const { after } of raised) alarms.raised(String(after.code), String(after.subject));
    for (const { id, after } of orders)
      if (after.held) alarms.expect('payment while under review', id, { isSure: false });
  });
  await cloud.declare(collections);
  for (const product of products) await cloud.insert('products', documentOf(product));
  await cloud.insert('products', vip(virtual));
  for (const operator of operatorDocuments(scheduler.now())) await cloud.insert('operators', operator);
  const lifetimeMs = Number(lifetime) * 60_000;
  return {
    ...surroundings,
    chance,
    hurries,
    asides,
    refundsAsked,
    cloud,
    payments,
    bills: ordinary.bills,
    virtual,
    shipping,
    notices,
    phone,
    chat,
    telling,
    consents,
    keys,
    lifetimeMs,
    isSecondModel,
    isPlain,
    checked,
  };

  function readLine(instance: FunctionInstance, line: string): void {
    if (line.includes(ALARM_FACT)) {
      const { code, subject: about } = JSON.parse(line);
      alarms.raised(code, about);
      log.record(instance.name, `alarm ${code} ${about}`);
    }
    if (secrets.areIn(line)) findings.report('no secrets', `${instance.name} logged a key`);
    if (line.includes(OPENID_PREFIX)) findings.report('no secrets', `${instance.name} logged a whole openid`);
  }
}

/** How a line begins to say that an alarm was raised; read in full only then, since a run has thousands of lines. */
const ALARM_FACT = '"fact":"alarm"';

/** A membership that is sold through virtual payment, with its published items. */
function vip(virtual: VirtualSide): Document {
  const options = MONTHS.map((months) => ({ months, total_fee: months * 1800 }));
  const items = options.map(({ months, total_fee: price }) => {
    const id = `${VIP}_${months}m_${price}`;
    virtual.publish({ id, price });
    return { item_id: id, months, price, env: 0, effective_at: new Date(0).toISOString() };
  });
  const about = { _id: VIP, name: '会员', description: '', on_sale: true, channel: 'virtualpay' };
  return { ...about, options, items };
}

/** WeChat Pay's side for what only it does, and both for what is asked of either. */
function bothWays(ordinary: PaymentSide, virtual: VirtualSide): PaymentSide {
  const sideOf = (out_trade_no: string) => (ordinary.order(out_trade_no) ? ordinary : virtual);
  return {
    ...ordinary,
    requestPayment: (parameters, payer, act) =>
      ('signData' in parameters ? virtual : ordinary).requestPayment(parameters, payer, act),
    order: (out_trade_no) => ordinary.order(out_trade_no) ?? virtual.order(out_trade_no),
    orders: () => [...ordinary.orders(), ...virtual.orders()],
    leftOf: (out_trade_no) => sideOf(out_trade_no).leftOf(out_trade_no),
    refundByStaff: (out_trade_no, refund_fee) => sideOf(out_trade_no).refundByStaff(out_trade_no, refund_fee),
    refunds: () => [...ordinary.refunds(), ...virtual.refunds()],
    refundedOf: (out_trade_no) => sideOf(out_trade_no).refundedOf(out_trade_no),
    refund: (out_trade_no) => sideOf(out_trade_no).refund(out_trade_no),
  };
}

function documentOf(product: (typeof products)[number]): Document {
  return { ...product, options: product.options.map((option) => ({ ...option })) };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
