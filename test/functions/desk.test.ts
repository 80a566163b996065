import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  DeskAlarmAnswer,
  DeskAlarms,
  DeskBills,
  DeskHistory,
  DeskMe,
  DeskOrders,
} from '../../cloudfunctions/_shared/desk-contract.ts';
import { alarm } from '../../cloudfunctions/_shared/order/alarms.ts';
import { dateOf } from '../../cloudfunctions/_shared/order/bills/dates.ts';
import { newBillDay } from '../../cloudfunctions/_shared/order/bills/day.ts';
import { MINUTE_MS, openShop, type Shop, type Shopper } from './shop.ts';

let shop: Shop;
let operator: Shopper;

beforeAll(async () => {
  shop = await openShop();
  operator = await shop.newOperator();
});
afterAll(() => shop.close());

/** Asks, which must be answered. */
async function ask<Answer>(request: object, who = operator): Promise<Answer> {
  const answer = (await shop.host.callFunction('serveDesk', request, who)) as Answer & { errcode?: string };
  if (answer.errcode !== undefined) throw new Error(JSON.stringify(answer));
  return answer;
}

const errcodeOf = async (request: object, who = operator) =>
  ((await shop.host.callFunction('serveDesk', request, who)) as { errcode?: string }).errcode;
const numbers = ({ orders }: DeskOrders) =>
  orders.map((order) => ('unreadable' in order ? order.unreadable : order.out_trade_no));
const order = (out_trade_no: string) => ask<DeskHistory>({ act: 'order', out_trade_no });
const wholeOrder = async (out_trade_no: string) => {
  const { order: found } = await order(out_trade_no);
  if ('unreadable' in found) throw new Error(`${found.unreadable} cannot be read`);
  return found;
};
const refunded = async (out_trade_no: string, change = {}) => {
  const answer = await shop.refundOrder(operator, shop.newRefund(out_trade_no, change));
  if ('errcode' in answer) throw new Error(answer.errmsg);
  return answer.refund.out_refund_no;
};
/** Raises an alarm as the rules do. */
const raise = (subject: string, message = '看一看') =>
  shop.cloud.insert('alarms', { ...alarm('REFUND_REFUSED', subject, message, shop.clock.now()) });
const stored = (alarm_id: string) => shop.cloud.documents('alarms').find(({ _id }) => _id === alarm_id);
const acts = (subject: string) =>
  shop.cloud.documents('audit').flatMap((entry) => (entry.subject === subject ? [entry.act] : []));

describe('an operator finds an order', () => {
  test('by its number, by the number of its payment, and by its shopper', async () => {
    const shopper = shop.newShopper();
    const first = await shop.placePaid(shopper);
    await shop.clock.advance(1000);
    const second = await shop.placePaid(shopper);
    const { transaction_id } = shop.stored(first);
    const found = async (search: string) => numbers(await ask<DeskOrders>({ act: 'orders', search }));
    expect(await found(first)).toEqual([first]);
    expect(await found(String(transaction_id))).toEqual([first]);
    expect((await found(shopper.openid)).toSorted()).toEqual([first, second].toSorted());
    expect(await found('oNobody-00000000000000000000')).toEqual([]);
    const [row] = (await ask<DeskOrders>({ act: 'orders', search: first })).orders;
    expect(row).toMatchObject({ openid: shopper.openid, trade_state: 'SUCCESS', transaction_id });
  });

  test('among the newest, page by page, each once, however many were placed at one moment', async () => {
    const placed = new Set<string>();
    for (let count = 0; count < 45; count++) {
      placed.add((await shop.place(shop.newShopper())).order.out_trade_no);
      if (count % 25 === 24) await shop.clock.advance(1000);
    }
    const listed: string[] = [];
    let from: object | undefined;
    do {
      const page: DeskOrders = await ask({ act: 'orders', ...(from && { from }) });
      listed.push(...numbers(page));
      from = page.next;
    } while (from);
    const all = shop.cloud.documents('orders').map(({ _id }) => String(_id));
    expect(listed.toSorted()).toEqual(all.toSorted());
    expect([...placed].filter((number) => !listed.includes(number))).toEqual([]);
    const moments = listed.map((number) => shop.stored(number).created_at.getTime());
    expect(moments).toEqual(moments.toSorted((one, other) => other - one));
  });

  test('that cannot be read, by name and without the others getting lost', async () => {
    const shopper = shop.newShopper();
    const broken = (await shop.place(shopper)).order.out_trade_no;
    const whole = (await shop.place(shopper)).order.out_trade_no;
    await shop.cloud.insert('orders', {
      ...shop.cloud.documents('orders').find(({ _id }) => _id === broken),
      _id: 'f'.repeat(32),
      total_fee: 'much',
    });
    const { orders } = await ask<DeskOrders>({ act: 'orders', search: shopper.openid });
    expect(orders).toContainEqual({ unreadable: 'f'.repeat(32) });
    expect(orders).toContainEqual(expect.objectContaining({ out_trade_no: whole }));
    expect((await order('f'.repeat(32))).order).toEqual({ unreadable: 'f'.repeat(32) });
  });
});

