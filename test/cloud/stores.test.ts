import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alarmsIn } from '../../cloudfunctions/_shared/cloud/database/stores/alarms.ts';
import { billedRefundsIn } from '../../cloudfunctions/_shared/cloud/database/stores/billed-refunds.ts';
import { billsIn } from '../../cloudfunctions/_shared/cloud/database/stores/bills.ts';
import { ledgerIn } from '../../cloudfunctions/_shared/cloud/database/stores/ledger.ts';
import { ordersIn } from '../../cloudfunctions/_shared/cloud/database/stores/orders.ts';
import { productsIn } from '../../cloudfunctions/_shared/cloud/database/stores/products.ts';
import { storedOrder } from '../../cloudfunctions/_shared/cloud/database/stores/stored-order.ts';
import { usersIn } from '../../cloudfunctions/_shared/cloud/database/stores/users.ts';
import { alarm } from '../../cloudfunctions/_shared/order/alarms.ts';
import { newBillDay } from '../../cloudfunctions/_shared/order/bills/day.ts';
import type { EndedFrom } from '../../cloudfunctions/_shared/order/bills/ports.ts';
import type { Order } from '../../cloudfunctions/_shared/order/order.ts';
import type { DueFrom, Logger } from '../../cloudfunctions/_shared/order/ports.ts';
import { BIRTH, later, sampleOrder, WECHATPAY_FIELDS } from '../order/samples.ts';
import { inProcess, type OpenDatabase, overHttp } from './databases.ts';

const logged: string[] = [];
const note = (fact: string) => logged.push(fact);
const logger: Logger = { info: note, warn: note, error: note };

