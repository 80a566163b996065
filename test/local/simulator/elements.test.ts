import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openPhone } from '../../browser.ts';
import { type SimulatedWorld, startWorld } from './world.ts';

const found = hasBrowser();
let world: SimulatedWorld;

beforeAll(async () => {
  if (found) world = await startWorld();
}, 30_000);

afterAll(() => world?.dispose());

describe.runIf(found)('the form page', () => {
  let page: Page;
  beforeAll(async () => {
    page = await openPhone(world.browser, world.url, { path: '/pages/form/form?from=link' });
  });

  test('a link’s query reaches onLoad', async () => {
    expect(await data(page)).toMatchObject({ from: 'link' });
  });

  test('a form collects what was typed, chosen, switched and picked', async () => {
    await page.getByTestId('name').getByRole('textbox').fill('诸葛亮孔明');
    await page.getByTestId('remark').getByRole('textbox').fill('两行\n备注');
    await page.getByTestId('way-b').click();
    await page.getByTestId('extra-x').click();
    await page.getByRole('switch').click();
    await page.getByRole('slider').fill('7');
    await page.getByTestId('city').click();
    await page.getByRole('dialog').getByRole('listbox').selectOption('上海');
    await page.getByRole('button', { name: '确定' }).click();
    await page.getByTestId('submit').click();
    await shows(page.getByTestId('submitted'), '{');
    expect(JSON.parse(String(await page.getByTestId('submitted').textContent()))).toEqual({
      name: '诸葛亮孔明',
      remark: '两行\n备注',
      way: 'b',
      extras: ['x', 'y'],
      invoice: true,
      count: 7,
      city: 1,
    });
  });

  test('model: writes what was typed into the page’s data', async () => {
    expect(await data(page)).toMatchObject({ name: '诸葛亮孔明', city: 1 });
    expect(await page.getByTestId('hello').textContent()).toBe('诸葛亮孔明');
  });

  test('choosing one radio leaves the others, and is reported to a screen reader', async () => {
    expect(
      await page.getByRole('radio').evaluateAll((radios) => radios.map((radio) => radio.ariaChecked)),
    ).toEqual(['false', 'true']);
  });

  test('a reset empties the fields', async () => {
    await page.getByTestId('reset').click();
    await shows(page.getByTestId('submitted'), 'reset');
    expect(await page.getByTestId('name').getByRole('textbox').inputValue()).toBe('');
  });

  test('an image reports its size when it is loaded', async () => {
    await page.waitForFunction('__sim.data().image === 2');
  });

  test('a dialog waits for the shopper, and a toast goes by itself', async () => {
    await page.getByTestId('ask').click();
    await page.getByRole('dialog', { name: '取消这笔订单？' }).getByRole('button', { name: '取消' }).click();
    await shows(page.getByTestId('asked'), 'no');
    await page.getByRole('alert').filter({ hasText: '好的' }).waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  test('nothing went wrong on the way', () => expectQuiet(page));
});

describe.runIf(found)('the parts page', () => {
  let page: Page;
  beforeAll(async () => {
    page = await openPhone(world.browser, world.url, { path: '/pages/parts/parts' });
  });

  test('templates, includes and inline WXS are drawn in', async () => {
    expect(await page.getByTestId('pair').textContent()).toBe('1-2');
    expect(await page.getByTestId('included').textContent()).toBe('零件');
    expect(await page.getByTestId('words').textContent()).toBe('a+b 12');
  });

  test('a component of one’s own is a field of the form, with a behavior and a class from outside', async () => {
    const star = page.getByTestId('stars').getByText('☆').nth(1);
    await star.click();
    await page.getByTestId('submit').click();
    await shows(page.getByTestId('submitted'), '{"stars":2}');
    const second = page.getByTestId('stars').getByText('★').nth(1);
    expect(await second.getAttribute('data-greeting')).toBe('hello');
    expect(await colorOf(second)).toBe('rgb(200, 150, 0)');
  });

  test('relations know each other, and a slot shows when it is unfolded', async () => {
    expect(await page.evaluate(`__sim.page().selectComponent('#folds').titles()`)).toHaveLength(2);
    expect(await page.getByText('第二层').count()).toBe(0);
    await page.getByText('二', { exact: true }).click();
    await page.getByText('第二层').waitFor();
  });

  test('a package in miniprogram_npm gives modules and components', async () => {
    const badge = page.getByTestId('badge').getByText('42');
    expect(await colorOf(badge)).toBe('rgb(1, 2, 3)');
  });

  test('a scroll-view goes to an element and reports when its end is near', async () => {
    await page.evaluate(`__sim.page().setData({ target: 'end' })`);
    await page.waitForFunction('__sim.data().lower === 1');
  });

  test('a swiper follows its current item and notifies the page', async () => {
    await page.evaluate('__sim.page().setData({ current: 1 })');
    await page.waitForFunction('__sim.data().swiped === 1');
  });

  test('catch keeps a tap from the elements around', async () => {
    await page.getByTestId('inner').click();
    await page.getByTestId('outer').click({ position: { x: 5, y: 36 } });
    await page.waitForFunction('__sim.data().taps.length === 2');
    expect(await data(page)).toMatchObject({ taps: ['inner', 'outer'] });
  });

  test('rich text keeps its words and loses its scripts', async () => {
    expect(await page.locator('wx-rich-text').innerHTML()).toBe('<b>粗</b>');
  });

  test('an element that the simulator has not shows its name', async () => {
    expect(await page.locator('wx-map').getAttribute('data-sim-missing')).toContain('<map>');
  });

  test('a selector query measures from the page’s corner', async () => {
    const query = `new Promise((resolve) => __sim.wx.createSelectorQuery().select('.outer').boundingClientRect(resolve).exec())`;
    expect(await page.evaluate(query)).toMatchObject({ left: 0, width: 375 });
  });

  test('an intersection observer reports at once what can be seen, and later what comes into sight', async () => {
    const seen = (selector: string) =>
      page.evaluate(`new Promise((resolve) =>
        __sim.page().createIntersectionObserver().relativeToViewport().observe('${selector}', resolve),
      ).then(({ intersectionRatio }) => intersectionRatio)`);
    expect(await seen('.outer')).toBe(1);
    await page.evaluate(`__sim.page().setData({ target: '' })`);
    await page.getByTestId('scroll').evaluate((element) => element.scrollTo(0, 0));
    const end = seen('#end');
    await page.evaluate(`__sim.page().setData({ target: 'end' })`);
    expect(await end).toBeGreaterThan(0);
  });

  test('nothing went wrong on the way', () => expectQuiet(page));
});

function data(page: Page): Promise<unknown> {
  return page.evaluate('__sim.data()');
}

function shows(locator: Locator, text: string): Promise<void> {
  return locator.filter({ hasText: text }).waitFor();
}

function colorOf(locator: Locator): Promise<string | undefined> {
  return locator.evaluate((element) => element.ownerDocument.defaultView?.getComputedStyle(element).color);
}

async function expectQuiet(page: Page): Promise<void> {
  expect(await page.evaluate('[...__sim.errors, ...__sim.warnings]')).toEqual([]);
}
