import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ReminderReport } from '../../cloudfunctions/_shared/order/reminders/send-reminders.ts';
import type { Document } from '../../scripts/local/cloud/database/value.ts';
import { REMINDER_TEMPLATE } from '../../scripts/local/local-world.ts';
import { openShop, type Shop, type Shopper } from './shop.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SEND = '/cgi-bin/message/subscribe/send';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({
    REMINDER_TEMPLATE_ID: REMINDER_TEMPLATE.id,
    REMINDER_FIELDS: 'thing1=name,time2=end,thing3=note',
  });
});
afterEach(() => {
  shop.weixin.faults.clear();
  shop.cloud.faults.clear();
});
afterAll(() => shop.close());

/** A member who agreed right after paying. */
async function newMember({ consents = 1 } = {}): Promise<{ shopper: Shopper; number: string }> {
  const shopper = shop.newShopper();
  const number = await shop.placePaid(shopper, { months: 1, expected_total_fee: 1800 });
  for (let count = 0; count < consents; count++) agree(shopper);
  expect(await remind(shopper, number)).toMatchObject({ order: { out_trade_no: number } });
  return { shopper, number };
}

const agree = ({ openid }: Shopper) =>
  shop.weixin.subscriptions.answer(openid, REMINDER_TEMPLATE.id, 'accept');
const remind = (shopper: Shopper, out_trade_no: string) =>
  shop.host.callFunction('checkOrder', { out_trade_no, remind: true }, shopper);

async function run(): Promise<ReminderReport> {
  const answer = await shop.timers.runNow('sendReminders');
  if (answer.kind === 'failed') throw answer.error;
  return JSON.parse(answer.result) as ReminderReport;
}

const received = ({ openid }: Shopper) =>
  shop.weixin.subscriptions.received().filter((message) => message.openid === openid);

/** Days pass at once, with 60 runs on the way: two a day, if it is a month. */
async function days(count: number): Promise<void> {
  await shop.clock.advance(count * DAY_MS);
  await run();
}

describe('a member who agreed', () => {
  test('is reminded once, within the last three days, of what renews the membership', async () => {
    const { shopper } = await newMember();
    const end = shop.membership(shopper);
    await days(26);
    expect(received(shopper)).toEqual([]);
    await days(6);
    expect(received(shopper)).toHaveLength(1);
    const [message] = received(shopper);
    expect(message).toMatchObject({
      page: 'pages/shop/shop?product_id=city&months=1',
      data: {
        thing1: '城市版',
        time2: expect.stringMatching(/^2027年2月15日 10:30$/),
        thing3: expect.any(String),
      },
    });
    const left = Number(end) - Number(message?.at);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(3 * DAY_MS);
  }, 120_000);

  test('is not reminded of what was renewed meanwhile before its new end', async () => {
    const { shopper } = await newMember();
    await days(20);
    await shop.placePaid(shopper, { months: 1, expected_total_fee: 1800 });
    await days(15);
    expect(received(shopper)).toEqual([]);
    await days(25);
    expect(received(shopper)).toHaveLength(1);
  }, 120_000);

  test('is not reminded of what was given back', async () => {
    const { shopper } = await newMember();
    await shop.edit('users', shopper.openid, { memberships: { city: { expires_at: new Date(0) } } });
    await days(35);
    expect(received(shopper)).toEqual([]);
  }, 120_000);
});

