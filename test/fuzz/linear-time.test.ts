import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readXml, XML_BYTES_MAX } from '../../cloudfunctions/_shared/wechatpay/xml.ts';

const SMALL_BYTES = XML_BYTES_MAX / 4;
/** Four times the text takes four times the time, give or take; what tries every way of splitting it takes sixteen. */
const RATIO_MAX = 9;
const MEASUREMENTS = 5;
const READS = 10;

const piece = fc.oneof(
  fc.constantFrom(
    '<xml>',
    '<xml',
    '</xml>',
    '<a>',
    '</a>',
    '<a/>',
    '<a',
    '<![CDATA[',
    ']]>',
    ']',
    ']]',
    '>',
    '<',
  ),
  fc.constantFrom(
    '<?xml',
    '<?a',
    '?>',
    ' a="b"',
    '<!--',
    '-->',
    '-',
    '&',
    '&#1',
    '&amp;',
    ';',
    ' ',
    '\n',
    'a',
    '中',
  ),
);
const few = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(''));
const hostile = fc.record({ start: few, unit: few, end: few });

test('four times as long a text takes about four times as long to read, however it is made', () => {
  fc.assert(
    fc.property(hostile, (parts) => {
      // A busy machine can lengthen any measurement, never shorten all of them.
      const ratios = Array.from({ length: 3 }, () => ratioOf(parts));
      expect(Math.min(...ratios)).toBeLessThan(RATIO_MAX);
    }),
    { numRuns: 40, seed: 1 },
  );
});

test('the ratio shows what is not linear', () => {
  // It looks for the end from every place again. A part of the text is enough to see that.
  const quadratic = (text: string) => /a+b/.test(text.slice(0, text.length / 16));
  const ratios = Array.from({ length: 3 }, () => ratioOf({ start: '<xml>', unit: 'a', end: '' }, quadratic));
  expect(Math.min(...ratios)).toBeGreaterThan(RATIO_MAX);
});

interface Parts {
  readonly start: string;
  readonly unit: string;
  readonly end: string;
}

function ratioOf(parts: Parts, read: (text: string) => unknown = tryToRead): number {
  return timeOf(textOf(parts, XML_BYTES_MAX), read) / timeOf(textOf(parts, SMALL_BYTES), read);
}

function textOf({ start, unit, end }: Parts, bytes: number): string {
  const room = bytes - Buffer.byteLength(start) - Buffer.byteLength(end);
  return start + unit.repeat(Math.floor(room / Buffer.byteLength(unit))) + end;
}

/** The least of several measurements. */
function timeOf(text: string, read: (text: string) => unknown): number {
  const times = Array.from({ length: MEASUREMENTS }, () => {
    const begun = performance.now();
    for (let count = 0; count < READS; count++) read(text);
    return performance.now() - begun;
  });
  return Math.min(...times);
}

function tryToRead(text: string): void {
  try {
    readXml(text);
  } catch {
    // Refused, which takes time too.
  }
}
