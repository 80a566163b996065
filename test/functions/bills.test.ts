import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readBillDay } from '../../cloudfunctions/_shared/cloud/database/stores/bills.ts';
import { dateOf } from '../../cloudfunctions/_shared/order/bills/dates.ts';
import type { BillDay } from '../../cloudfunctions/_shared/order/bills/day.ts';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { sign } from '../../scripts/local/wechatpay/sign.ts';
import { writeXml } from '../../scripts/local/wechatpay/xml.ts';
import { DAYS_PASS, MINUTE_MS, openShop, type Shop, type Shopper } from './shop.ts';
import { openVirtualShop, type VirtualShop } from './virtual-shop.ts';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The day on which shops are opened here, at half past ten in the morning in Beijing. */
const DAY = '20270115';

let shop: Shop;

const day = (bill_date = DAY, channel = 'wechatpay'): BillDay | undefined =>
  shop.cloud
    .documents('bills')
    .map(readBillDay)
    .find(({ _id }) => _id === `${channel}:${bill_date}`);

/** The next morning's first run, or that of so many days later. */
async function nextMorning(days = 1): Promise<void> {
  await shop.clock.advance(days * DAY_MS);
}

async function run(): Promise<{ finished: string[]; complete: boolean }> {
  const answer = await shop.timers.runNow('reconcileBills');
  if (answer.kind === 'failed') throw answer.error;
  return JSON.parse(answer.result);
}

/** Money for an order that is closed here, of which WeChat notifies nobody. */
async function payAfterClose(out_trade_no: string): Promise<void> {
  await shop.clock.advance(40 * MINUTE_MS);
  expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'CLOSED', next_query_at: null });
  shop.wechatpay.force(MERCHANT.mch_id, out_trade_no, 'SUCCESS');
}

/** Another program makes and is paid an order under the same merchant number. */
async function paidElsewhere(out_trade_no: string, attach: string): Promise<void> {
  const { appid, mch_id, api_key } = MERCHANT;
  const order = {
    ...{ appid, mch_id, nonce_str: 'n', body: 'other, `thing', out_trade_no, total_fee: '700' },
    ...{ spbill_create_ip: '127.0.0.1', notify_url: 'http://127.0.0.1:9/x', trade_type: 'JSAPI' },
    ...{ openid: 'oSomebody', ...(attach && { attach }) },
  };
  const body = writeXml({ ...order, sign: sign(order, api_key, 'MD5') });
  await shop.wechatpay.handle('/pay/unifiedorder', 'POST', Buffer.from(body));
  shop.wechatpay.force(mch_id, out_trade_no, 'SUCCESS');
}

describe('a day whose books agree', () => {
  beforeAll(async () => {
    shop = await openShop({}, DAYS_PASS);
  });
  afterAll(() => shop.close());

  test('is DONE with what was paid, given back and kept; others’ lines are counted', async () => {
    const operator = await shop.newOperator();
    await shop.placePaid(shop.newShopper());
    const refunded = await shop.placePaid(shop.newShopper());
    await shop.refundOrder(operator, shop.newRefund(refunded));
    await paidElsewhere('another-program-1', '');
    await paidElsewhere('another-environment-1', 'test-0g');
    await nextMorning();
    expect(day()).toMatchObject({
      state: 'DONE',
      payments: { count: 2, fee: 9600 },
      refunds: { count: 1, fee: 1000 },
      // 29 fen for each payment, and 6 of them back.
      fees: 52,
      differences: { repaired: 0, alarmed: 0, others: 2 },
      details: [],
      cursor: null,
    });
    expect(shop.cloud.documents('alarms')).toEqual([]);
    expect(shop.cloud.documents('progress')).toMatchObject([
      {
        day: DAY,
        day_text: expect.stringContaining('收款 2 笔 96.00 元，退款 1 笔 10.00 元，手续费 0.52 元'),
      },
    ]);
  });

  test('is not read again: a run costs a read, and WeChat is asked nothing', async () => {
    const before = shop.trace.since().at(-1)?.seq ?? 0;
    expect(await run()).toEqual({ finished: [], complete: true });
    const calls = shop.trace.since(before).filter(({ kind }) => kind === 'call');
    expect(calls.filter(({ to }) => to === 'wechatpay')).toEqual([]);
    expect(calls.filter(({ to }) => to === 'database').map(({ label }) => label)).toEqual([
      'database.getDocument bills',
      'database.getDocument bills',
      // Whether the day is announced.
      'database.getDocument progress',
    ]);
  });
});