describe('nobody is reminded twice', () => {
  test('by two runs at once', async () => {
    const { shopper } = await newMember({ consents: 2 });
    await due(shopper);
    await Promise.all([run(), run(), run()]);
    expect(received(shopper)).toHaveLength(1);
  });

  test('where WeChat sent it and its answer got lost', async () => {
    const { shopper } = await newMember({ consents: 2 });
    await due(shopper);
    shop.weixin.faults.add({ kind: 'break', when: 'after', path: SEND });
    await run();
    await run();
    expect(received(shopper)).toHaveLength(1);
    expect(shop.weixin.subscriptions.left(shopper.openid, REMINDER_TEMPLATE.id)).toBe(1);
  });

  test('where WeChat sent it, and a gateway says 502', async () => {
    const { shopper } = await newMember({ consents: 2 });
    await due(shopper);
    shop.weixin.faults.add({ kind: 'garble', body: 'html', path: SEND });
    await run();
    await shop.clock.advance(HOUR_MS);
    await run();
    expect(received(shopper)).toHaveLength(1);
  });

  test('where a run dies at the call', async () => {
    const { shopper } = await newMember({ consents: 2 });
    await due(shopper);
    const unhook = shop.weixin.hook({
      when: 'after',
      path: SEND,
      run: () => shop.host.kill('sendReminders'),
    });
    await expect(run()).rejects.toThrow();
    unhook();
    await run();
    expect(received(shopper)).toHaveLength(1);
  });
});

describe('what WeChat says', () => {
  test('a shopper who takes no message is left alone', async () => {
    const { shopper } = await newMember({ consents: 0 });
    await due(shopper);
    expect(await run()).toMatchObject({ sent: 0, dropped: 1 });
    agree(shopper);
    await run();
    expect(received(shopper)).toEqual([]);
  });

  test('a token that died is fetched again', async () => {
    const { shopper } = await newMember();
    await due(shopper);
    shop.weixin.faults.add({ kind: 'kill-token', path: SEND });
    expect(await run()).toMatchObject({ sent: 1 });
    expect(received(shopper)).toHaveLength(1);
  });

  test('a token that cannot be fetched: nothing was sent, so a later run sends it', async () => {
    const { shopper } = await newMember();
    await due(shopper);
    // One that is kept would be used.
    await shop.host.restart('sendReminders');
    shop.weixin.faults.add({ kind: 'garble', body: 'empty', path: '/cgi-bin/stable_token' });
    expect(await run()).toMatchObject({ sent: 0, later: 1 });
    await shop.clock.advance(HOUR_MS);
    await run();
    expect(received(shopper)).toHaveLength(1);
  });

  test.each([-1, 45009])('%s: the message is sent by a later run', async (errcode) => {
    const { shopper } = await newMember();
    await due(shopper);
    shop.weixin.faults.add({ kind: 'refuse', errcode, path: SEND });
    expect(await run()).toMatchObject({ sent: 0, later: 1 });
    await shop.clock.advance(HOUR_MS);
    await run();
    expect(received(shopper)).toHaveLength(1);
  });

  test.each([40037, 47003, 41030, 48001])(
    '%s: a human is called, and it is sent once that is fixed',
    async (errcode) => {
      const { shopper } = await newMember();
      await due(shopper);
      shop.weixin.faults.add({ kind: 'refuse', errcode, path: SEND });
      await run();
      expect(shop.alarms(String(errcode))).toEqual(['MESSAGE_REFUSED']);
      await shop.clock.advance(HOUR_MS);
      await run();
      expect(received(shopper)).toHaveLength(1);
    },
  );
});

describe('while WeChat does not answer', () => {
  const LOST = 3;

  test.each([
    ['a gateway that says 502', { kind: 'garble', body: 'html' }],
    ['connections that break', { kind: 'break', when: 'before' }],
    ['no answer in time', { kind: 'slow', ms: HOUR_MS, when: 'before' }],
  ] as const)('%s costs three reminders a run, and the others are sent afterwards', async (_, fault) => {
    const shoppers: Shopper[] = [];
    for (let count = 0; count < 15; count++) shoppers.push((await newMember()).shopper);
    for (const shopper of shoppers) await due(shopper);
    const outage = shop.weixin.faults.add({ ...fault, path: SEND, count: Number.POSITIVE_INFINITY });
    expect(await run()).toMatchObject({ sent: 0, unknown: LOST, complete: false });
    const isDue = ({ due_at, _openid }: Document) =>
      due_at !== null && shoppers.some(({ openid }) => openid === _openid);
    expect(shop.cloud.documents('reminders').filter(isDue)).toHaveLength(shoppers.length - LOST);
    outage();
    expect(await run()).toMatchObject({ sent: shoppers.length - LOST, unknown: 0, complete: true });
  });

  test('one that is not known among many that are answered stops nothing', async () => {
    const shoppers: Shopper[] = [];
    for (let count = 0; count < 5; count++) shoppers.push((await newMember()).shopper);
    for (const shopper of shoppers) await due(shopper);
    shop.weixin.faults.add({ kind: 'break', when: 'after', path: SEND });
    expect(await run()).toMatchObject({ sent: 4, unknown: 1, complete: true });
  });
});

