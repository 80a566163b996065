import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Compilation, compileProject } from '../../../scripts/local/simulator/compiler/compile.ts';
import type { Program } from '../../../scripts/local/simulator/wire.ts';

const FIXTURE = path.join(import.meta.dirname, 'fixture');
const copies: string[] = [];

afterEach(async () => {
  for (const copy of copies.splice(0)) await rm(copy, { recursive: true });
});

test('the sample project compiles without a complaint', async () => {
  const program = accepted(await compileProject(FIXTURE));
  expect(Object.keys(program.components)).toEqual([
    'pages/shop/shop',
    'pages/form/form',
    'pages/list/list',
    'pages/parts/parts',
    'extra/pages/more/more',
    'components/price-tag/price-tag',
    'components/star-field/star-field',
    'components/fold-list/fold-list',
    'components/fold-box/fold-box',
    'miniprogram_npm/tiny-ui/badge/index',
  ]);
  expect(program.app.theme.dark).toEqual({ bar: '#0d110f', barText: 'white' });
});

describe('a fault in the project is an error with its place', () => {
  const SHOP = 'pages/shop/shop';
  const TAG = 'components/price-tag/price-tag';
  test.each<[fault: string, file: string, change: (source: string) => string, error: string]>([
    ['an unclosed tag', `${SHOP}.wxml`, (wxml) => `${wxml}<view>`, `${SHOP}.wxml:`],
    ['an orphaned wx:else', `${SHOP}.wxml`, (wxml) => `<view wx:else />${wxml}`, `${SHOP}.wxml:1:`],
    ['a broken expression', `${SHOP}.wxml`, (wxml) => `<view>{{ a + }}</view>${wxml}`, `${SHOP}.wxml:1:`],
    [
      'a missing WXS file',
      `${TAG}.wxml`,
      (wxml) => wxml.replace('money.wxs', 'none.wxs'),
      'utils/none.wxs is missing',
    ],
    [
      'a missing WXS module',
      'utils/money.wxs',
      (wxs) => wxs.replace('./pad', './none'),
      'utils/none.wxs is missing',
    ],
    [
      'WXS with an arrow function',
      'utils/pad.wxs',
      (wxs) => `${wxs}var f = () => 1;\n`,
      'utils/pad.wxs:6:9 WXS cannot have an arrow function',
    ],
    ['WXS with let', 'utils/pad.wxs', (wxs) => `let a = 1;\n${wxs}`, 'utils/pad.wxs:1:1 WXS cannot have let'],
    ['WXS that does not parse', 'utils/pad.wxs', (wxs) => `${wxs}var = 1;\n`, 'utils/pad.wxs:6:'],
    ['an unclosed WXSS block', `${SHOP}.wxss`, (wxss) => `${wxss}.a {`, `${SHOP}.wxss:14:1 Unclosed block`],
    [
      'a missing style sheet',
      `${SHOP}.wxss`,
      (wxss) => `@import "none.wxss";\n${wxss}`,
      `${SHOP}.wxss:1 the style sheet of @import`,
    ],
    [
      'a local picture in WXSS',
      `${SHOP}.wxss`,
      (wxss) => `${wxss}.a { background: url(/images/dot.png) }`,
      'a phone does not load /images/dot.png',
    ],
    ['TypeScript that does not parse', `${SHOP}.ts`, (ts) => `const = 1;\n${ts}`, `${SHOP}.ts:1:7`],
    [
      'a missing component',
      `${SHOP}.json`,
      (json) => json.replace('price-tag/price-tag', 'none/none'),
      'the component price-tag is not at',
    ],
    [
      'a missing page',
      'app.json',
      (json) => json.replace('pages/list/list', 'pages/none/none'),
      'pages/none/none.wxml is missing',
    ],
    ['JSON that does not parse', `${SHOP}.json`, (json) => `${json},`, `${SHOP}.json: is not JSON`],
    [
      'a value of the wrong type',
      'app.json',
      (json) => json.replace('true', '"yes"'),
      'app.json: darkmode: Invalid type',
    ],
    [
      'a tab that is no page',
      'app.json',
      (json) => json.replace('{ "pagePath": "pages/shop/shop"', '{ "pagePath": "a"'),
      'the tab a is not in pages',
    ],
  ])('%s', async (_, file, change, error) => {
    const project = await copyFixture();
    const edited = path.join(project, 'miniprogram', file);
    await writeFile(edited, change(await readFile(edited, 'utf8')));
    const compilation = await compileProject(project);
    expect(compilation.kind === 'errors' && compilation.errors.join('\n')).toContain(error);
  });
});

