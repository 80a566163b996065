import { afterEach, expect, test } from 'vitest';
import type { Ledger } from '../../cloudfunctions/_shared/order/ports.ts';
import { settle } from '../../cloudfunctions/_shared/order/settle.ts';
import { endOfTerm } from '../../cloudfunctions/_shared/order/term.ts';
import { MESSAGE_CHARACTERS_MAX } from '../../cloudfunctions/_shared/shorten.ts';
import { type OpenPorts, openPorts } from './ports.ts';
import { BIRTH, HOUR_MS, later, MINUTE_MS, sampleOrder, sampleReport } from './samples.ts';

let opened: OpenPorts;
afterEach(() => opened.close());

const order = sampleOrder();
const shopper = { _id: order._openid, _openid: order._openid, user_id: order.user_id, created_at: BIRTH };

/** Settles the order's payment, for a shopper who holds this. */
async function settlePaid(change: Partial<typeof order>, memberships: unknown): Promise<void> {
  opened = await openPorts();
  await opened.add({ ...order, ...change });
  await opened.insert('users', JSON.parse(JSON.stringify({ ...shopper, memberships })));
  await settle(opened.ports, { report: sampleReport('SUCCESS') });
}

const codes = (alarms: readonly object[]) =>
  alarms.map((alarm) => ('code' in alarm ? alarm.code : undefined));

test.each([['city until 2030'], [[{ city: 'until 2030' }]], [{ city: 'until 2030' }], [null]])(
  'a payment of a shopper whose memberships are %o is booked, and the alarm keeps what was there',
  async (memberships) => {
    await settlePaid({}, memberships);
    expect(opened.documents('orders')).toMatchObject([{ trade_state: 'SUCCESS' }]);
    expect(opened.documents('users')).toMatchObject([
      { memberships: { city: { expires_at: expect.any(Date) } } },
    ]);
    const lost = JSON.stringify(
      memberships !== null && 'city' in Object(memberships) ? Object(memberships).city : memberships,
    );
    expect(opened.documents('alarms')).toMatchObject([
      { code: 'MEMBERSHIP_UNREADABLE', subject: order._id, message: expect.stringContaining(lost) },
    ]);
  },
);

test('an order with two reasons for an alarm raises both, in the database and in the log', async () => {
  await settlePaid({ trade_state: 'CLOSED', next_query_at: null }, 'city until 2030');
  const both = ['MEMBERSHIP_UNREADABLE', 'PAID_AFTER_CLOSE'];
  expect(codes(opened.documents('alarms')).toSorted()).toEqual(both);
  const logged = opened.logged.flatMap(([fact, fields]) => (fact === 'alarm' ? [fields] : []));
  expect(codes(logged).toSorted()).toEqual(both);
});

test('however much was there, the alarm keeps a message’s length of it', async () => {
  await settlePaid({}, 'x'.repeat(100_000));
  const [alarm] = opened.documents('alarms');
  expect(String(alarm?.message).length).toBeLessThanOrEqual(MESSAGE_CHARACTERS_MAX);
  expect(String(alarm?.message)).toContain('xxx');
});

test('a settlement whose instance was frozen on the way gives its time from when it went on', async () => {
  opened = await openPorts();
  await opened.add(order);
  let now = later(MINUTE_MS);
  const { ledger } = opened.ports;
  const frozen: Ledger = {
    transaction(work) {
      now = later(HOUR_MS);
      return ledger.transaction(work);
    },
  };
  const ports = { ...opened.ports, ledger: frozen, clock: { now: () => now } };
  await settle(ports, { report: sampleReport('SUCCESS') });
  const expires_at = endOfTerm(later(HOUR_MS), { months: order.months });
  expect(opened.documents('users')).toMatchObject([{ memberships: { city: { expires_at } } }]);
});