describe('an order is a reminder for its own shopper', () => {
  test('and for nobody else', async () => {
    const { number } = await newMember();
    const before = shop.cloud.documents('reminders').length;
    const stranger = shop.newShopper();
    expect(await remind(stranger, number)).toMatchObject({ errcode: 'ORDER_NOT_FOUND' });
    expect(shop.cloud.documents('reminders')).toHaveLength(before);
  });

  test('and agreeing ever again makes no more of it', async () => {
    const { shopper, number } = await newMember();
    const before = shop.cloud.documents('reminders').length;
    for (let times = 0; times < 5; times++) await remind(shopper, number);
    expect(shop.cloud.documents('reminders')).toHaveLength(before);
  });

  test.each([false, 'yes', 1, null])('remind: %j is no word for it', async (word) => {
    const shopper = shop.newShopper();
    const call = { out_trade_no: '0'.repeat(32), remind: word };
    expect(await shop.host.callFunction('checkOrder', call, shopper)).toMatchObject({
      errcode: 'INVALID_PARAMETERS',
    });
  });
});

test('documents that somebody edited into nonsense stop nobody, and are looked at once', async () => {
  await shop.cloud.insert('reminders', { _id: 'nonsense', due_at: new Date(0) });
  const { shopper } = await newMember();
  await due(shopper);
  await run();
  await run();
  expect(received(shopper)).toHaveLength(1);
  expect(shop.cloud.documents('reminders').find(({ _id }) => _id === 'nonsense')?.due_at).toBeNull();
});

test('what is off sale is not offered', async () => {
  const { shopper } = await newMember();
  await due(shopper);
  await shop.edit('products', 'city', { on_sale: false });
  expect(await run()).toMatchObject({ sent: 0, dropped: 1 });
  await shop.edit('products', 'city', { on_sale: true });
});

test('createOrder names the template, and a shop without one asks nobody', async () => {
  const placed = await shop.place(shop.newShopper());
  expect(placed.reminder).toEqual({ template_id: REMINDER_TEMPLATE.id });
  const other = await openShop();
  expect((await other.place(other.newShopper())).reminder).toBeUndefined();
  const answer = await other.timers.runNow('sendReminders');
  expect(answer).toMatchObject({
    kind: 'answered',
    result: JSON.stringify({ sent: 0, unknown: 0, dropped: 0, later: 0, complete: true }),
  });
  await other.close();
});

test('what the shopper agreed to is kept although WeChat does not answer about the order', async () => {
  const shopper = shop.newShopper();
  const { order } = await shop.place(shopper);
  shop.wechatpay.faults.add({ kind: 'break', when: 'before', path: '/pay/orderquery', count: 20 });
  expect(await remind(shopper, order.out_trade_no)).toMatchObject({ errcode: 'WECHATPAY_UNAVAILABLE' });
  shop.wechatpay.faults.clear();
  expect(shop.cloud.documents('reminders').filter(({ _openid }) => _openid === shopper.openid)).toHaveLength(
    1,
  );
});

/** The membership ends in two days, and the reminder is due. */
async function due({ openid }: Shopper): Promise<void> {
  const end = new Date(shop.clock.now().getTime() + 2 * DAY_MS);
  const reminder = shop.cloud.documents('reminders').find(({ _openid }) => _openid === openid);
  await shop.edit('users', openid, { memberships: { city: { expires_at: end } } });
  await shop.edit('reminders', String(reminder?._id), { due_at: shop.clock.now() });
}
