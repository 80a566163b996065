import { expect, test } from 'vitest';
import { readUser } from '../../cloudfunctions/_shared/cloud/database/stores/users.ts';
import { granted, isMember, type User } from '../../cloudfunctions/_shared/order/membership.ts';

const beijing = (text: string) => new Date(`${text}+08:00`);
const holding = (expires_at: Date) => ({ _id: 'oLi', memberships: { city: { expires_at } } });
const holdingNothing = { _id: 'oLi', memberships: {} };

/** The user with months more of a membership, by an order settled now. */
function extended(user: User, paid: { product_id: string; months: number; now: Date }) {
  const { product_id: membership, months, now: granted_at } = paid;
  return granted(user, {
    out_trade_no: 'a'.repeat(32),
    grants: [{ membership, term: { months } }],
    granted_at,
  });
}

test('months are added to the end of what is held', () => {
  const now = beijing('2027-01-15T10:00:00');
  const user = holding(beijing('2027-02-01T12:00:00'));
  const { expires_at } = extended(user, { product_id: 'city', months: 3, now });
  expect(expires_at).toEqual(beijing('2027-05-01T12:00:00'));
});

test('months are added to now when the membership has run out, or there is none', () => {
  const now = beijing('2027-01-15T10:00:00');
  const wanted = { product_id: 'city', months: 3, now };
  const until = beijing('2027-04-15T10:00:00');
  expect(extended(holding(beijing('2026-12-31T12:00:00')), wanted).expires_at).toEqual(until);
  expect(extended(holding(now), { ...wanted, product_id: 'market' }).expires_at).toEqual(until);
  expect(extended(holdingNothing, wanted).expires_at).toEqual(until);
});

test('what else a user holds, and what else a membership carries, stays', () => {
  const now = beijing('2027-01-15T10:00:00');
  const user = { _id: 'oLi', memberships: { city: { expires_at: now, gift: true }, market: 'by hand' } };
  const { memberships } = extended(user, { product_id: 'city', months: 1, now }).user;
  const city = { expires_at: beijing('2027-02-15T10:00:00'), gift: true };
  expect(memberships).toMatchObject({ city, market: 'by hand' });
});

test.each([true, 'until Easter', { expires_at: '2027-01-01' }, [], null])(
  'a membership of %o, which cannot be read, counts as none and is reported',
  (city) => {
    const now = beijing('2027-01-15T10:00:00');
    const user = { _id: 'oLi', memberships: { city } };
    const { expires_at, unreadable } = extended(user, { product_id: 'city', months: 1, now });
    expect(expires_at).toEqual(beijing('2027-02-15T10:00:00'));
    expect(unreadable).toEqual([{ membership: 'city', was: JSON.stringify(city) }]);
    expect(isMember(user, 'city', now)).toBe(false);
  },
);

test.each([['city until 2030'], [[{ city: 'until 2030' }]], [[]], [7], [true], [new Date(0)], [null]])(
  'memberships of %o, which cannot be read as a whole, count as none and are reported',
  (memberships) => {
    const now = beijing('2027-01-15T10:00:00');
    const user = readUser({ _id: 'oLi', memberships });
    const after = extended(user, { product_id: 'city', months: 1, now });
    expect(after.user.memberships).toMatchObject({ city: { expires_at: beijing('2027-02-15T10:00:00') } });
    expect(Object.keys(after.user.memberships)).toEqual(['city']);
    expect(after.unreadable).toEqual([{ membership: 'city', was: JSON.stringify(memberships) }]);
    expect(isMember(user, 'city', now)).toBe(false);
    expect(isMember(user, '0', now)).toBe(false);
  },
);

test('a user without memberships has none, and nobody is alerted', () => {
  const now = beijing('2027-01-15T10:00:00');
  const after = extended(readUser({ _id: 'oLi' }), { product_id: 'city', months: 1, now });
  expect(after.user.memberships).toMatchObject({ city: { expires_at: beijing('2027-02-15T10:00:00') } });
  expect(after.unreadable).toEqual([]);
});

test('a membership that can be read raises no alarm', () => {
  const now = beijing('2027-01-15T10:00:00');
  const after = extended(holding(now), { product_id: 'city', months: 1, now });
  expect(after.unreadable).toEqual([]);
});

test('a membership is valid before its end, and at its end no more', () => {
  const end = beijing('2027-02-01T12:00:00');
  expect(isMember(holding(end), 'city', new Date(end.getTime() - 1))).toBe(true);
  expect(isMember(holding(end), 'city', end)).toBe(false);
});

test('nobody is a member of what they do not hold', () => {
  const now = beijing('2027-01-15T10:00:00');
  expect(isMember(undefined, 'city', now)).toBe(false);
  expect(isMember(holding(beijing('2027-02-01T12:00:00')), 'market', now)).toBe(false);
  expect(isMember({ memberships: {} }, 'constructor', now)).toBe(false);
});

test('an order that gives two memberships extends both, each from its own end', () => {
  const granted_at = beijing('2027-01-15T10:00:00');
  const until = beijing('2027-02-01T12:00:00');
  const grants = [
    { membership: 'city', term: { months: 1 } },
    { membership: 'market', term: { days: 7 } },
  ];
  const { user, expires_at } = granted(holding(until), { out_trade_no: 'a'.repeat(32), grants, granted_at });
  expect(expires_at).toEqual(beijing('2027-03-01T12:00:00'));
  expect(user.memberships).toMatchObject({
    city: { expires_at, grants: [{ until }, { out_trade_no: 'a'.repeat(32), term: { months: 1 } }] },
    market: { expires_at: beijing('2027-01-22T10:00:00') },
  });
});
