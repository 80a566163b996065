import { showSide } from './bar.ts';
import { byId, h } from './dom.ts';
import { keep, readKept } from './kept.ts';
import { say } from './words/language.ts';
import { TOUR } from './words/tour.ts';

const KEPT_TOUR = 'console-tour';
/** What each step is about, and on which side it stands where only one is shown. */
const STEPS = [
  { name: 'phone', anchor: '#phone', side: 'phone' },
  { name: 'diagram', anchor: '#diagram', side: 'panel' },
  { name: 'orders', anchor: '#tables', side: 'panel' },
  { name: 'time', anchor: '#controls .buttons', side: 'panel' },
  { name: 'faults', anchor: '#controls .faults', side: 'panel' },
  { name: 'save', anchor: '#export', side: 'panel' },
] as const;
/** From what is pointed at to the card, and from the card to the window's edge. */
const GAP_PX = 12;

export interface Tour {
  /** Begins once the page is drawn, where somebody is here for the first time or the address asks for it. */
  offer(): void;
  /** Says it again, in the language that is spoken now. */
  redraw(): void;
}

/** Two minutes for a newcomer. It covers nothing that can be pressed, and Esc ends it. */
export function createTour(): Tour {
  const spot = h('div', { class: 'spot', 'aria-hidden': 'true' });
  const card = h('section', {
    ...{ class: 'tour', role: 'dialog', 'data-testid': 'tour-card' },
    ...{ 'aria-labelledby': 'tour-title', 'aria-describedby': 'tour-text' },
  });
  let isOffered = false;
  let step: number | undefined;

  const end = () => {
    if (step === undefined) return;
    step = undefined;
    spot.remove();
    card.remove();
    keep(KEPT_TOUR, 'seen');
    byId('tour').focus();
  };
  const go = (to: number) => {
    if (to === STEPS.length) return end();
    step = to;
    draw();
    card.querySelector<HTMLElement>('.main')?.focus();
  };
  const draw = () => {
    const shown = STEPS[step ?? -1];
    if (step === undefined || !shown) return;
    showSide(shown.side);
    const here = step;
    const words = say(TOUR);
    const { title, text } = words.steps[shown.name];
    const button = (label: string, testId: string, onclick: () => void, class_ = 'quiet') =>
      h('button', { type: 'button', class: class_, 'data-testid': testId, onclick }, label);
    card.replaceChildren(
      h('small', {}, words.place(here + 1, STEPS.length)),
      h('h2', { id: 'tour-title' }, title),
      h('p', { id: 'tour-text', 'aria-live': 'polite' }, text),
      h(
        'div',
        {},
        button(words.skip, 'tour-skip', end),
        ...(here > 0 ? [button(words.back, 'tour-back', () => go(here - 1))] : []),
        button(here + 1 < STEPS.length ? words.next : words.done, 'tour-next', () => go(here + 1), 'main'),
      ),
    );
    document.body.append(spot, card);
    place(shown.anchor, { spot, card });
  };

  byId('tour').addEventListener('click', () => go(0));
  window.addEventListener('resize', draw);
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') end();
  });
  return {
    offer() {
      if (isOffered) return;
      isOffered = true;
      if (isWanted()) go(0);
    },
    redraw: draw,
  };
}

/** A browser that a script drives is no newcomer; whoever wants to see the tour again asks for it. */
function isWanted(): boolean {
  if (new URLSearchParams(location.search).has('tour')) return true;
  return readKept(KEPT_TOUR) === undefined && !navigator.webdriver;
}

/** Puts the ring around what is meant, and the card beside it: where there is most room of right, left, below and above. */
function place(anchor: string, { spot, card }: { spot: HTMLElement; card: HTMLElement }): void {
  const { left, top, right, bottom, width, height } = (
    document.querySelector(anchor) ?? document.body
  ).getBoundingClientRect();
  Object.assign(spot.style, { left: px(left), top: px(top), width: px(width), height: px(height) });
  const { innerWidth, innerHeight } = window;
  const [wide, high] = [card.offsetWidth + 2 * GAP_PX, card.offsetHeight + 2 * GAP_PX];
  const isBeside = Math.max(innerWidth - right, left) >= wide;
  const x = !isBeside ? left : innerWidth - right >= wide ? right + GAP_PX : left - wide + GAP_PX;
  const y = isBeside ? top : innerHeight - bottom >= high ? bottom + GAP_PX : top - high + GAP_PX;
  Object.assign(card.style, {
    left: px(within(x, innerWidth - wide + GAP_PX)),
    top: px(within(y, innerHeight - high + GAP_PX)),
  });
}

function within(place: number, most: number): number {
  return Math.max(GAP_PX, Math.min(place, most));
}

function px(length: number): string {
  return `${Math.round(length)}px`;
}