describe('the next bill', () => {
  beforeAll(async () => {
    shop = await openShop({}, DAYS_PASS);
  });
  afterAll(() => shop.close());

  test('repairs a payment that everybody missed', async () => {
    const shopper = shop.newShopper();
    const { order } = await shop.place(shopper);
    await payAfterClose(order.out_trade_no);
    await nextMorning();
    expect(shop.stored(order.out_trade_no)).toMatchObject({ trade_state: 'SUCCESS' });
    expect(shop.membership(shopper)).toBeDefined();
    expect(day()).toMatchObject({
      state: 'DONE',
      payments: { count: 1, fee: 4800 },
      differences: { repaired: 1, alarmed: 0 },
      details: [{ kind: 'repaired', out_trade_no: order.out_trade_no, fee: 4800 }],
    });
    expect(shop.alarms(order.out_trade_no)).toEqual(['PAID_AFTER_CLOSE']);
  });

  test('finds a refund in the merchant platform of which no notice came', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    const today = '20270116';
    const out_refund_no = shop.wechatpay.refundByStaff(MERCHANT.mch_id, out_trade_no);
    await shop.clock.advance(HOUR_MS);
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'SUCCESS' });
    await nextMorning();
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: 4800 });
    expect(shop.membership(shopper)?.getTime()).toBeLessThanOrEqual(shop.clock.now().getTime());
    expect(day(today)).toMatchObject({
      state: 'DONE',
      differences: { repaired: 1, alarmed: 0 },
      details: [{ kind: 'repaired', out_trade_no, out_refund_no, fee: 4800 }],
    });
  });
});

describe('what differs calls for a human', () => {
  beforeAll(async () => {
    shop = await openShop({}, DAYS_PASS);
  });
  afterAll(() => shop.close());

  test('a payment listed twice, an amount, and an order of ours that is not in the database', async () => {
    const twice = await shop.placePaid(shop.newShopper());
    shop.wechatpay.faults.add({ kind: 'repeat-payment-line', out_trade_no: twice });
    const other = await shop.placePaid(shop.newShopper());
    await shop.edit('orders', other, { total_fee: 4700 });
    expect(shop.stored(other).total_fee).toBe(4700);
    await paidElsewhere('lost-order-1', 'local');
    await nextMorning();
    expect(shop.alarms(twice)).toEqual(['BILL_MISMATCH']);
    expect(shop.alarms(other)).toEqual(['BILL_MISMATCH']);
    expect(shop.alarms('lost-order-1')).toEqual(['ORDER_UNKNOWN']);
    expect(day()).toMatchObject({
      state: 'DONE',
      payments: { count: 2, fee: 9600 },
      differences: { repaired: 0, alarmed: 3, others: 0 },
    });
  });

  test('a refund here that is in no bill, once the next day’s is there too; one that is in a bill does not', async () => {
    const operator = await shop.newOperator();
    const [lost, billed] = [await shop.placePaid(shop.newShopper()), await shop.placePaid(shop.newShopper())];
    const forEver = { out_trade_no: lost, count: Number.POSITIVE_INFINITY };
    const end = shop.wechatpay.faults.add({ kind: 'lose-refund-line', ...forEver });
    for (const out_trade_no of [lost, billed]) await shop.refundOrder(operator, shop.newRefund(out_trade_no));
    await shop.refundOrder(
      operator,
      shop.newRefund(billed, { refund_fee: 0, takes: { days: 3 }, expected_refunded_fee: 1000 }),
    );
    await nextMorning();
    const [refund] = shop.refunds(lost);
    const endedOn = dateOf(refund?.ended_at ?? new Date(0));
    expect(shop.refunds(billed)[0]).toMatchObject({ state: 'SUCCESS', billed_on: endedOn });
    expect(refund).toMatchObject({ state: 'SUCCESS' });
    expect(refund).not.toHaveProperty('billed_on');
    expect(day(endedOn)).toMatchObject({ state: 'DONE', refunds_judged: false });
    expect(shop.alarms(lost)).toEqual([]);
    await nextMorning();
    expect(shop.alarms(lost)).toEqual(['BILL_REFUND_MISSING']);
    expect(shop.alarms(billed)).toEqual([]);
    expect(day(endedOn)).toMatchObject({
      refunds_judged: true,
      details: expect.arrayContaining([
        {
          kind: 'alarmed',
          code: 'BILL_REFUND_MISSING',
          out_trade_no: lost,
          out_refund_no: refund?._id,
          fee: 1000,
        },
      ]),
    });
    await nextMorning();
    expect(shop.alarms(lost)).toHaveLength(1);
    end();
  });

  test('no refund that was not known here when its bill was read, and was booked later', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    const { mch_id } = MERCHANT;
    const notify_url = `${shop.gateway.url}/refundNotify`;
    shop.wechatpay.faults.add({ kind: 'fail-refund', refund_status: 'CHANGE', out_trade_no });
    const out_refund_no = shop.wechatpay.refundByStaff(mch_id, out_trade_no, {
      refund_fee: 1000,
      notify_url,
    });
    await nextMorning();
    const billed = shop.cloud.documents('bills').map(readBillDay);
    expect(billed.filter(({ unknown_refunds = [] }) => unknown_refunds.includes(out_refund_no))).toHaveLength(
      1,
    );
    shop.wechatpay.endRefund(mch_id, { out_trade_no, out_refund_no }, 'SUCCESS');
    await shop.deliver();
    for (let mornings = 0; mornings < 3; mornings++) await nextMorning();
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: 1000 });
    expect(shop.alarms(out_trade_no).toSorted()).toEqual(['REFUND_ABNORMAL', 'REFUND_ELSEWHERE']);
  });

  test('a payment here that is in no bill, once the next day’s is there too', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    shop.wechatpay.faults.add({ kind: 'lose-payment-line', out_trade_no, count: Number.POSITIVE_INFINITY });
    await nextMorning();
    const paidOn = shop.cloud
      .documents('bills')
      .map(readBillDay)
      .find(({ awaited }) => awaited.includes(out_trade_no));
    expect(paidOn).toMatchObject({ state: 'DONE', payments: { count: 0 } });
    expect(shop.alarms(out_trade_no)).toEqual([]);
    await nextMorning();
    expect(shop.alarms(out_trade_no)).toEqual(['BILL_PAYMENT_MISSING']);
    expect(day(paidOn?.bill_date)).toMatchObject({ awaited: [], differences: { alarmed: 1 } });
    await nextMorning();
    expect(shop.alarms(out_trade_no)).toHaveLength(1);
  });
});

