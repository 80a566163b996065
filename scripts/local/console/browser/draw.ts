import { abbreviated, svg } from './dom.ts';
import type { Lanes } from './lanes.ts';
import { jumpWords } from './spoken.ts';
import type { Arrow, Busy, Chapter, Jump, Mark, Row } from './story/row.ts';
import { say } from './words/language.ts';
import { PAYLOAD } from './words/payload.ts';

export const ROW_HEIGHT = 34;
/** The line of a row; its words are above it. */
const LINE_Y = 24;
const WORDS_Y = LINE_Y - 6;
/** From a lifeline to the words beside it. */
const GAP = 12;

/** The drawing of one row, lifelines and the bar of a working function included. */
export function drawRow(row: Row, lanes: Lanes): SVGSVGElement {
  const { width, x } = lanes;
  const frame = svg('svg', { width, height: ROW_HEIGHT, 'aria-hidden': 'true' });
  for (const lane of Object.values(x)) frame.append(line('life', lane + 0.5, 0, lane + 0.5, ROW_HEIGHT));
  frame.append(...barOf(row.busy, x.function), ...signsOf(row, lanes));
  return frame;
}

function signsOf(row: Row, lanes: Lanes): readonly SVGElement[] {
  switch (row.kind) {
    case 'arrow':
      return arrow(row, lanes);
    case 'mark':
      return mark(row, lanes);
    case 'jump':
      return jump(row, lanes);
    case 'chapter':
      return chapter(row, lanes);
  }
}

/** Sides without ends within the work, so that the bars of neighbouring rows are one. */
function barOf({ before, after }: Busy, x: number): readonly SVGElement[] {
  if (!before && !after) return [];
  const top = before ? 0 : LINE_Y - 8;
  const bottom = after ? ROW_HEIGHT : LINE_Y + 8;
  const [left, right] = [x - 3.5, x + 4.5];
  return [
    svg('rect', { class: 'work', x: left, y: top, width: 8, height: bottom - top }),
    line('side', left, top, left, bottom),
    line('side', right, top, right, bottom),
    ...(before ? [] : [line('side', left - 0.5, top, right + 0.5, top)]),
    ...(after ? [] : [line('side', left - 0.5, bottom, right + 0.5, bottom)]),
  ];
}

function arrow(row: Arrow, lanes: Lanes): readonly SVGElement[] {
  if (row.line === 'lost') return lost(row, lanes);
  const { from, to, isRight } = endsOf(row, lanes);
  const tip = isRight ? to - 8 : to + 8;
  const fault = row.isBad ? ' bad' : '';
  const isOpen = row.line !== 'call' && row.line !== 'settle';
  const head = isOpen
    ? svg('path', {
        class: `open ${row.line}${fault}`,
        d: `M${tip} ${LINE_Y - 4.5}L${to} ${LINE_Y}L${tip} ${LINE_Y + 4.5}`,
      })
    : svg('path', {
        class: `head ${row.line}${fault}`,
        d: `M${to} ${LINE_Y}L${tip} ${LINE_Y - 4.5}V${LINE_Y + 4.5}Z`,
      });
  const wire = line(`wire ${row.line}${fault}`, from, LINE_Y, isOpen ? to : tip, LINE_Y);
  return [wire, head, label(row, lanes), ...beside(row, lanes)];
}

/** A little off the lifelines, so that heads do not touch them. */
function endsOf({ from, to }: Arrow, { x }: Lanes) {
  const isRight = x[to] > x[from];
  const step = isRight ? 1 : -1;
  return {
    isRight,
    from: x[from] + step * (from === 'function' ? 5 : 1),
    to: x[to] - step * (to === 'function' ? 6 : 2),
  };
}

/** In the middle of a short span, beside the bar of a function; at the left end of a long one, where eyes look for it. */
function label({ from, to, label: words, line: kind, isBad }: Arrow, { x, width }: Lanes): SVGElement {
  const [first, last] = x[from] < x[to] ? [from, to] : [to, from];
  const left = x[first] + (first === 'function' ? 4 : 0);
  const right = x[last] - (last === 'function' ? 4 : 0);
  const isShort = right - left < (x.wechatpay - x['mini-program']) * 0.4;
  const class_ = `words ${isBad ? 'bad' : kind}`;
  // Which function it is says enough where there is no room for how it is called.
  const fitting = [words, words.replace(/^callFunction /, '')].find(
    (each) => widthOf(each) <= right - left + 2,
  );
  if (isShort && fitting !== undefined) return text(`${class_} middle`, (left + right) / 2, WORDS_Y, fitting);
  return text(class_, x[first] + GAP, WORDS_Y, shortened(words, width - left - GAP));
}

function beside({ beside: words = [], to }: Arrow, { x }: Lanes): readonly SVGElement[] {
  const top = words.length > 1 ? LINE_Y - 2 : LINE_Y + 4;
  return words
    .slice(0, 2)
    .map((word, place) => text('words settle', x[to] + GAP + 2, top + place * 14 - 4, word));
}

