import type { ConsoleEvent } from '../wire.ts';
import { copyButton } from './copy.ts';
import { byId, h, svg } from './dom.ts';
import { prettyJson } from './pretty-json.ts';
import { readable } from './readable.ts';
import { explain } from './story/explain.ts';
import type { Arrow, Mark } from './story/row.ts';
import { clockTime } from './time.ts';
import { language, say } from './words/language.ts';
import { PARTIES } from './words/page.ts';
import { PAYLOAD } from './words/payload.ts';

/** What the SDK says with every call, and nobody asks for. */
const NOISE = ['queryType', 'multi', 'merge', 'upsert', 'transactionId', 'requestId', 'tcbContext'];

/** What the selected row carried; with none, how the diagram is read. */
export function showPayload(
  row: Arrow | Mark | undefined,
  { onClose, deeds }: { readonly onClose: () => void; readonly deeds: (row: Arrow | Mark) => HTMLElement[] },
): void {
  const panel = byId('payload');
  const key = `${language()} ${row ? `${row.key} ${row.events.length}` : ''}`;
  if (panel.dataset.key === key) return;
  panel.dataset.key = key;
  panel.classList.toggle('legend', row === undefined);
  panel.scrollTop = 0;
  // What scrolls can be reached by the keyboard.
  panel.tabIndex = row ? 0 : -1;
  if (!row) {
    panel.replaceChildren(...legend());
    return;
  }
  const words = say(PAYLOAD);
  panel.replaceChildren(
    h(
      'div',
      { class: 'title' },
      h('h2', {}, row.label),
      ...(row.kind === 'arrow' && row.beside ? [h('span', { class: 'tag ok' }, row.beside.join(' · '))] : []),
      ...(row.kind === 'arrow' && row.line === 'lost'
        ? [h('span', { class: 'tag bad' }, words.notReceived)]
        : []),
      h(
        'button',
        { class: 'plain', type: 'button', onclick: onClose, 'aria-label': words.closeHint },
        words.close,
      ),
    ),
    h('p', { class: 'why' }, explain(row.topic)),
    h('div', { class: 'deeds' }, ...deeds(row)),
    h('div', { class: 'messages' }, ...row.events.map(message)),
  );
}

function legend(): HTMLElement[] {
  const sample = (class_: string) =>
    svg(
      'svg',
      { width: 28, height: 10, 'aria-hidden': 'true' },
      svg('line', { class: class_, x1: 0, y1: 5, x2: 28, y2: 5 }),
    );
  const entry = (class_: string, words: string) => h('span', {}, sample(class_), words);
  const { happened, planned, lost, settled, hint } = say(PAYLOAD);
  return [
    h(
      'p',
      {},
      entry('wire call', happened),
      entry('wire planned', planned),
      entry('wire broken', lost),
      entry('wire settle', settled),
      h('em', {}, hint),
    ),
  ];
}

/** Of several messages, those that say something. */
function message({ from, to, at, label, payload }: ConsoleEvent, _: number, all: readonly unknown[]) {
  const plain = withoutNoise(readable(payload));
  if (plain === undefined && all.length > 1) return undefined;
  const parties = say(PARTIES);
  return h(
    'section',
    { class: 'message' },
    h(
      'h3',
      {},
      `${parties[from]} → ${parties[to]}`,
      h('code', {}, label),
      h('time', {}, clockTime(new Date(at))),
      plain !== undefined && copyButton(JSON.stringify(plain, null, 2), label),
    ),
    plain !== undefined && prettyJson(plain),
  );
}

function withoutNoise(plain: unknown): unknown {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) return plain;
  const listed = Object.entries(plain).filter(([name]) => !NOISE.includes(name));
  return listed.length === 0 ? undefined : Object.fromEntries(listed);
}
