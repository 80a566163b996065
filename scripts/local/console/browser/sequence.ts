import type { Channel } from '../wire.ts';
import { byId, h, setText } from './dom.ts';
import { drawRow, ROW_HEIGHT } from './draw.ts';
import { type Lanes, laneHeads, laneLines, lanesFor } from './lanes.ts';
import { rove } from './roving.ts';
import { spoken } from './spoken.ts';
import type { Row } from './story/row.ts';
import { rowTime } from './time.ts';
import { language, say } from './words/language.ts';
import { PAGE } from './words/page.ts';

/** How far from the end somebody may have scrolled and still is at the end. */
const END_PX = 24;
/** Rows that are drawn above and below what is seen; the others are only room, however many there are. */
const OVERSCAN_ROWS = 40;

interface Drawn {
  readonly element: HTMLElement;
  /** What it was drawn from; another one means drawing it again. */
  readonly signature: string;
}

export interface Scene {
  readonly rows: readonly Row[];
  readonly planned: readonly Row[];
  readonly selected: string | undefined;
  readonly channels: readonly Channel[];
}

export interface Sequence {
  show(scene: Scene): void;
  /** Draws everything again, in the language that is spoken now. */
  redraw(): void;
}

/** The diagram. The view follows the end unless somebody looks at a row, or has scrolled away. */
export function createSequence(onSelect: (row: Row) => void): Sequence {
  const scroll = byId('scroll');
  const back = byId('back');
  const lists = { rows: byId('rows'), planned: byId('planned') };
  const drawn = { rows: new Map<string, Drawn>(), planned: new Map<string, Drawn>() };
  const roving = rove(lists.rows, { items: 'button', chosen: '[aria-pressed=true], li:last-child button' });
  let lanes = lanesFor(scroll.clientWidth);
  let scene: Scene = { rows: [], planned: [], selected: undefined, channels: ['wechatpay'] };
  let isAtEnd = true;
  /** The rows that were there when somebody left the end. */
  let seenRows = 0;

  const windowOf = (): readonly [first: number, last: number] => {
    const seen = Math.ceil(scroll.clientHeight / ROW_HEIGHT);
    const top = isAtEnd ? scene.rows.length - seen : Math.floor(scroll.scrollTop / ROW_HEIGHT);
    return [Math.max(top - OVERSCAN_ROWS, 0), Math.min(top + seen + OVERSCAN_ROWS, scene.rows.length)];
  };
  const place = (name: 'rows' | 'planned', rows: readonly Row[]) => {
    const before = drawn[name];
    const byKey = new Map(rows.map((row) => [row.key, row]));
    for (const [key, { element }] of before) if (!byKey.has(key)) element.remove();
    const now = new Map<string, Drawn>();
    let next = lists[name].firstElementChild;
    for (const [key, row] of byKey) {
      const old = before.get(key);
      const isNext = old !== undefined && old.element === next;
      if (isNext) next = next?.nextElementSibling ?? null;
      const made = draw(row, { lanes, isSelected: key === scene.selected, before: old, onSelect });
      if (!isNext) lists[name].insertBefore(made.element, next);
      now.set(key, made);
    }
    drawn[name] = now;
  };
  const placeRows = () => {
    const [first, last] = windowOf();
    lists.rows.style.paddingTop = `${first * ROW_HEIGHT}px`;
    lists.rows.style.paddingBottom = `${(scene.rows.length - last) * ROW_HEIGHT}px`;
    place('rows', scene.rows.slice(first, last));
    roving.settle();
  };
  const showBack = () => {
    const added = scene.rows.length - seenRows;
    back.hidden = isAtEnd;
    const words = say(PAGE);
    setText(back, added > 0 ? `↓ ${words.backToNow} · ${words.newRows(added)}` : `↓ ${words.backToNow}`);
    back.classList.toggle('news', added > 0);
  };
  const lookForEnd = () => {
    const wasAtEnd = isAtEnd;
    isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < END_PX;
    if (wasAtEnd && !isAtEnd) seenRows = scene.rows.length;
    showBack();
  };
  const goToEnd = () => {
    isAtEnd = true;
    placeRows();
    scroll.scrollTop = scroll.scrollHeight;
    lookForEnd();
  };
  const show = (next: Scene) => {
    const anchor = anchorOf(scene.rows, scroll.scrollTop);
    const isNew = next.selected !== scene.selected;
    if (isAtEnd) seenRows = scene.rows.length;
    scene = next;
    if (isAtEnd && scene.selected === undefined) {
      place('planned', scene.planned);
      goToEnd();
      return;
    }
    isAtEnd = false;
    if (anchor) scroll.scrollTop = placeOf(scene.rows, anchor) ?? scroll.scrollTop;
    placeRows();
    place('planned', scene.planned);
    if (isNew && scene.selected !== undefined)
      drawn.rows.get(scene.selected)?.element.scrollIntoView({ block: 'nearest' });
    lookForEnd();
  };
  const redraw = () => {
    lanes = lanesFor(scroll.clientWidth);
    scroll.classList.toggle('narrow', lanes.isNarrow);
    byId('lanes').replaceChildren(...laneHeads(lanes, scene.channels));
    byId('lines').replaceChildren(...laneLines(lanes));
    show(scene);
  };

  scroll.addEventListener('scroll', () => {
    lookForEnd();
    placeRows();
  });
  back.addEventListener('click', goToEnd);
  new ResizeObserver(redraw).observe(scroll);
  return {
    show(next) {
      const isSame = next.channels.join() === scene.channels.join();
      show(next);
      if (!isSame) redraw();
    },
    redraw,
  };
}