describe('an order with its whole history', () => {
  test('is what it gave, its refunds with who asked for them, its alarms, and who did what', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    const out_refund_no = await refunded(out_trade_no, { refund_fee: 1600 });
    await shop.clock.advance(MINUTE_MS);
    await shop.deliver();
    await raise(out_trade_no);
    const [{ _id: alarm_id } = {}] = shop.cloud
      .documents('alarms')
      .filter(({ subject }) => subject === out_trade_no);
    await ask({ act: 'alarm.done', alarm_id, done: true });

    const history = await order(out_trade_no);
    expect(history).toMatchObject({
      order: {
        out_trade_no,
        openid: shopper.openid,
        trade_state: 'REFUND',
        refunded_fee: 1600,
        gives: [{ membership: 'city', days: 90 }],
        next_query_at: null,
      },
      refunds: [
        {
          out_refund_no,
          ...{ refund_fee: 1600, takes: { days: 30 }, state: 'SUCCESS', reason: '买错了' },
          requested_by: operator.openid,
          ended_at: expect.any(String),
        },
      ],
      alarms: [{ code: 'REFUND_REFUSED', done_by: operator.openid, done_at: expect.any(String) }],
      grants: [{ membership: 'city', taken_days: 30, cut_at: expect.any(String) }],
      names: { [operator.openid]: '店员' },
    });
    expect(history.audit.map(({ act }) => act).toSorted()).toEqual(['alarm.done', 'refund']);
    expect(history.grants[0]?.expires_at).toBe(shop.membership(shopper)?.toISOString());
  });

  test('says when WeChat is asked again about an unpaid one, and by what it was superseded', async () => {
    const shopper = shop.newShopper();
    const { order: first } = await shop.place(shopper);
    expect(await wholeOrder(first.out_trade_no)).toMatchObject({ next_query_at: expect.any(String) });
    const second = await shop.place(shopper, { supersedes: first.request_id });
    expect(await wholeOrder(first.out_trade_no)).toMatchObject({ superseded_by: second.order.out_trade_no });
    expect(await wholeOrder(second.order.out_trade_no)).toMatchObject({ supersedes: first.out_trade_no });
  });

  test('names a refund that cannot be read, and grants nothing where a membership cannot', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    await shop.cloud.insert('refunds', { _id: 'broken', out_trade_no, created_at: shop.clock.now() });
    expect((await order(out_trade_no)).refunds).toEqual([{ unreadable: 'broken' }]);
  });

  test('of no order is refused', async () => {
    expect(await errcodeOf({ act: 'order', out_trade_no: 'e'.repeat(32) })).toBe('ORDER_NOT_FOUND');
  });

  test('holds neither a secret of the order nor what it is paid with', async () => {
    const { order: unpaid } = await shop.place(shop.newShopper());
    const answer = JSON.stringify(await order(unpaid.out_trade_no));
    const { prepay_id, spbill_create_ip } = shop.weChatPayFields(unpaid.out_trade_no);
    expect(answer).not.toContain(String(prepay_id));
    expect(answer).not.toContain(spbill_create_ip);
  });
});

