import { expect, test } from 'vitest';
import { EXPLANATIONS } from '../../../scripts/local/console/browser/story/explain.ts';
import { CHANNELS } from '../../../scripts/local/console/browser/words/channels.ts';
import { CHAPTERS } from '../../../scripts/local/console/browser/words/chapters.ts';
import { CONTROLS, FAULTS } from '../../../scripts/local/console/browser/words/controls.ts';
import { NARRATION } from '../../../scripts/local/console/browser/words/narration.ts';
import { INTRO, PAGE, PARTIES } from '../../../scripts/local/console/browser/words/page.ts';
import { PAYLOAD, REFUSALS } from '../../../scripts/local/console/browser/words/payload.ts';
import { ROWS, VIRTUAL } from '../../../scripts/local/console/browser/words/story.ts';
import { COPY, DOCUMENTS, LOGS, ORDERS } from '../../../scripts/local/console/browser/words/tables.ts';
import { TIME } from '../../../scripts/local/console/browser/words/time.ts';
import { TOUR } from '../../../scripts/local/console/browser/words/tour.ts';

const TABLES = {
  ...{
    EXPLANATIONS,
    CHANNELS,
    CHAPTERS,
    CONTROLS,
    FAULTS,
    NARRATION,
    INTRO,
    PAGE,
    PARTIES,
    PAYLOAD,
    REFUSALS,
  },
  ...{ ROWS, VIRTUAL, COPY, DOCUMENTS, LOGS, ORDERS, TIME, TOUR },
};
/** A button that leads to the other language is named in that one. */
const OF_THE_OTHER = ['PAGE.otherLanguage'];

/** Every sentence under the way to it; one that is made of something is made of these. */
function sentences(words: unknown, way: string): (readonly [way: string, sentence: string])[] {
  if (typeof words === 'string') return [[way, words]];
  if (typeof words === 'function') return [[way, String(words('X', 2, 'Y'))]];
  return Object.entries(Object(words)).flatMap(([name, inner]) => sentences(inner, `${way}.${name}`));
}

test.each(Object.entries(TABLES))('%s has the same words in both languages', (name, { zh, en }) => {
  const [chinese, english] = [sentences(zh, name), sentences(en, name)];
  expect(english.map(([way]) => way)).toEqual(chinese.map(([way]) => way));
  const own = english.filter(([way]) => !OF_THE_OTHER.includes(way));
  expect(own.filter(([, sentence]) => /[\u3000-\u9fff\uff00-\uffef]/.test(sentence))).toEqual([]);
});

test('a sentence is missing in one language only where the other has none either', () => {
  for (const [name, { zh, en }] of Object.entries(TABLES)) {
    const empty = (words: unknown) => sentences(words, name).filter(([, sentence]) => sentence.trim() === '');
    expect(empty(en)).toEqual(empty(zh));
  }
});

test('what is about an order names its way to pay', () => {
  const of = (words: unknown) => sentences(words, '').map(([, sentence]) => sentence);
  expect(of(NARRATION.zh).filter((sentence) => /微信支付|通知/.test(sentence))).toEqual([]);
  expect(of(ORDERS.zh).filter((sentence) => /微信支付/.test(sentence))).toEqual([]);
});
