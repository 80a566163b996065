import { describe, expect, test } from 'vitest';
import { chineseOf, linksOf, PAGES, read, rowsOf, sectionsOf, spansOf } from './markdown.ts';

test('every page is there in both languages', () => {
  expect(PAGES.zh.toSorted()).toEqual(PAGES.en.map(chineseOf).toSorted());
});

describe.each(PAGES.en)('%s in both languages', (file) => {
  const english = sectionsOf(read(file));
  const chinese = sectionsOf(read(chineseOf(file)));

  test('has the same sections, with the same names in each', () => {
    const shapeOf = ({ level, text }: (typeof english)[number]) => ({ level, names: namesOf(text) });
    expect(chinese.map(shapeOf)).toEqual(english.map(shapeOf));
  });

  test('has the same tables', () => {
    const shapeOf = ({ text }: (typeof english)[number]) => rowsOf(text).map((cells) => cells.length);
    expect(chinese.map(shapeOf)).toEqual(english.map(shapeOf));
  });

  test('leads to the same places', () => {
    const placesOf = (sections: typeof english) =>
      sections.map(({ text }) => linksOf(text).map(withoutLanguage).toSorted());
    expect(placesOf(chinese)).toEqual(placesOf(english));
  });
});

test('the README is short, and says in its first line what one need not have', () => {
  for (const file of ['README.md', 'README.zh-CN.md']) {
    expect(read(file).split('\n').length, file).toBeLessThanOrEqual(120);
  }
  const [, , first] = read('README.md').split('\n');
  expect(first).toContain('no account, offline');
});

/** Each once, without those that have a word of the language in them. */
function namesOf(section: string): string[] {
  return [...new Set(spansOf(section))].filter((span) => !/[<…]/.test(span)).toSorted();
}

/** A link to a page or a picture in the reader's own language; the heading it names has a word of that language. */
function withoutLanguage(link: string): string {
  const [place = ''] = link.replace('.zh-CN.', '.').split('#');
  return place;
}