describe('what WeChat’s own compiler only warns of is a warning, and the mini-program runs', () => {
  const SHOP = 'pages/shop/shop';
  const TAG = 'components/price-tag/price-tag';
  test.each<[about: string, file: string, change: (source: string) => string, warning: string]>([
    [
      'a tag in a component’s styles',
      `${TAG}.wxss`,
      (wxss) => `${wxss}view { color: red }`,
      `${TAG}.wxss:11 a component's styles use classes only, not <view>`,
    ],
    ['an id in a component’s styles', `${TAG}.wxss`, (wxss) => `${wxss}#a { color: red }`, 'not #a'],
    [
      'an attribute with uppercase letters',
      `${SHOP}.wxml`,
      (wxml) => `<view data-hasStock="1" />${wxml}`,
      `${SHOP}.wxml:1:7 avoid uppercase letters`,
    ],
    [
      'an attribute that is there twice',
      `${SHOP}.wxml`,
      (wxml) => `<view id="a" id="b" />${wxml}`,
      `${SHOP}.wxml:1:14 duplicated attribute`,
    ],
    [
      'a prefix that nobody knows',
      `${SHOP}.wxml`,
      (wxml) => `<view wx:for-key="a" />${wxml}`,
      `${SHOP}.wxml:1:7 invalid attribute`,
    ],
    [
      'a missing template',
      `${SHOP}.wxml`,
      (wxml) => `<import src="none" />${wxml}`,
      'pages/shop/none.wxml is missing',
    ],
    [
      'a missing module',
      `${SHOP}.ts`,
      (ts) => `import { a } from './none';\na();\n${ts}`,
      `the module './none' is not found`,
    ],
    [
      'a missing package',
      `${SHOP}.ts`,
      (ts) => `import { a } from 'none';\na();\n${ts}`,
      'built into miniprogram_npm?',
    ],
    [
      'a module with its extension',
      `${SHOP}.ts`,
      (ts) => `import '../list/list.ts';\n${ts}`,
      'leave the extension out',
    ],
    [
      'an attribute of <block>',
      `${SHOP}.wxml`,
      (wxml) => `<block class="a"><view /></block>${wxml}`,
      `${SHOP}.wxml:1:8 invalid attribute`,
    ],
    [
      'a default value in WXS',
      'utils/money.wxs',
      (wxs) => `function f(a = 1) { return a }\n${wxs}`,
      'utils/money.wxs:1:12 WXS cannot have a default value',
    ],
  ])('%s', async (_, file, change, warning) => {
    const project = await copyFixture();
    const edited = path.join(project, 'miniprogram', file);
    await writeFile(edited, change(await readFile(edited, 'utf8')));
    expect(accepted(await compileProject(project)).warnings.join('\n')).toContain(warning);
  });

  test('this project gives no cause for one', async () => {
    const own = path.resolve(import.meta.dirname, '../../..');
    expect(accepted(await compileProject(own)).warnings).toEqual([]);
  });
});

describe('WXSS', () => {
  test.each<[about: string, wxss: string, css: string]>([
    ['rpx wait for the screen', '.a { width: 25rpx }', 'width: 25rpx'],
    [
      'the screen’s lengths are the page’s',
      '.a { height: 50vh; width: 10vw }',
      'height: 50cqh; width: 10cqw',
    ],
    [
      'safe areas are the phone’s',
      '.a { padding: env(safe-area-inset-bottom, 0px) }',
      'padding: var(--safe-area-inset-bottom, 0px)',
    ],
    [
      'elements have their own tags',
      'view text, page { color: red }',
      'wx-view wx-text, wx-page { color: red }',
    ],
    [
      'a page’s rules stay in the page',
      '.a { color: red }',
      '@scope ([data-route="pages/list/list"]) {.a { color: red }',
    ],
    [
      'keyframes are outside the scope',
      '@keyframes turn { to { top: 2rpx } }',
      '@keyframes turn { to { top: 2rpx } } @scope',
    ],
  ])('%s', async (_, wxss, css) => {
    const project = await copyFixture();
    await writeFile(path.join(project, 'miniprogram/pages/list/list.wxss'), wxss);
    const { styles } = accepted(await compileProject(project));
    expect(styles['pages/list/list']).toContain(css);
  });

  test('a component’s classes and host are its own, unless it shares its styles', async () => {
    const file = 'components/price-tag/price-tag';
    const project = await copyFixture();
    const own = accepted(await compileProject(project));
    const scope = own.components[file]?.scope;
    expect(own.styles[file]).toContain(`.${scope}--tag {`);
    expect(own.styles[file]).toContain(`[wx-host="${scope}"] {`);

    await writeFile(
      path.join(project, `miniprogram/${file}.json`),
      '{ "component": true, "styleIsolation": "shared" }',
    );
    const shared = accepted(await compileProject(project));
    expect(shared.components[file]?.scope).toBeUndefined();
    expect(shared.styles[file]).toContain('.tag {');
  });
});

test('a package’s warnings are not the project’s, and its components are found by name', async () => {
  const project = await copyFixture();
  const folder = path.join(project, 'miniprogram');
  await cp(path.join(folder, 'components/price-tag'), path.join(folder, 'miniprogram_npm/shop-ui/tag'), {
    recursive: true,
  });
  const tag = path.join(folder, 'miniprogram_npm/shop-ui/tag/price-tag');
  await writeFile(`${tag}.wxml`, '<view wx:else />');
  await writeFile(`${tag}.wxss`, 'view { color: red }');
  await writeFile(
    path.join(folder, 'pages/list/list.json'),
    '{ "usingComponents": { "tag": "shop-ui/tag/price-tag" } }',
  );
  const { components } = accepted(await compileProject(project));
  expect(components['pages/list/list']?.usingComponents).toEqual({
    tag: 'miniprogram_npm/shop-ui/tag/price-tag',
  });
});

test('an edit is seen by the next compilation', async () => {
  const project = await copyFixture();
  const cache = new Map();
  accepted(await compileProject(project, cache));
  await writeFile(
    path.join(project, 'miniprogram/pages/list/list.ts'),
    'Page({ data: { edited: true } });\n',
  );
  const { modules } = accepted(await compileProject(project, cache));
  expect(modules['pages/list/list.ts']?.code).toContain('edited');
});

async function copyFixture(): Promise<string> {
  const copy = await mkdtemp(path.join(tmpdir(), 'simulator-'));
  copies.push(copy);
  await cp(FIXTURE, copy, { recursive: true });
  return copy;
}

function accepted(compilation: Compilation): Program {
  if (compilation.kind === 'errors') throw new Error(compilation.errors.join('\n'));
  return compilation.program;
}