/** Breaks before it arrives. */
function lost(row: Arrow, lanes: Lanes): readonly SVGElement[] {
  const { from, to, isRight } = endsOf(row, lanes);
  const step = isRight ? 1 : -1;
  const breaks = from + (to - from) * 0.72;
  const cross = `M${breaks - 5} ${LINE_Y - 5}l10 10M${breaks + 5} ${LINE_Y - 5}l-10 10`;
  const beyond = !isRight && row.to !== 'mini-program';
  const verdict = beyond
    ? text('words bad end', lanes.x[row.to] - 14, LINE_Y + 4, say(PAYLOAD).notReceived)
    : text(
        `words bad ${isRight ? 'end' : ''}`,
        lanes.x[row.to] - step * 10,
        WORDS_Y,
        say(PAYLOAD).notReceived,
      );
  return [
    line('wire lost', from, LINE_Y, breaks - step * 9, LINE_Y),
    svg('path', { class: 'cross', d: cross }),
    line('wire lost faint', breaks + step * 12, LINE_Y, breaks + step * 20, LINE_Y),
    line('wire lost fainter', breaks + step * 27, LINE_Y, breaks + step * 33, LINE_Y),
    text('words bad middle', (from + breaks) / 2, WORDS_Y, row.label),
    verdict,
  ];
}

function mark(row: Mark, lanes: Lanes): readonly SVGElement[] {
  const { x, width } = lanes;
  const at = x[row.lane] + 0.5;
  const isQuiet = row.isPlanned || row.idleRuns !== undefined;
  const state = row.isPlanned ? ' planned' : isQuiet ? ' quiet' : '';
  const class_ = `words strong${row.isBad ? ' bad' : ''}${state}`;
  if (row.sign === 'change') {
    const dot = svg('circle', { class: 'dot', cx: at, cy: LINE_Y, r: 5 });
    const isLast = row.lane === 'wechatpay';
    return [
      dot,
      text(`${class_}${isLast ? ' end' : ''}`, isLast ? at - GAP : at + GAP, LINE_Y + 4, row.label),
    ];
  }
  return [
    svg('circle', { class: `ring${state}`, cx: at, cy: LINE_Y, r: 9 }),
    svg('path', { class: `hand${state}`, d: row.sign === 'timer' ? clockHands(at) : person(at) }),
    text(class_, at + 18, LINE_Y + 4, shortened(row.label, width - at - 18)),
  ];
}

function clockHands(x: number): string {
  return `M${x} ${LINE_Y - 4.5}v5l3 1.8`;
}

function person(x: number): string {
  return `M${x - 4.5} ${LINE_Y + 5}a4.5 4.5 0 0 1 9 0M${x - 2} ${LINE_Y - 3.5}a2 2 0 1 0 4 0a2 2 0 1 0 -4 0`;
}

function jump(row: Jump, { x }: Lanes): readonly SVGElement[] {
  const words = jumpWords(row);
  const middle = (x['mini-program'] + x.wechatpay) / 2;
  const half = widthOf(words) / 2 + 16;
  return [
    line('gap', x['mini-program'] - 34, ROW_HEIGHT / 2, x.wechatpay + 40, ROW_HEIGHT / 2),
    svg('rect', {
      class: 'pill',
      x: middle - half,
      y: ROW_HEIGHT / 2 - 11,
      width: half * 2,
      height: 22,
      rx: 11,
    }),
    text('words quiet middle', middle, ROW_HEIGHT / 2 + 4, words),
  ];
}

function chapter(row: Chapter, { x, width }: Lanes): readonly SVGElement[] {
  const left = Math.max(x['mini-program'] + GAP, widthOf(row.title) * 1.1 + 24);
  const order = row.order === undefined ? '' : abbreviated(row.order);
  const room = width - left - (order === '' ? 0 : widthOf(order) * 1.25 + 16);
  return [
    line('rule', 0, 6.5, width, 6.5),
    text('words title', 4, LINE_Y + 1, row.title),
    text('words quiet', left, LINE_Y + 1, shortened(row.text, room)),
    text('words order end', width - 2, LINE_Y + 1, order),
  ];
}

function line(class_: string, x1: number, y1: number, x2: number, y2: number): SVGElement {
  return svg('line', { class: class_, x1, y1, x2, y2 });
}

function text(class_: string, x: number, y: number, words: string): SVGElement {
  return svg('text', { class: class_, x, y }, words);
}

/** About how wide 12 px text is: a Chinese character twice as wide as a Latin one, and a capital half as much again. */
function widthOf(words: string): number {
  return [...words].reduce((sum, character) => sum + widthOfOne(character), 0);
}

function widthOfOne(character: string): number {
  if (character > '\u2e7f') return 12;
  return character >= 'A' && character <= 'Z' ? 7.9 : 5.9;
}

function shortened(words: string, room: number): string {
  if (widthOf(words) <= room) return words;
  let kept = words;
  while (kept.length > 1 && widthOf(`${kept}…`) > room) kept = kept.slice(0, -1);
  return `${kept}…`;
}