describe('a refund that was asked for late in the evening', () => {
  const NEXT = '20270116';
  let operator: Shopper;
  beforeEach(async () => {
    shop = await openShop({}, DAYS_PASS);
    operator = await shop.newOperator();
  });
  afterEach(() => shop.close());

  /** Orders of which 1000 fen each are asked back ten seconds before midnight, and given back after it. */
  async function giveBackAtMidnight(count: number): Promise<string[]> {
    const paid: string[] = [];
    for (let order = 0; order < count; order++) paid.push(await shop.placePaid(shop.newShopper()));
    await shop.clock.advance(Date.UTC(2027, 0, 15, 15, 59, 50) - shop.clock.now().getTime());
    for (const out_trade_no of paid) await shop.refundOrder(operator, shop.newRefund(out_trade_no));
    await shop.clock.advance(MINUTE_MS);
    await shop.deliver();
    for (const out_trade_no of paid) {
      const [refund] = shop.refunds(out_trade_no);
      expect([dateOf(refund?.created_at ?? new Date(0)), dateOf(refund?.ended_at ?? new Date(0))]).toEqual([
        DAY,
        NEXT,
      ]);
    }
    return paid;
  }

  test('is missing only once the bill of that day was read, however late that is; so is a payment', async () => {
    const [lost = '', billed = ''] = await giveBackAtMidnight(2);
    const unlisted = await shop.placePaid(shop.newShopper());
    // The bill of the day before has it, in the last moments; here it was paid a moment later.
    await shop.edit('orders', billed, { time_end: new Date(Date.UTC(2027, 0, 15, 16, 0, 1)) });
    shop.wechatpay.faults.add({
      kind: 'lose-payment-line',
      out_trade_no: unlisted,
      count: Number.POSITIVE_INFINITY,
    });
    const forEver = { count: Number.POSITIVE_INFINITY };
    shop.wechatpay.faults.add({ kind: 'lose-refund-line', out_trade_no: lost, ...forEver });
    const path = '/pay/downloadbill';
    const unsubscribe = shop.trace.subscribe(({ kind, to, label, payload }) => {
      const isOfDay = kind === 'call' && to === 'wechatpay' && label === path && isAbout(payload, DAY);
      if (isOfDay) shop.wechatpay.faults.add({ kind: 'refuse', err_code: 'BILL_CREATING', path });
    });
    for (let mornings = 0; mornings < 4; mornings++) await nextMorning();
    expect(day(DAY)).toMatchObject({ state: 'OPEN' });
    expect(day(NEXT)).toMatchObject({ state: 'DONE', refunds_judged: false });
    expect(day(NEXT)?.awaited.toSorted()).toEqual([unlisted, billed].toSorted());
    expect([lost, billed, unlisted].flatMap(shop.alarms)).toEqual([]);
    unsubscribe();
    await nextMorning();
    expect(day(DAY)).toMatchObject({ state: 'DONE', beside: [billed] });
    expect(day(NEXT)).toMatchObject({ refunds_judged: true, awaited: [], differences: { alarmed: 2 } });
    expect(shop.alarms(lost)).toEqual(['BILL_REFUND_MISSING']);
    expect(shop.alarms(unlisted)).toEqual(['BILL_PAYMENT_MISSING']);
    expect(shop.alarms(billed)).toEqual([]);
  });

  test('is not missing where that day was compared by a release that noted no refunds', async () => {
    const [ours = ''] = await giveBackAtMidnight(1);
    await nextMorning();
    await asBefore('bills', `wechatpay:${DAY}`, { refunds_judged: '', unknown_refunds: '' });
    await asBefore('refunds', shop.refunds(ours)[0]?._id ?? '', { billed_on: '' });
    expect(day(DAY)).not.toHaveProperty('refunds_judged');
    for (let mornings = 0; mornings < 3; mornings++) await nextMorning();
    expect(day(NEXT)).toMatchObject({ state: 'DONE', refunds_judged: true, differences: { alarmed: 0 } });
    expect(shop.cloud.documents('alarms')).toEqual([]);
  });

  test('in the merchant platform, is not missing there either', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    shop.wechatpay.faults.add({ kind: 'fail-refund', refund_status: 'CHANGE', out_trade_no });
    const notify_url = `${shop.gateway.url}/refundNotify`;
    const asked = { refund_fee: 4800, notify_url };
    const out_refund_no = shop.wechatpay.refundByStaff(MERCHANT.mch_id, out_trade_no, asked);
    await nextMorning();
    await asBefore('bills', `wechatpay:${DAY}`, { refunds_judged: '', unknown_refunds: '' });
    shop.wechatpay.endRefund(MERCHANT.mch_id, { out_trade_no, out_refund_no }, 'SUCCESS');
    await shop.deliver();
    expect(shop.stored(out_trade_no)).toMatchObject({ refunded_fee: 4800 });
    for (let mornings = 0; mornings < 3; mornings++) await nextMorning();
    expect(day(NEXT)).toMatchObject({ refunds_judged: true });
    expect(shop.alarms(out_trade_no)).toEqual(['REFUND_ABNORMAL']);
  });
});

