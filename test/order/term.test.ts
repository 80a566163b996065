import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { endOfTerm, type Term, TermSchema, termInWords } from '../../cloudfunctions/_shared/order/term.ts';

const beijing = (text: string) => new Date(`${text}+08:00`);

test.each([
  ['2027-01-15T10:24:00', 1, '2027-02-15T10:24:00', 'the same day and time of the next month'],
  ['2027-01-31T10:24:00', 1, '2027-02-28T23:59:59.999', 'the whole last day of a shorter month'],
  ['2028-01-31T10:24:00', 1, '2028-02-29T23:59:59.999', 'the whole last day of a leap February'],
  ['2027-12-31T23:59:59', 2, '2028-02-29T23:59:59.999', 'across the year'],
  ['2028-02-29T08:00:00', 12, '2029-02-28T23:59:59.999', 'a year after a leap day'],
  ['2027-03-31T00:30:00', 1, '2027-04-30T23:59:59.999', 'in Beijing, where it is another day than in London'],
  ['2027-04-01T00:30:00', 1, '2027-05-01T00:30:00', 'in Beijing, where it is another month than in London'],
  ['2027-01-15T10:24:00', 120, '2037-01-15T10:24:00', 'ten years'],
])('%s and %i months is %s: %s', (from, months, until) => {
  expect(endOfTerm(beijing(from), { months })).toEqual(beijing(until));
});

test('a day is 24 hours', () => {
  expect(endOfTerm(beijing('2027-01-31T10:24:00'), { days: 7 })).toEqual(beijing('2027-02-07T10:24:00'));
});

const moments = fc.date({ min: new Date('2026-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });
const terms: fc.Arbitrary<Term> = fc.oneof(
  fc.record({ months: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ days: fc.integer({ min: 1, max: 3660 }) }),
);

test('a term that begins later never ends earlier', () => {
  const property = fc.property(moments, moments, terms, (one, other, term) => {
    const [first, second] = one <= other ? [one, other] : [other, one];
    expect(endOfTerm(first, term).getTime()).toBeLessThanOrEqual(endOfTerm(second, term).getTime());
  });
  fc.assert(property, { numRuns: 20_000 });
});

describe('where months are cut short', () => {
  test('one who begins at the end of January does not end before one who begins on the 28th', () => {
    const later = endOfTerm(beijing('2027-01-31T09:00:00'), { months: 1 });
    expect(later > endOfTerm(beijing('2027-01-28T12:00:00'), { months: 1 })).toBe(true);
  });
});

test('a term is months or days, one of the two', () => {
  for (const wrong of [
    {},
    { months: 0 },
    { months: 1.5 },
    { months: 121 },
    { days: 0 },
    { months: 1, days: 1 },
  ])
    expect(v.is(TermSchema, wrong)).toBe(false);
  expect(v.is(TermSchema, { days: 30 })).toBe(true);
});

test('a term is written as the shopper reads it', () => {
  expect(termInWords({ months: 3 })).toBe('3 个月');
  expect(termInWords({ days: 7 })).toBe('7 天');
});