describe('alarms', () => {
  const idOf = (subject: string) =>
    String(shop.cloud.documents('alarms').find((document) => document.subject === subject)?._id);
  const alarms = (from?: object) => ask<DeskAlarms>({ act: 'alarms', ...(from && { from }) });

  test('that are open come first, then those that were dealt with, each once', async () => {
    for (let count = 0; count < 50; count++) {
      await raise(`case-${count}`);
      if (count % 7 === 0) await shop.clock.advance(1000);
    }
    for (let count = 0; count < 25; count++) {
      await ask({ act: 'alarm.done', alarm_id: idOf(`case-${count}`), done: true });
    }
    const listed: DeskAlarms['alarms'][number][] = [];
    let from: object | undefined;
    do {
      const page = await alarms(from);
      listed.push(...page.alarms);
      from = page.next;
    } while (from);
    const all = shop.cloud.documents('alarms').map(({ _id }) => _id);
    expect(listed.map(({ alarm_id }) => alarm_id).toSorted()).toEqual(all.toSorted());
    const firstDone = listed.findIndex(({ done_at }) => done_at !== null);
    expect(listed.slice(firstDone).filter(({ done_at }) => done_at === null)).toEqual([]);
    expect(await ask<DeskMe>({ act: 'me' })).toMatchObject({
      open_alarms: 20,
      open_alarms_max: 20,
      name: '店员',
    });
  });

  test('one is done, with who and when, and that is taken back; each act is written down once', async () => {
    await raise('done-and-back');
    const alarm_id = idOf('done-and-back');
    const done = await ask<DeskAlarmAnswer>({ act: 'alarm.done', alarm_id, done: true });
    expect(done.alarm).toMatchObject({ done_by: operator.openid, done_at: expect.any(String) });
    expect(done.names).toEqual({ [operator.openid]: '店员' });
    await shop.clock.advance(1000);
    await ask({ act: 'alarm.done', alarm_id, done: true });
    expect(acts(alarm_id)).toEqual(['alarm.done']);
    const open = await ask<DeskAlarmAnswer>({ act: 'alarm.done', alarm_id, done: false });
    expect(open.alarm).toMatchObject({ done_by: null, done_at: null });
    expect(acts(alarm_id)).toEqual(['alarm.done', 'alarm.reopen']);
  });

  test('one that was dealt with and happens again is open again', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    shop.wechatpay.faults.add({
      kind: 'refuse',
      err_code: 'NOTENOUGH',
      path: '/secapi/pay/refund',
      out_trade_no,
      count: 9,
    });
    await refunded(out_trade_no);
    const alarm_id = idOf(out_trade_no);
    await ask({ act: 'alarm.done', alarm_id, done: true });
    await shop.clock.advance(3 * MINUTE_MS);
    expect(stored(alarm_id)).toMatchObject({ done_at: null, done_by: null });
    expect(shop.alarms(out_trade_no)).toEqual(['REFUND_REFUSED']);
  });

  test('of an alarm that is not there nothing is said', async () => {
    expect(await errcodeOf({ act: 'alarm.done', alarm_id: 'HELD:x:0', done: true })).toBe('ALARM_NOT_FOUND');
  });
});

describe('whoever is no operator', () => {
  const REQUESTS = [
    { act: 'me' },
    { act: 'orders' },
    { act: 'alarms' },
    { act: 'alarm.done', alarm_id: 'x', done: true },
    { act: 'nothing' },
  ];

  test.each(REQUESTS)(
    'is refused $act, whether it is well formed or not, and that is a line in the log',
    async (request) => {
      const shopper = shop.newShopper();
      const before = shop.host.logs.length;
      expect(await errcodeOf(request, shopper)).toBe('FORBIDDEN');
      const lines = shop.host.logs.slice(before).map(({ line }) => line);
      expect(lines.join('\n')).toMatch(/"level":"WARN","fact":"operator.refused".*"serveDesk"/);
    },
  );

  test('is one who was an operator, from that moment on', async () => {
    const other = await shop.newOperator();
    await ask({ act: 'me' }, other);
    await shop.operate({ act: 'operators.remove', by: '老板', openid: other.openid });
    expect(await errcodeOf({ act: 'me' }, other)).toBe('FORBIDDEN');
  });
});