function isAbout(payload: unknown, bill_date: string): boolean {
  return typeof payload === 'object' && payload !== null && Object(payload).bill_date === bill_date;
}

/** A document without these fields, as the release before leaves it. */
async function asBefore(collectionName: string, _id: string, fields: object): Promise<void> {
  await shop.cloud.dispatch({
    ...{ action: 'database.modifyDocument', collectionName, merge: true },
    query: JSON.stringify({ _id }),
    data: JSON.stringify({ $unset: fields }),
  });
}

describe('WeChat gives no bill', () => {
  beforeAll(async () => {
    shop = await openShop({}, DAYS_PASS);
  });
  afterAll(() => shop.close());

  test('a bill that is still being made is fetched by a later run; missing days are made up for', async () => {
    const path = '/pay/downloadbill';
    const late = {
      kind: 'refuse',
      err_code: 'BILL_CREATING',
      path,
      count: Number.POSITIVE_INFINITY,
    } as const;
    await shop.placePaid(shop.newShopper());
    const end = shop.wechatpay.faults.add(late);
    await nextMorning();
    expect(day()).toMatchObject({ state: 'OPEN', payments: { count: 0 } });
    expect(shop.cloud.documents('alarms')).toEqual([]);
    await nextMorning();
    expect(shop.alarms(`wechatpay:${DAY}`)).toEqual(['BILL_UNAVAILABLE']);
    end();
    expect(await run()).toEqual({ finished: [`wechatpay:${DAY}`, 'wechatpay:20270116'], complete: true });
    expect(day(DAY, 'virtualpay')).toMatchObject({ state: 'DONE', payments: { count: 0 } });
    expect(day()).toMatchObject({ state: 'DONE', payments: { count: 1, fee: 4800 } });
    // Nothing was paid on that day: there is no bill, and that is no fault.
    expect(day('20270116')).toMatchObject({ state: 'DONE', payments: { count: 0, fee: 0 } });
  });

  test.each([
    ['BILL_SYSTEM_ERROR', undefined],
    ['COMPRESSGZIP_ERROR', undefined],
    ['NO_BILL_EXIST', undefined],
    ['DATA_FORMAT_ERROR', 'WeChat Pay refuses to give the bill: data format error.'],
    ['BILL_SIGN_ERROR', 'WeChat Pay does not accept our sign for mch_id 1230000109'],
  ] as const)('%s', async (err_code, message) => {
    const path = '/pay/downloadbill';
    const alarms = () =>
      shop.cloud.documents('alarms').filter(({ code }) => code === 'MERCHANT_MISCONFIGURED');
    const before = alarms().length;
    const end = shop.wechatpay.faults.add({
      kind: 'refuse',
      err_code,
      path,
      count: Number.POSITIVE_INFINITY,
    });
    await nextMorning();
    expect((await run()).complete).toBe(err_code === 'NO_BILL_EXIST');
    end();
    const raised = alarms()
      .slice(before)
      .map((each) => String(each.message));
    expect(raised).toEqual(message === undefined ? [] : [expect.stringContaining(message)]);
    expect((await run()).complete).toBe(true);
  });
});

