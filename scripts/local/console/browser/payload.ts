import type { ConsoleEvent } from '../wire.ts';
import { byId, h, svg } from './dom.ts';
import { readable } from './readable.ts';
import { explain } from './story/explain.ts';
import type { Arrow, Mark } from './story/row.ts';
import { clockTime } from './time.ts';

const PARTIES: Readonly<Record<ConsoleEvent['from'], string>> = {
  'mini-program': '小程序',
  function: '云函数',
  database: '云数据库',
  wechatpay: '微信支付',
  weixin: '微信',
  timer: '定时器',
  shopper: '买家',
  robot: '群机器人',
};
/** What the SDK says with every call, and nobody asks for. */
const NOISE = ['queryType', 'multi', 'merge', 'upsert', 'transactionId', 'requestId', 'tcbContext'];
/** A longer value is cut: it is looked at, not copied. */
const VALUE_CHARACTERS_MAX = 2000;

/** What the selected row carried; with none, how the diagram is read. */
export function showPayload(row: Arrow | Mark | undefined, onClose: () => void): void {
  const panel = byId('payload');
  if (!row) {
    if (!panel.classList.contains('legend')) panel.replaceChildren(...legend());
    panel.classList.add('legend');
    return;
  }
  const key = `${row.key} ${row.events.length}`;
  if (panel.dataset.key === key && !panel.classList.contains('legend')) return;
  panel.dataset.key = key;
  panel.classList.remove('legend');
  panel.replaceChildren(
    h(
      'div',
      { class: 'title' },
      h('b', {}, row.label),
      row.kind === 'arrow' && row.beside && h('span', { class: 'tag ok' }, row.beside.join(' · ')),
      row.kind === 'arrow' && row.line === 'lost' && h('span', { class: 'tag bad' }, '没有收到'),
      h('button', { class: 'plain', onclick: onClose, 'aria-label': '关闭，继续跟随' }, '关闭'),
    ),
    h('p', { class: 'why' }, explain(row.topic)),
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
  return [
    h(
      'p',
      {},
      entry('wire call', '发生了'),
      entry('wire planned', '还没发生'),
      entry('wire broken', '没送到'),
      entry('wire settle', '入账：订单和会员期改了'),
      h('em', {}, '点一行看内容'),
    ),
  ];
}

/** Of several messages, those that say something. */
function message({ from, to, at, label, payload }: ConsoleEvent, _: number, all: readonly unknown[]) {
  const said = fields(payload);
  if (!said && all.length > 1) return undefined;
  return h(
    'div',
    { class: 'message' },
    h(
      'h3',
      {},
      `${PARTIES[from]} → ${PARTIES[to]}`,
      h('code', {}, label),
      h('time', {}, clockTime(new Date(at))),
    ),
    said,
  );
}

function fields(payload: unknown): HTMLElement | undefined {
  const plain = readable(payload);
  if (plain === undefined) return undefined;
  if (typeof plain !== 'object' || plain === null) return h('p', { class: 'mono' }, shown(plain));
  const listed = Object.entries(plain).filter(([name]) => !NOISE.includes(name));
  if (listed.length === 0) return undefined;
  return h(
    'p',
    { class: 'mono' },
    ...listed.map(([name, value]) => h('span', {}, `${name} `, h('b', {}, shown(value)))),
  );
}

function shown(value: unknown): string {
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  return words.length > VALUE_CHARACTERS_MAX ? `${words.slice(0, VALUE_CHARACTERS_MAX)}…` : words;
}
