import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, linksOf, MARKDOWN, ROOT, read, spansOf } from './markdown.ts';

/** A path of the project, not a pattern or a place holder. */
const PATH = /^(scripts|cloudfunctions|miniprogram|test|docs|dist|\.github|\.ci)\/[\w./-]*$/;

describe.each(MARKDOWN)('%s', (file) => {
  const text = read(file);

  test('leads only to files that are there', () => {
    const places = linksOf(text).flatMap((link) => {
      const [place = ''] = link.split('#');
      return place === '' || /^https?:/.test(link) ? [] : [path.posix.join(path.posix.dirname(file), place)];
    });
    expect(missingOf(places)).toEqual([]);
  });

  test('leads only to headings that are there', () => {
    const lost = linksOf(text).filter((link) => {
      const [place = '', anchor] = link.split('#');
      if (anchor === undefined || /^https?:/.test(link)) return false;
      const target = place === '' ? file : path.posix.join(path.posix.dirname(file), place);
      return !anchorsOf(read(target)).includes(decodeURIComponent(anchor));
    });
    expect(lost).toEqual([]);
  });

  test('names only files that are there', () => {
    expect(missingOf(spansOf(text).filter((span) => PATH.test(span)))).toEqual([]);
  });
});

test('the checks find links and paths to check', () => {
  const texts = MARKDOWN.map(read);
  expect(texts.flatMap(linksOf).length).toBeGreaterThan(100);
  expect(texts.flatMap(linksOf).filter((link) => link.includes('#')).length).toBeGreaterThan(20);
  expect(texts.flatMap(spansOf).filter((span) => PATH.test(span)).length).toBeGreaterThan(50);
});

function missingOf(places: readonly string[]): string[] {
  return places.filter((place) => !existsSync(path.join(ROOT, place)));
}