describe('around midnight', () => {
  beforeAll(async () => {
    shop = await openShop({}, DAYS_PASS);
  });
  afterAll(() => shop.close());

  test('a payment in the bill of the day after, or of the day before, is missing nowhere', async () => {
    const early = await shop.placePaid(shop.newShopper());
    const late = await shop.placePaid(shop.newShopper());
    // Here they were paid a moment before and after WeChat's bill has them.
    await shop.edit('orders', early, { time_end: new Date(Date.UTC(2027, 0, 14, 15, 59, 59)) });
    await shop.edit('orders', late, { time_end: new Date(Date.UTC(2027, 0, 15, 16, 0, 1)) });
    expect(shop.stored(late).time_end).toEqual(new Date('2027-01-15T16:00:01Z'));
    await shop.edit('orders', early, { created_at: new Date(Date.UTC(2027, 0, 13)) });
    await nextMorning();
    expect(day('20270114')).toMatchObject({ state: 'DONE', awaited: [], payments: { count: 0 } });
    expect(day('20270115')).toMatchObject({ state: 'DONE', awaited: [], payments: { count: 2 } });
    expect(day('20270115')?.beside.toSorted()).toEqual([early, late].toSorted());
    await nextMorning(2);
    expect(day('20270114')).toMatchObject({ awaited: [], differences: { alarmed: 0 } });
    expect(day('20270116')).toMatchObject({ awaited: [], differences: { alarmed: 0 } });
    expect(shop.cloud.documents('alarms')).toEqual([]);
  });
});

