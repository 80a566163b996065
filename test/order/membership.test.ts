import { expect, test } from 'vitest';
import { readUser } from '../../cloudfunctions/_shared/cloud/database/stores/users.ts';
import { addMonths, extended, isMember } from '../../cloudfunctions/_shared/order/membership.ts';

const beijing = (text: string) => new Date(`${text}+08:00`);
const holding = (expires_at: Date) => ({ _id: 'oLi', memberships: { city: { expires_at } } });
const holdingNothing = { _id: 'oLi', memberships: {} };

test.each([
  ['2027-01-15T10:24:00', 1, '2027-02-15T10:24:00', 'the same day of the next month'],
  ['2027-01-31T10:24:00', 1, '2027-02-28T10:24:00', 'the last day of a shorter month'],
  ['2028-01-31T10:24:00', 1, '2028-02-29T10:24:00', 'the last day of a leap February'],
  ['2027-12-31T23:59:59', 2, '2028-02-29T23:59:59', 'across the year'],
  ['2028-02-29T08:00:00', 12, '2029-02-28T08:00:00', 'a year after a leap day'],
  ['2027-03-31T00:30:00', 1, '2027-04-30T00:30:00', 'in Beijing, where it is another day than in London'],
  ['2027-01-15T10:24:00', 120, '2037-01-15T10:24:00', 'ten years'],
])('%s plus %i months is %s: %4$s', (from, months, until) => {
  expect(addMonths(beijing(from), months)).toEqual(beijing(until));
});

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
  expect(memberships).toEqual({ city, market: 'by hand' });
});

test.each([true, 'until Easter', { expires_at: '2027-01-01' }, [], null])(
  'a membership of %o, which cannot be read, counts as none and is told of',
  (city) => {
    const now = beijing('2027-01-15T10:00:00');
    const user = { _id: 'oLi', memberships: { city } };
    const { expires_at, unreadable } = extended(user, { product_id: 'city', months: 1, now });
    expect(expires_at).toEqual(beijing('2027-02-15T10:00:00'));
    expect(unreadable).toBe(JSON.stringify(city));
    expect(isMember(user, 'city', now)).toBe(false);
  },
);

test.each([['city until 2030'], [[{ city: 'until 2030' }]], [[]], [7], [true], [new Date(0)], [null]])(
  'memberships of %o, which cannot be read as a whole, count as none and are told of',
  (memberships) => {
    const now = beijing('2027-01-15T10:00:00');
    const user = readUser({ _id: 'oLi', memberships });
    const after = extended(user, { product_id: 'city', months: 1, now });
    expect(after.user.memberships).toEqual({ city: { expires_at: beijing('2027-02-15T10:00:00') } });
    expect(after.unreadable).toBe(JSON.stringify(memberships));
    expect(isMember(user, 'city', now)).toBe(false);
    expect(isMember(user, '0', now)).toBe(false);
  },
);

test('a user without memberships has none, and nobody is told', () => {
  const now = beijing('2027-01-15T10:00:00');
  const after = extended(readUser({ _id: 'oLi' }), { product_id: 'city', months: 1, now });
  expect(after.user.memberships).toEqual({ city: { expires_at: beijing('2027-02-15T10:00:00') } });
  expect(after).not.toHaveProperty('unreadable');
});

test('a membership that can be read is nothing to tell of', () => {
  const now = beijing('2027-01-15T10:00:00');
  const after = extended(holding(now), { product_id: 'city', months: 1, now });
  expect(after).not.toHaveProperty('unreadable');
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