/** One suite over every implementation: what holds for one must hold for the other. */
describe.each([
  ['wx-server-sdk over HTTP', overHttp],
  ['wx-server-sdk in this process', inProcess],
])('%s', (_, open) => {
  let opened: OpenDatabase;
  let count = 0;

  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  const stores = () => {
    const { database } = opened;
    const reporting = { alarms: alarmsIn(database, logger), now: () => BIRTH };
    return {
      alarms: reporting.alarms,
      orders: ordersIn(database, reporting),
      products: productsIn(database, reporting),
      users: usersIn(database),
      ledger: ledgerIn(database),
      bills: billsIn(database),
      billedRefunds: billedRefundsIn(database),
    };
  };
  const newOrder = (change: Partial<Order> = {}) =>
    sampleOrder({ _id: String(++count).padStart(32, '0'), _openid: `oShopper-${count}`, ...change });
  const added = async (change: Partial<Order> = {}) => {
    const order = newOrder(change);
    expect(await stores().orders.add(order)).toBe('added');
    return order;
  };

  describe('refunds as bills are compared with them', () => {
    const hour = (count: number) => later(count * 3_600_000);
    const refund = (_id: string, ended_at: Date | null) => ({
      ...{
        _id,
        out_trade_no: `order-of-${_id}`,
        refund_fee: 100,
        reason: '',
        takes: 'none',
        state: 'SUCCESS',
      },
      ...{
        requested_by: null,
        refunded_fee: 0,
        created_at: BIRTH,
        sent_at: null,
        ended_at,
        success_time: null,
      },
      ...{ refund_id: null, err_code: null, err_code_des: null },
    });

    test('those of a day are read page by page, and that a bill has them is noted', async () => {
      const { billedRefunds } = stores();
      const ends = {
        early: hour(-1),
        a: hour(0),
        b: hour(1),
        c: hour(1),
        d: hour(2),
        late: hour(24),
        open: null,
      };
      for (const [_id, ended_at] of Object.entries(ends))
        expect(await opened.database.add('refunds', refund(_id, ended_at))).toBe('added');
      const read: string[] = [];
      let from: EndedFrom | undefined = { moment: hour(0) };
      while (from) {
        const page = await billedRefunds.ended({ from, before: hour(24), limit: 2 });
        read.push(...page.refunds.map(({ _id }) => _id));
        from = page.next;
      }
      expect(read).toEqual(['a', 'b', 'c', 'd']);
      await billedRefunds.note(['b', 'd', 'nobody-knows-it'], '20261122');
      const { refunds } = await billedRefunds.ended({
        from: { moment: hour(0) },
        before: hour(24),
        limit: 9,
      });
      expect(refunds.map(({ _id, billed_on }) => [_id, billed_on])).toEqual([
        ['a', undefined],
        ['b', '20261122'],
        ['c', undefined],
        ['d', '20261122'],
      ]);
    });
  });

  describe('days of bills', () => {
    const day = newBillDay({ channel: 'wechatpay', bill_date: '20261122', now: BIRTH });

    test('a day is begun once, and found among others', async () => {
      const { bills } = stores();
      expect(await bills.add(day)).toBe(true);
      expect(await bills.add(day)).toBe(false);
      expect(await bills.among('wechatpay', ['20261121', '20261122'])).toEqual([day]);
      expect(await bills.among('virtualpay', ['20261121', '20261122'])).toEqual([]);
    });

    test('of two runs that read the same day, one writes', async () => {
      const { bills } = stores();
      const cursor = {
        ...{ lines: 7, digest: 'd', fees: -20_000, bad_lines: 1, unclear: 0 },
        paid_from: { time_end: later(1), after_id: 'a' },
      };
      const change = { ...day, cursor, awaited: ['n-1'], payments: { count: 1, fee: 100 } };
      expect(await bills.save(day, change)).toBe(true);
      expect(await bills.save(day, { ...change, payments: { count: 2, fee: 200 } })).toBe(false);
      expect(await bills.among('wechatpay', ['20261122'])).toEqual([{ ...change, revision: 1 }]);
      expect(
        await bills.save({ ...day, revision: 1 }, { ...day, state: 'DONE', finished_at: later(2) }),
      ).toBe(true);
      expect(await bills.among('wechatpay', ['20261122'])).toEqual([
        { ...day, state: 'DONE', finished_at: later(2), revision: 2 },
      ]);
    });
  });

  describe('orders', () => {
    test('an order comes back as it was added, every field of it', async () => {
      const order = await added({ queried_at: later(1234), expires_at: later(1) });
      expect(await stores().orders.find(order._id)).toEqual(order);
    });

    test('an order that is not there is undefined', async () => {
      expect(await stores().orders.find('f'.repeat(32))).toBeUndefined();
    });

    test('a number that is taken is reported, and what is there stays', async () => {
      const order = await added();
      expect(await stores().orders.add({ ...order, total_fee: 1 })).toBe('exists');
      expect(await stores().orders.find(order._id)).toEqual(order);
    });

    test('a shopper’s newest orders come the latest first, bounded, and nobody else’s', async () => {
      const _openid = 'oLooking';
      const first = await added({ _openid });
      const third = await added({ _openid, created_at: later(2), trade_state: 'CLOSED' });
      const second = await added({ _openid, created_at: later(1), cancelled_at: BIRTH });
      await added({ _openid: 'oSomebodyElse', created_at: later(3) });
      const { orders } = stores();
      expect(await orders.newest(_openid, 10)).toEqual([third, second, first]);
      expect(await orders.newest(_openid, 2)).toEqual([third, second]);
      expect(await orders.newest('oNobody', 10)).toEqual([]);
    });

    test('an order that cannot be read is reported, and does not hide the others', async () => {
      const _openid = 'oEdited';
      const order = await added({ _openid });
      await opened.cloud.insert('orders', { _id: 'edited', _openid, created_at: 'yesterday' });
      expect(await stores().orders.newest(_openid, 10)).toEqual([order]);
      expect(opened.cloud.documents('alarms')).toContainEqual(
        expect.objectContaining({ code: 'ORDER_UNREADABLE', subject: 'edited' }),
      );
    });

    test('an order from before the environment and superseding were written down is read as it is', async () => {
      const { attach: _, ...old } = newOrder({ attach: 'prod-1' });
      await opened.cloud.insert('orders', storedOrder(old));
      const { orders } = stores();
      expect(await orders.find(old._id)).toEqual(old);
      expect(await orders.newest(old._openid, 1)).toEqual([old]);
    });

    test('due orders come the longest waiting first, bounded, a settled one with a refund under way among them', async () => {
      const past = (ms: number) => new Date(ms);
      const second = await added({ next_query_at: past(2000) });
      const first = await added({ next_query_at: past(1000) });
      const refunded = await added({ next_query_at: past(1500), trade_state: 'SUCCESS' });
      await added({ next_query_at: null });
      await added({ next_query_at: null, trade_state: 'SUCCESS' });
      const { orders } = stores();
      const due = (at: Date) => orders.due(at, { limit: 10 });
      expect(await due(past(3000))).toEqual({ orders: [first, refunded, second], next: undefined });
      expect(await due(past(1000))).toEqual({ orders: [first], next: undefined });
      expect(await due(past(999))).toEqual({ orders: [], next: undefined });
    });

    test('page by page, every due order is read once, in order, however many are due at one moment', async () => {
      const { orders } = stores();
      const moments = fc.array(fc.integer({ min: 10, max: 13 }), { maxLength: 12 });
      const check = async (limit: number, ms: number[]) => {
        const due = await Promise.all(ms.map((at) => added({ next_query_at: new Date(at) })));
        const inOrder = due.map(({ _id, next_query_at }) => `${Number(next_query_at)} ${_id}`).toSorted();
        const read: string[] = [];
        let from: DueFrom | undefined;
        do {
          const page = await orders.due(new Date(20), { limit, from });
          expect(page.orders.length).toBeLessThanOrEqual(limit);
          read.push(...page.orders.map(({ _id, next_query_at }) => `${Number(next_query_at)} ${_id}`));
          from = page.next;
        } while (from);
        const tomorrow = { queried_at: later(1), next_query_at: later(2), query_count: 1 };
        for (const order of due) expect(await orders.claim(order, tomorrow)).toBe(true);
        expect(read.toSorted()).toEqual(inOrder);
        const momentsRead = read.map((line) => Number(line.split(' ')[0]));
        expect(momentsRead).toEqual(momentsRead.toSorted((a, b) => a - b));
      };
      await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 5 }), moments, check), { numRuns: 40 });
    });

    test('an order under review is stored as held, as phones and earlier releases read it', async () => {
      const order = await added({ under_review: true });
      expect(opened.cloud.documents('orders')).toContainEqual(storedOrder(order));
      await stores().ledger.transaction((transaction) =>
        transaction.writeOrder(order._id, { under_review: false }),
      );
      const document = opened.cloud.documents('orders').find(({ _id }) => _id === order._id);
      expect(document).toMatchObject({ held: false });
      expect(document).not.toHaveProperty('under_review');
      expect(await stores().orders.find(order._id)).toEqual({ ...order, under_review: false });
    });

    test('an order that cannot be read is reported and set aside', async () => {
      await opened.cloud.insert('orders', {
        _id: 'nonsense',
        trade_state: 'NOTPAY',
        next_query_at: new Date(1),
      });
      const { orders } = stores();
      expect(await orders.due(new Date(2), { limit: 10 })).toEqual({ orders: [], next: undefined });
      expect(opened.cloud.documents('alarms')).toContainEqual(
        expect.objectContaining({ subject: 'nonsense' }),
      );
      const [nonsense] = opened.cloud.documents('orders').filter(({ _id }) => _id === 'nonsense');
      expect(nonsense?.next_query_at).toEqual(new Date(2 + 3_600_000));
    });

    test('a prepay_id is remembered once, and not for an order that is settled or cancelled', async () => {
      const { orders } = stores();
      const prepared = (prepay_id: string) => ({ wechatpay: { ...WECHATPAY_FIELDS, prepay_id } });
      const change = { by_channel: prepared('wx-new'), prepaid_at: later(1) };
      const order = await added({ prepaid_at: null });
      expect(await orders.rememberPrepared(order, change)).toBe(true);
      expect(await orders.rememberPrepared(order, { ...change, by_channel: prepared('wx-other') })).toBe(
        false,
      );
      expect(await orders.find(order._id)).toEqual({ ...order, ...change });
      const paid = await added({ prepaid_at: null, trade_state: 'SUCCESS' });
      expect(await orders.rememberPrepared(paid, change)).toBe(false);
      const cancelled = await added({ prepaid_at: null, cancelled_at: BIRTH });
      expect(await orders.rememberPrepared(cancelled, change)).toBe(false);
    });

    test('of twenty who claim an order at once, one has it', async () => {
      const { orders } = stores();
      const order = await added();
      const change = { queried_at: later(5), next_query_at: later(10), query_count: 1 };
      const claims = await Promise.all(Array.from({ length: 20 }, () => orders.claim(order, change)));
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await orders.find(order._id)).toEqual({ ...order, ...change });
    });

    test.each<[string, Partial<Order>]>([
      ['was asked about meanwhile', { queried_at: later(1) }],
      ['was given another next step meanwhile', { next_query_at: later(1) }],
      ['is settled', { trade_state: 'SUCCESS' }],
      ['is under review', { under_review: true }],
    ])('an order that %s is not claimed', async (_why, change) => {
      const order = newOrder();
      await stores().orders.add({ ...order, ...change });
      const claim = { queried_at: later(5), next_query_at: later(10), query_count: 1 };
      expect(await stores().orders.claim(order, claim)).toBe(false);
    });

    test('moments are compared to the millisecond', async () => {
      const order = await added({ queried_at: new Date(BIRTH.getTime() + 7) });
      const { orders } = stores();
      const change = { queried_at: later(9), next_query_at: later(10), query_count: 2 };
      expect(await orders.claim({ ...order, queried_at: later(8) }, change)).toBe(false);
      expect(await orders.claim(order, change)).toBe(true);
    });

    test('an order is cancelled once', async () => {
      const { orders } = stores();
      const order = await added();
      const change = { cancelled_at: later(5), next_query_at: later(10) };
      expect(await orders.markCancelled(order, change)).toBe(true);
      expect(await orders.markCancelled(order, change)).toBe(false);
    });

    test('an order is superseded once, and not when it is cancelled, under review or settled', async () => {
      const { orders } = stores();
      const change = { superseded_by: 'f'.repeat(32), cancelled_at: later(5), next_query_at: later(10) };
      const order = await added();
      expect(await orders.markSuperseded(order, change)).toBe(true);
      expect(await orders.markSuperseded(order, { ...change, superseded_by: 'e'.repeat(32) })).toBe(false);
      expect(await orders.find(order._id)).toEqual({ ...order, ...change });
      for (const other of [
        { cancelled_at: BIRTH },
        { under_review: true },
        { trade_state: 'SUCCESS' } as const,
      ]) {
        const kept = await added(other);
        expect(await orders.markSuperseded({ ...kept, ...sampleOrder(), _id: kept._id }, change)).toBe(false);
        expect(await orders.find(kept._id)).toEqual(kept);
      }
    });
  });

  describe('users', () => {
    test('a shopper is registered once, and registering again changes nothing', async () => {
      const { users } = stores();
      const user = { _id: 'oNew', _openid: 'oNew', user_id: 'u1', created_at: BIRTH, memberships: {} };
      expect(await users.isRegistered('oNew')).toBe(false);
      await users.add(user);
      await users.add({ ...user, user_id: 'u2' });
      expect(await users.isRegistered('oNew')).toBe(true);
      expect(opened.cloud.documents('users').filter(({ _id }) => _id === 'oNew')).toEqual([user]);
    });
  });

  describe('products', () => {
    test('a product that can be read is answered, one that cannot is reported', async () => {
      const product = {
        name: '城市版',
        description: '',
        options: [{ months: 1, total_fee: 1 }],
        on_sale: true,
      };
      await opened.cloud.insert('products', { _id: 'good', ...product });
      await opened.cloud.insert('products', { _id: 'bad', ...product, options: 'soon' });
      expect(await stores().products.find('good')).toMatchObject({ _id: 'good', virtual: false });
      expect(await stores().products.find('bad')).toBeUndefined();
      expect(await stores().products.find('none')).toBeUndefined();
      expect(opened.cloud.documents('alarms')).toContainEqual(expect.objectContaining({ subject: 'bad' }));
    });
  });

  describe('the ledger', () => {
    test('books an order and a membership together', async () => {
      const order = await added();
      const { ledger, users } = stores();
      const user = {
        _id: order._openid,
        _openid: order._openid,
        user_id: 'u',
        created_at: BIRTH,
        memberships: {},
      };
      await users.add(user);
      const memberships = { city: { expires_at: later(9) }, market: 'by hand' };
      await ledger.transaction(async (books) => {
        expect(await books.order(order._id)).toEqual(order);
        expect(await books.user(order._openid)).toEqual({ _id: order._openid, memberships: {} });
        await books.writeOrder(order._id, { trade_state: 'SUCCESS', next_query_at: null });
        await books.writeMemberships({ _id: order._openid, memberships });
      });
      expect(await stores().orders.find(order._id)).toMatchObject({
        trade_state: 'SUCCESS',
        next_query_at: null,
      });
      const [stored] = opened.cloud.documents('users').filter(({ _id }) => _id === order._openid);
      expect(stored).toEqual({ ...user, memberships });
    });

    test('books nothing when its work fails', async () => {
      const order = await added();
      const failing = stores().ledger.transaction(async (books) => {
        await books.writeOrder(order._id, { trade_state: 'SUCCESS' });
        throw new Error('fell over');
      });
      await expect(failing).rejects.toThrow('fell over');
      expect(await stores().orders.find(order._id)).toEqual(order);
    });

    test('runs the work again when another was in the way, on what the other wrote', async () => {
      const order = await added();
      const { ledger } = stores();
      let runs = 0;
      const addMonth = () =>
        ledger.transaction(async (books) => {
          runs++;
          const read = await books.order(order._id);
          await books.writeOrder(order._id, { query_count: (read?.query_count ?? 0) + 1 });
        });
      await Promise.all([addMonth(), addMonth(), addMonth(), addMonth()]);
      expect(await stores().orders.find(order._id)).toMatchObject({ query_count: 4 });
      expect(runs).toBeGreaterThanOrEqual(4);
    });

    test('registers a shopper whose document is gone, and finds nothing where there is nothing', async () => {
      const { ledger } = stores();
      const user = { _id: 'oGone', _openid: 'oGone', user_id: 'u', created_at: BIRTH, memberships: {} };
      await ledger.transaction(async (books) => {
        expect(await books.order('f'.repeat(32))).toBeUndefined();
        expect(await books.user('oGone')).toBeUndefined();
        await books.addUser(user);
        await books.raise(alarm('HELD', 'x', 'y', BIRTH));
      });
      expect(opened.cloud.documents('users')).toContainEqual(user);
      expect(opened.cloud.documents('alarms')).toContainEqual(alarm('HELD', 'x', 'y', BIRTH));
    });
  });

  describe('alarms', () => {
    const kept = (about: string) =>
      opened.cloud.documents('alarms').filter(({ subject }) => subject === about);

    test('an alarm raised again is kept once, the first one, and logged each time', async () => {
      const { alarms } = stores();
      const before = logged.length;
      await alarms.raise(alarm('ORDER_UNKNOWN', 'twice', 'the same', BIRTH));
      await alarms.raise(alarm('ORDER_UNKNOWN', 'twice', 'the same', later(1)));
      expect(kept('twice')).toMatchObject([{ created_at: BIRTH }]);
      expect(logged.slice(before)).toEqual(['alarm', 'alarm']);
    });

    test('another case of the same code and subject is kept beside it', async () => {
      const { alarms } = stores();
      await alarms.raise(alarm('MERCHANT_MISCONFIGURED', 'RETURN_FAIL', 'appid不存在', BIRTH));
      await alarms.raise(alarm('MERCHANT_MISCONFIGURED', 'RETURN_FAIL', '签名错误', BIRTH));
      expect(kept('RETURN_FAIL')).toMatchObject([{ message: 'appid不存在' }, { message: '签名错误' }]);
    });
  });

  describe('a filter or an update that lost a condition', () => {
    test.each([
      ['an empty filter', {}, { months: 1 }],
      ['an undefined condition', { _id: undefined, trade_state: 'NOTPAY' }, { months: 1 }],
      ['an empty update', { _id: 'x' }, {}],
      ['an undefined value', { _id: 'x' }, { months: undefined }],
    ])('%s is stopped before it is sent', async (_why, filter, change) => {
      const sent = opened.database.update('orders', filter as never, change as never);
      await expect(sent).rejects.toMatchObject({ code: 'CONDITION_MISSING' });
    });
  });

  test('a collection that is missing is reported as a failure of the database', async () => {
    await expect(opened.database.get('nowhere', 'x')).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  });
});