describe('virtual payment, which has no bill', () => {
  let virtual: VirtualShop;
  beforeAll(async () => {
    virtual = await openVirtualShop({}, DAYS_PASS);
    shop = virtual;
  });
  afterAll(() => virtual.close());

  test.each([
    [1, 600, { trade_state: 'REFUND', refunded_fee: 600 }],
    [5, 1800, { trade_state: 'REFUND', refunded_fee: 1800 }],
    [20, 600, { trade_state: 'REFUND', refunded_fee: 600 }],
  ])(
    'a refund in the console after %s days, without an event, is found within a month',
    async (days, fee, found) => {
      const shopper = virtual.newShopper();
      const placed = await virtual.placeVirtual(shopper);
      virtual.payVirtual(shopper, placed);
      await virtual.deliverEvents();
      const { out_trade_no } = placed.order;
      const paidOn = dateOf(virtual.stored(out_trade_no).time_end ?? new Date(0));
      await nextMorning(days);
      virtual.virtualpay.faults.add({ kind: 'lose-event', out_trade_no, count: Number.POSITIVE_INFINITY });
      virtual.virtualpay.refundByHand(0, out_trade_no, fee);
      await virtual.clock.advance(HOUR_MS);
      expect(virtual.stored(out_trade_no)).toMatchObject({ trade_state: 'SUCCESS' });
      for (let passed = days; passed <= 32; passed++) await nextMorning();
      expect(virtual.stored(out_trade_no)).toMatchObject(found);
      const told = virtual.cloud.documents('bills').map(readBillDay);
      expect(told.flatMap(({ details }) => details)).toContainEqual({ kind: 'repaired', out_trade_no, fee });
      expect(day(paidOn, 'virtualpay')).toMatchObject({ state: 'DONE', payments: { count: 1, fee: 1800 } });
    },
    300_000,
  );
});

describe('virtual payment, in the middle of a day', () => {
  let virtual: VirtualShop;
  beforeAll(async () => {
    virtual = await openVirtualShop({}, DAYS_PASS);
    shop = virtual;
  });
  afterAll(() => virtual.close());
  afterEach(() => virtual.weixin.faults.clear());

  async function placePaid(): Promise<string> {
    const shopper = virtual.newShopper();
    const placed = await virtual.placeVirtual(shopper);
    virtual.payVirtual(shopper, placed);
    await virtual.deliverEvents();
    return placed.order.out_trade_no;
  }

  const refuseAbout = (out_trade_no: string, errcode: number) =>
    virtual.weixin.faults.add({
      ...{ kind: 'refuse', errcode, out_trade_no, path: '/xpay/query_order' },
      count: Number.POSITIVE_INFINITY,
    });

  test('which wants no more questions is left where it is, and the next run goes on from there', async () => {
    const before = await placePaid();
    await nextMorning(7);
    const [asked, slow] = [await placePaid(), await placePaid()];
    const paidOn = dateOf(virtual.stored(slow).time_end ?? new Date(0));
    const questions = new Map<string, number>();
    const unhook = virtual.weixin.hook({
      when: 'before',
      path: '/xpay/query_order',
      run: ({ out_trade_no = '' }) => questions.set(out_trade_no, (questions.get(out_trade_no) ?? 0) + 1),
    });
    const allowed = refuseAbout(slow, 268490015);
    await nextMorning();
    expect(day(paidOn, 'virtualpay')).toMatchObject({
      ...{ state: 'OPEN', payments: { count: 0 } },
      cursor: { paid_from: { time_end: expect.any(Date) } },
    });
    expect(virtual.host.logs.filter(({ line }) => line.includes('bill.failed'))).not.toEqual([]);
    allowed();
    expect(await run()).toMatchObject({ complete: true });
    expect(day(paidOn, 'virtualpay')).toMatchObject({
      ...{ state: 'DONE', payments: { count: 2, fee: 3600 }, cursor: null },
    });
    // That of a week ago was looked back at once, although the day was begun again and again.
    expect(questions.get(before)).toBe(1);
    expect(questions.get(asked)).toBeGreaterThan(1);
    expect(virtual.cloud.documents('alarms')).toEqual([]);
    unhook();
  });

  test('a second look that WeChat refuses, the shopper being gone, ends with the day and calls nobody', async () => {
    const out_trade_no = await placePaid();
    await nextMorning(7);
    const lookedOn = dateOf(virtual.clock.now());
    refuseAbout(out_trade_no, 268490001);
    await nextMorning();
    expect(day(lookedOn, 'virtualpay')).toMatchObject({ state: 'DONE' });
    const unclear = virtual.host.logs.filter(({ line }) => line.includes('bill.order_unclear'));
    expect(unclear.filter(({ line }) => line.includes(out_trade_no))).toHaveLength(1);
    expect(virtual.cloud.documents('alarms')).toEqual([]);
  });
});

test('a shopper cannot run it, even where there is no rule', async () => {
  const other = await openShop();
  const event = { Type: 'Timer', TriggerName: 'reconcileBills', userInfo: { openId: 'oShopper-1' } };
  expect(await other.host.callFromFunction('reconcileBills', event)).toEqual({ errcode: 'FORBIDDEN' });
  await other.close();
});
