/** What no compiler says of the mini-program's files, and a phone would. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@babel/parser';
import { describe, expect, test } from 'vitest';

const ROOT = new URL('../../miniprogram/', import.meta.url);
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).map((file) =>
  file.replaceAll('\\', '/'),
);
const read = (file: string) => readFileSync(new URL(file, ROOT), 'utf8');
/** Of the main package and of the subpackages. */
const PAGES = /(^|\/)pages\//;
const COMPONENTS = /(^|\/)components\//;
const filesOf = (folder: RegExp, ending: string) =>
  files.filter((file) => folder.test(file) && file.endsWith(ending)).sort();

describe('the phone looks for an import with .js, so that a path carries no .ts', () => {
  test.each(filesOf(/^/, '.ts'))('%s', (file) => {
    expect(read(file).match(/(?:from|import) '[^']+\.ts'/g) ?? []).toEqual([]);
  });
});

describe('DevTools’ own compiler, which is of early 2023, reads the syntax', () => {
  const contracts = ['contract.ts', 'desk-contract.ts'].map((name) => `../cloudfunctions/_shared/${name}`);
  test.each([...filesOf(/^/, '.ts'), ...contracts])('%s', (file) => {
    parse(read(file), { sourceType: 'module', plugins: ['typescript'] });
  });
});

describe('what is shown and when runs without a phone', () => {
  test.each(filesOf(/(^|\/)logic\//, '.ts'))('%s', (file) => {
    expect(code(file)).not.toMatch(/\bwx\b|\.\.\/services|Date\.now|Math\.random/);
  });
});

describe('pages and components leave the cloud, the cashier and storage to services', () => {
  test.each([...filesOf(PAGES, '.ts'), ...filesOf(COMPONENTS, '.ts')])('%s', (file) => {
    expect(code(file)).not.toMatch(/wx\.(cloud|login|request\w*Payment|\w*Storage)/);
  });
});

describe('component isolation takes no tag, id or attribute selector', () => {
  test.each(filesOf(COMPONENTS, '.wxss'))('%s', (file) => {
    const selectors = read(file)
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/@keyframes[^{]+\{(?:[^{}]*\{[^{}]*\})*\s*\}/g, '')
      .match(/[^{};]+(?=\{)/g);
    const isolated = /^(:host|@media [^{]+|(\.[\w-]+)+(::?[\w-]+)?([ >]+(\.[\w-]+)+(::?[\w-]+)?)*)$/;
    for (const selector of (selectors ?? []).flatMap((list) => list.split(','))) {
      expect(selector.trim()).toMatch(isolated);
    }
  });
});

test('nothing is loaded from elsewhere', () => {
  for (const file of files.filter((name) => /\.(wxml|wxss|json)$/.test(name))) {
    expect(read(file).replaceAll("xmlns='http://www.w3.org/2000/svg'", '')).not.toMatch(
      /https?:|@import|cloud:\/\//,
    );
  }
});

test('every page declares the components that it uses, and no others', () => {
  for (const file of [...filesOf(PAGES, '.wxml'), ...filesOf(COMPONENTS, '.wxml')]) {
    const declared = Object.keys(JSON.parse(read(file.replace('.wxml', '.json'))).usingComponents ?? {});
    const used = new Set(read(file).match(/(?<=<)[a-z][a-z-]*/g));
    const ours = filesOf(COMPONENTS, '.json').map((json) => json.split('/')[1] ?? '');
    expect(declared.sort()).toEqual(ours.filter((name) => used.has(name)).sort());
  }
});

function code(file: string): string {
  return read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
}