/** Which row is at the top, and how far above the top it begins. */
function anchorOf(rows: readonly Row[], scrollTop: number): { key: string; above: number } | undefined {
  const row = rows[Math.floor(scrollTop / ROW_HEIGHT)];
  return row && { key: row.key, above: scrollTop % ROW_HEIGHT };
}

/** Where that row is now: rows come in above it, and the oldest go. */
function placeOf(rows: readonly Row[], { key, above }: { key: string; above: number }): number | undefined {
  const index = rows.findIndex((row) => row.key === key);
  return index < 0 ? undefined : index * ROW_HEIGHT + above;
}

function draw(
  row: Row,
  about: {
    readonly lanes: Lanes;
    readonly isSelected: boolean;
    readonly before: Drawn | undefined;
    readonly onSelect: (row: Row) => void;
  },
): Drawn {
  const { lanes, isSelected, before, onSelect } = about;
  const { events, ...seen } = { events: [], ...row };
  const signature = JSON.stringify([seen, events.length, lanes.width, isSelected, language()]);
  if (before?.signature === signature) return before;
  const isPlain =
    row.kind === 'jump' || (row.kind === 'chapter' ? row.order === undefined : events.length === 0);
  const element = h(
    'li',
    {
      class: classOf(row, before === undefined),
      'data-key': row.key,
      'aria-label': isPlain ? spoken(row) : undefined,
    },
    // The button lies below the drawing, whose words are shorter than its name.
    !isPlain &&
      h('button', {
        ...{ class: 'face', type: 'button', tabindex: -1 },
        'aria-label': spoken(row),
        'aria-pressed': String(isSelected),
        onclick: () => onSelect(row),
      }),
    timeOf(row),
    drawRow(row, lanes),
  );
  const focused = before?.element.contains(document.activeElement) ?? false;
  before?.element.replaceWith(element);
  if (focused) element.querySelector('button')?.focus({ preventScroll: true });
  return { element, signature };
}

function classOf(row: Row, isNew: boolean): string {
  const line = 'line' in row ? ` ${row.line}` : '';
  const bad = 'isBad' in row && row.isBad ? ' is-bad' : '';
  return `row ${row.kind}${line}${bad}${isNew ? ' new' : ''}`;
}

function timeOf(row: Row): HTMLElement | undefined {
  if (!('at' in row)) return undefined;
  const [minutes, seconds] = rowTime(row.at);
  return h('time', { 'aria-hidden': 'true' }, h('span', {}, minutes), seconds);
}