describe('an operator sees the days of bills', () => {
  const BILL = newBillDay({
    channel: 'wechatpay',
    bill_date: '20260101',
    now: new Date(Date.UTC(2026, 0, 2, 2, 30)),
  });
  const dates = ({ bills }: DeskBills) =>
    bills.map((bill) => ('unreadable' in bill ? bill.unreadable : `${bill.channel} ${bill.bill_date}`));
  /** Days before any that a timer of this shop compares, a document for each way to pay. */
  const insertDays = async (count: number) => {
    for (let at = 0; at < count; at++) {
      const bill_date = dateOf(new Date(Date.UTC(2025, 0, 1) + at * 86_400_000));
      for (const channel of ['wechatpay', 'virtualpay'] as const)
        await shop.cloud.insert('bills', { ...BILL, _id: `${channel}:${bill_date}`, channel, bill_date });
    }
  };

  test('newest first, with the sums and the differences, page by page, no day torn apart', async () => {
    await insertDays(40);
    const listed: string[] = [];
    let before: string | undefined;
    let pages = 0;
    do {
      const page: DeskBills = await ask({ act: 'bills', ...(before !== undefined && { before }) });
      expect(page.bills.length).toBeLessThanOrEqual(31);
      const days = dates(page);
      for (const day of new Set(days.map((each) => each.slice(-8))))
        expect(
          days.filter((each) => each.endsWith(day)),
          day,
        ).toHaveLength(2);
      listed.push(...days);
      before = page.next;
      pages++;
    } while (before !== undefined);
    expect(pages).toBeGreaterThan(2);
    expect(new Set(listed).size).toBe(80);
    expect(listed.map((each) => each.slice(-8))).toEqual(
      listed
        .map((each) => each.slice(-8))
        .toSorted()
        .toReversed(),
    );
  });

  test('a day says what was paid, given back and kept, and which orders did not agree', async () => {
    const details = Array.from({ length: 25 }, (_, at) => ({
      ...{ kind: 'repaired', out_trade_no: String(at).padStart(32, '0'), out_refund_no: 'r', fee: 100 },
    }));
    const day = {
      ...{ ...BILL, _id: 'wechatpay:20260301', bill_date: '20260301', state: 'DONE', fees: 61 },
      ...{ payments: { count: 214, fee: 1_027_200 }, refunds: { count: 3, fee: 5800 } },
      ...{ differences: { repaired: 25, alarmed: 0, others: 12 }, details },
    };
    await shop.cloud.insert('bills', day);
    const { bills } = await ask<DeskBills>({ act: 'bills' });
    const { fees, payments, refunds, differences } = day;
    expect(bills[0]).toEqual({
      ...{ channel: 'wechatpay', bill_date: '20260301', state: 'DONE', fees, payments, refunds, differences },
      details: details.slice(0, 20).map(({ kind, out_trade_no, fee }) => ({ kind, out_trade_no, fee })),
    });
    // What is inside a refund or a cursor is nothing for a phone.
    expect(JSON.stringify(bills[0])).not.toMatch(/out_refund_no|cursor|revision/);
  });

  test('a day that somebody edited into nonsense is named, and hides no other', async () => {
    await shop.cloud.insert('bills', {
      _id: 'wechatpay:20260302',
      channel: 'wechatpay',
      bill_date: '20260302',
      fees: 'much',
    });
    expect(dates(await ask<DeskBills>({ act: 'bills' })).slice(0, 2)).toEqual([
      'wechatpay:20260302',
      'wechatpay 20260301',
    ]);
  });

  test('and nobody else does', async () => {
    expect(await errcodeOf({ act: 'bills' }, shop.newShopper())).toBe('FORBIDDEN');
    for (const before of ['2026-03-01', 20260301, '', null, { $gt: '' }])
      expect(await errcodeOf({ act: 'bills', before }), JSON.stringify(before)).toBe('INVALID_PARAMETERS');
  });
});
