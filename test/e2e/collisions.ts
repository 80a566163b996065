import type { Page } from 'playwright-core';

interface Line {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** It is wider than an element that it is in. */
  readonly isTooWide: boolean;
  /** Bars that stay in their place are drawn over what scrolls, and that is no collision. */
  readonly isFixed: boolean;
}

/**
 * Lines of text of the page that is shown which run into one another, into a button, or out of what they are in, and a foot
 * that is not at the page's end.
 */
export async function collisions(page: Page): Promise<string[]> {
  const lines = await page.evaluate<Line[]>(LINES);
  const found = lines.filter(({ isTooWide }) => isTooWide).map(({ text }) => `${text} runs out of its place`);
  for (const [index, one] of lines.entries()) {
    for (const other of lines.slice(index + 1)) {
      if (one.isFixed === other.isFixed && overlaps(one, other))
        found.push(`${one.text} runs into ${other.text}`);
    }
  }
  return [...found, ...(await page.evaluate<string[]>(FLOATING))];
}

/** A glyph may reach a little beyond its line. */
const TOLERATED_PX = 2;

function overlaps(one: Line, other: Line): boolean {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return width > TOLERATED_PX && height > TOLERATED_PX;
}

/** Runs in the browser. A foot stays at the end of the screen, however little there is above it. */
const FLOATING = `(() => {
  const shown = document.querySelector('[data-route]:not([hidden])');
  const end = shown.getBoundingClientRect().bottom;
  return [...shown.querySelectorAll('.foot-bar')]
    .filter((foot) => Math.abs(foot.getBoundingClientRect().bottom - end) > 1)
    .map((foot) => 'the foot with ' + foot.textContent.trim() + ' floats');
})()`;

/** Runs in the browser. A line's box is as high as its type, not as its line; a button's is its own. */
const LINES = `(() => {
  const shown = document.querySelector('[data-route]:not([hidden])');
  const around = (node) => (node === shown ? [shown] : [node, ...around(node.parentElement)]);
  const isBar = (node) => ['fixed', 'sticky'].includes(getComputedStyle(node).position);
  const lineOf = ({ left, right, top, bottom }, text, parent) => ({
    ...{ text, left, right, top, bottom },
    isFixed: around(parent).some(isBar),
    isTooWide: around(parent).some((node) => {
      const box = node.getBoundingClientRect();
      return left < box.left - 1 || right > box.right + 1;
    }),
  });
  const isSeen = (node) => getComputedStyle(node).visibility !== 'hidden';
  const lines = [...shown.querySelectorAll('wx-button')]
    .filter(isSeen)
    .map((button) => lineOf(button.getBoundingClientRect(), 'the button ' + button.textContent.trim(), button.parentElement));
  const walker = document.createTreeWalker(shown, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    const isOnButton = parent.closest('wx-button') !== null;
    if (!node.data.trim() || !isSeen(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const size = parseFloat(getComputedStyle(parent).fontSize);
    for (const { left, right, width, top, bottom } of range.getClientRects()) {
      if (width === 0) continue;
      const middle = (top + bottom) / 2;
      const line = lineOf({ left, right, top: middle - size / 2, bottom: middle + size / 2 }, node.data.trim(), parent);
      if (!isOnButton || line.isTooWide) lines.push(line);
    }
  }
  return lines;
})()`;
