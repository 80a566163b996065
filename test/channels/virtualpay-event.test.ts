import { afterEach, describe, expect, test } from 'vitest';
import { takeEvent } from '../../cloudfunctions/_shared/channels/virtualpay-event.ts';
import { type OpenPorts, openPorts } from '../order/ports.ts';
import { later, MINUTE_MS } from '../order/samples.ts';
import { virtualOrder } from './samples.ts';
import { queried, weixinDesk } from './weixin-desk.ts';

// What a push says of its own environment is not documented, so an event must do without.

const order = virtualOrder({ _id: 'a'.repeat(32), next_query_at: later(MINUTE_MS), attach: 'shop-1' });
const deliver = {
  kind: 'deliver',
  out_trade_no: order._id,
  openid: order._openid,
  env: 0,
  attach: 'shop-1',
} as const;

let opened: OpenPorts;
afterEach(() => opened.close());

async function open() {
  const desk = weixinDesk({ query: (id) => queried(id, { status: 2 }) });
  opened = await openPorts({ weixin: desk.transport });
  await opened.add(order);
  return { ports: opened.ports, desk };
}

describe('an event to a function that does not know its environment', () => {
  test('is taken by what its order says of it', async () => {
    const { ports } = await open();
    expect(await takeEvent(ports, deliver, undefined)).toEqual({ kind: 'done' });
    expect(opened.documents('orders')).toMatchObject([{ trade_state: 'SUCCESS', next_query_at: null }]);
  });

  test.each([
    ['names another environment than its order', { attach: 'shop-2' }, 'ANOTHER_ENVIRONMENT'],
    ['is about no order here', { out_trade_no: 'b'.repeat(32) }, 'ORDER_UNKNOWN'],
  ])('and %s is refused, and WeChat is not asked', async (_, change, reason) => {
    const { ports, desk } = await open();
    expect(await takeEvent(ports, { ...deliver, ...change }, undefined)).toEqual({ kind: 'refused', reason });
    expect(desk.asked).toEqual([]);
  });
});

test('an order of another environment is named as such where this one is known', async () => {
  const { ports } = await open();
  const event = { ...deliver, out_trade_no: 'b'.repeat(32), attach: 'shop-2' };
  const outcome = await takeEvent(ports, event, 'shop-1');
  expect(outcome).toEqual({ kind: 'refused', reason: 'ANOTHER_ENVIRONMENT' });
});

test('the answer to an event is the mark of delivery: nothing is said besides, nor kept to be said', async () => {
  const { ports, desk } = await open();
  await takeEvent(ports, deliver, 'shop-1');
  expect(desk.count('/xpay/notify_provide_goods')).toBe(0);
  expect(opened.documents('orders')[0]?.undelivered_since ?? null).toBeNull();
});

test('Apple’s question marks nothing, and leaves that to the timer', async () => {
  const { ports, desk } = await open();
  const question = { kind: 'apple-refund-question', pay_order_id: order._id, item_id: '' } as const;
  expect(await takeEvent(ports, question, 'shop-1')).toMatchObject({ answer: { result_code: 1 } });
  expect(desk.count('/xpay/notify_provide_goods')).toBe(0);
  expect(opened.documents('orders')).toMatchObject([
    { trade_state: 'SUCCESS', undelivered_since: expect.any(Date), next_query_at: expect.any(Date) },
  ]);
});
