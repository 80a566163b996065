import { h } from '../shell/dom.ts';
import type { PageConfiguration } from './configuration.ts';

/** How far a finger pulls a page down before it refreshes. */
const PULL_PX = 80;
/** A wheel that is turned up at the top of a page pulls it, too. */
const WHEEL_PULL_PX = 60;

/** The box in which one page is shown: it scrolls, it can be pulled down, and it is what `position: fixed` sticks to. */
export interface PageView {
  readonly element: HTMLElement;
  readonly content: HTMLElement;
  /** The framework puts the page in its place. */
  readonly placeholder: HTMLElement;
  /** Colours the box as the page's JSON says for the theme that is now. */
  paint(): void;
  startPullDown(): void;
  stopPullDown(): void;
  /** How far it is scrolled, and how large its content is. */
  scrollOffset(): { left: number; top: number; width: number; height: number };
}

export function createPageView(
  container: HTMLElement,
  {
    route,
    configuration,
    onScroll,
    onReachBottom,
    onPullDown,
  }: {
    route: string;
    configuration: () => PageConfiguration;
    onScroll: (scrollTop: number) => void;
    onReachBottom: () => void;
    onPullDown: () => void;
  },
): PageView {
  const placeholder = h('span');
  const content = h('div', { class: 'sim-scroll' }, placeholder);
  const pull = h('div', { class: 'sim-pull', 'aria-hidden': true }, h('i'), h('i'), h('i'));
  const element = h('div', { class: 'sim-page', 'data-route': route, hidden: true }, pull, content);
  const paint = () => {
    element.style.background = configuration().background;
    element.toggleAttribute('data-still', configuration().disableScroll);
  };
  paint();
  container.append(element);

  const startPullDown = () => {
    if (element.hasAttribute('data-pulling')) return;
    element.toggleAttribute('data-pulling', true);
    onPullDown();
  };
  const pulled = () => {
    if (configuration().pullDown) startPullDown();
  };
  watchScroll(content, { distance: () => configuration().reachBottomDistance, onScroll, onReachBottom });
  watchPull(content, pulled);
  return {
    element,
    content,
    placeholder,
    paint,
    startPullDown,
    stopPullDown: () => element.toggleAttribute('data-pulling', false),
    scrollOffset: () => ({
      left: content.scrollLeft,
      top: content.scrollTop,
      width: content.scrollWidth,
      height: content.scrollHeight,
    }),
  };
}

/** Reaching the bottom is reported once, until the page was scrolled away from it or grew. */
function watchScroll(
  content: HTMLElement,
  {
    distance,
    onScroll,
    onReachBottom,
  }: {
    distance: () => number;
    onScroll: (scrollTop: number) => void;
    onReachBottom: () => void;
  },
): void {
  let toldAt: number | undefined;
  content.addEventListener('scroll', () => {
    const { scrollTop, scrollHeight, clientHeight } = content;
    onScroll(scrollTop);
    const near = scrollHeight - scrollTop - clientHeight <= distance();
    if (near && toldAt !== scrollHeight) onReachBottom();
    toldAt = near ? scrollHeight : undefined;
  });
}

function watchPull(content: HTMLElement, pulled: () => void): void {
  let from: number | undefined;
  const start = (y: number) => {
    from = content.scrollTop <= 0 ? y : undefined;
  };
  const end = (y: number) => {
    if (from !== undefined && y - from > PULL_PX && content.scrollTop <= 0) pulled();
    from = undefined;
  };
  const heightOf = (event: TouchEvent) => event.changedTouches.item(0)?.clientY ?? 0;
  content.addEventListener(
    'wheel',
    ({ deltaY }) => content.scrollTop <= 0 && deltaY < -WHEEL_PULL_PX && pulled(),
    {
      passive: true,
    },
  );
  content.addEventListener('mousedown', ({ clientY }) => start(clientY));
  content.addEventListener('mouseup', ({ clientY }) => end(clientY));
  content.addEventListener('touchstart', (event) => start(heightOf(event)), { passive: true });
  content.addEventListener('touchend', (event) => end(heightOf(event)));
}
