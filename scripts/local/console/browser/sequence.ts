import { byId, h } from './dom.ts';
import { drawRow } from './draw.ts';
import { type Lanes, laneHeads, laneLines, lanesFor } from './lanes.ts';
import type { Row } from './story/row.ts';
import { rowTime } from './time.ts';
import { spoken } from './words.ts';

/** How far from the end somebody may have scrolled and still is at the end. */
const END_PX = 24;

interface Drawn {
  readonly element: HTMLElement;
  /** What it was drawn from; another one means drawing it again. */
  readonly signature: string;
}

export interface Scene {
  readonly rows: readonly Row[];
  readonly planned: readonly Row[];
  readonly selected: string | undefined;
}

/** The diagram. Only rows that changed are drawn again; the view follows the end unless somebody looks at a row. */
export function createSequence(onSelect: (key: string | undefined) => void): { show(scene: Scene): void } {
  const scroll = byId('scroll');
  const lists = { rows: byId('rows'), planned: byId('planned') };
  const drawn = { rows: new Map<string, Drawn>(), planned: new Map<string, Drawn>() };
  let lanes = lanesFor(scroll.clientWidth);
  let scene: Scene = { rows: [], planned: [], selected: undefined };
  let isAtEnd = true;

  const place = (name: 'rows' | 'planned') => {
    const before = drawn[name];
    const rows = new Map(scene[name].map((row) => [row.key, row]));
    for (const [key, { element }] of before) if (!rows.has(key)) element.remove();
    const now = new Map<string, Drawn>();
    let next = lists[name].firstElementChild;
    for (const [key, row] of rows) {
      const old = before.get(key);
      const isNext = old !== undefined && old.element === next;
      if (isNext) next = next?.nextElementSibling ?? null;
      const made = draw(row, { lanes, isSelected: key === scene.selected, before: old, onSelect });
      if (!isNext) lists[name].insertBefore(made.element, next);
      now.set(key, made);
    }
    drawn[name] = now;
  };
  const show = (next: Scene) => {
    scene = next;
    place('rows');
    place('planned');
    if (scene.selected !== undefined)
      drawn.rows.get(scene.selected)?.element.scrollIntoView({ block: 'nearest' });
    else if (isAtEnd) scroll.scrollTop = scroll.scrollHeight;
  };

  scroll.addEventListener('scroll', () => {
    isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < END_PX;
  });
  new ResizeObserver(() => {
    lanes = lanesFor(scroll.clientWidth);
    byId('lanes').replaceChildren(...laneHeads(lanes));
    byId('lines').replaceChildren(...laneLines(lanes));
    show(scene);
  }).observe(scroll);
  lists.rows.addEventListener('keydown', (event) => walk(event, lists.rows));
  return { show };
}

function draw(
  row: Row,
  about: {
    readonly lanes: Lanes;
    readonly isSelected: boolean;
    readonly before: Drawn | undefined;
    readonly onSelect: (key: string | undefined) => void;
  },
): Drawn {
  const { lanes, isSelected, before, onSelect } = about;
  const { events, ...seen } = { events: [], ...row };
  const signature = JSON.stringify([seen, events.length, lanes.width, isSelected]);
  if (before?.signature === signature) return before;
  const class_ = `row ${row.kind}${'line' in row ? ` ${row.line}` : ''}${'isBad' in row && row.isBad ? ' is-bad' : ''}`;
  const isPlain = row.kind === 'jump' || row.kind === 'chapter' || events.length === 0;
  const element = h(
    'li',
    {
      class: before ? class_ : `${class_} new`,
      'data-key': row.key,
      'aria-label': spoken(row),
      ...(isPlain ? {} : { role: 'button', tabindex: 0, 'aria-pressed': String(isSelected) }),
      ...(isPlain ? {} : { onclick: () => onSelect(isSelected ? undefined : row.key) }),
    },
    'at' in row && timeOf(row.at),
    drawRow(row, lanes),
  );
  if (before?.element === document.activeElement)
    queueMicrotask(() => element.focus({ preventScroll: true }));
  before?.element.replaceWith(element);
  return { element, signature };
}

function timeOf(at: string): HTMLElement {
  const [minutes, seconds] = rowTime(at);
  return h('time', {}, h('span', {}, minutes), seconds);
}

/** Arrow keys go from row to row, Enter and Space select. */
function walk(event: KeyboardEvent, list: HTMLElement): void {
  const rows = [...list.querySelectorAll<HTMLElement>('[role=button]')];
  const focused = document.activeElement;
  const here = focused instanceof HTMLElement ? rows.indexOf(focused) : -1;
  if (here < 0) return;
  const next = { ArrowDown: rows[here + 1], ArrowUp: rows[here - 1] }[event.key];
  if (event.key === 'Enter' || event.key === ' ') rows[here]?.click();
  else if (next) next.focus();
  else return;
  event.preventDefault();
}
