import type { ConsoleState, Outcome, SwitchName } from '../wire.ts';
import { press } from './api.ts';
import { byId, h, setText } from './dom.ts';

type SwitchWords = readonly [name: SwitchName, title: string, armed: string, used: string];

const SWITCHES: readonly SwitchWords[] = [
  ['lose', '丢失通知', '下一次会丢', '已丢'],
  ['repeat', '重复通知', '下一次发 3 遍', '已重复'],
  ['delay', '延迟通知', '下一次晚 3 分钟', '已延迟'],
  ['break', '断开连接', '下一次请求断开', '已断开'],
  ['fail', '支付失败', '下一次余额不足', '已失败'],
];
/** Shown only where something is sold through virtual payment. */
const VIRTUAL_SWITCHES: readonly SwitchWords[] = [
  ['lose-event', '丢失推送', '下一次会丢', '已丢'],
  ['repeat-event', '重复推送', '下一次推 3 遍', '已重复'],
  ['forge-event', '伪造推送', '', '已伪造'],
  ['slow-query', '查询很慢', '下一次等 15 秒', '已变慢'],
  ['hide-payment', '查不到付款', '下一笔晚 3 分钟可见', '已隐藏'],
  ['lose-success', '丢失付款结果', '下一次小程序收不到', '已丢'],
  ['unpublish', '道具未发布', '下一次 -15010', '已拒绝'],
  ['replace-key', '换 session_key', '下一次登录会换', '已换'],
  ['kill-token', '作废 access_token', '下一次调用作废', '已作废'],
];
const JUMPS: readonly (readonly [minutes: number, title: string])[] = [
  [1, '+1 分钟'],
  [30, '+30 分钟'],
  [1440, '+1 天'],
];

export interface Controls {
  /** Shows which switches are armed, and a button for each timer. */
  show(state: ConsoleState): void;
}

/** Everything that can be pressed: faults, timers, the clock. */
export function createControls(onPressed: () => void): Controls {
  const act = async (button: HTMLElement, busyWords: string | undefined, path: string, body: object) => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    const words = button.textContent ?? '';
    button.setAttribute('aria-disabled', 'true');
    if (busyWords) setText(button, busyWords);
    showOutcome(await press(path, body));
    button.removeAttribute('aria-disabled');
    if (busyWords) setText(button, words);
    onPressed();
  };
  const every = [...SWITCHES, ...VIRTUAL_SWITCHES];
  const switches = new Map(every.map((entry) => [entry[0], switchRow(entry, act)]));
  const rowsOf = (words: readonly SwitchWords[]) => words.flatMap(([name]) => switches.get(name) ?? []);
  const virtual = h('div', { class: 'virtual', hidden: true }, ...rowsOf(VIRTUAL_SWITCHES));
  const timers = h('div', { class: 'buttons' });
  const jumps = JUMPS.map(([minutes, title]) => {
    const button = h('button', { 'data-testid': `clock-${minutes}` }, title);
    button.addEventListener('click', () => void act(button, '时间在走…', '/api/clock', { minutes }));
    return button;
  });
  byId('controls').replaceChildren(
    h('h2', {}, '制造故障', h('small', {}, '对下一次生效，用过自动关上')),
    ...rowsOf(SWITCHES),
    virtual,
    h('h2', {}, '时间', h('small', {}, '所有部分共用一个时钟')),
    timers,
    h('div', { class: 'buttons' }, ...jumps),
  );

  return {
    show(state) {
      virtual.hidden = !state.isVirtual;
      for (const [name, title, armed, used] of every) {
        const row = switches.get(name);
        const { isArmed, used: times } = state.switches[name];
        row?.setAttribute('aria-checked', String(isArmed));
        row?.setAttribute('aria-label', title);
        const note = row?.querySelector('.note');
        if (note) setText(note, isArmed ? armed : times > 0 ? `${used} ${times} 次` : '');
      }
      showTimers(timers, state.timers, act);
    },
  };
}

type Act = (button: HTMLElement, busyWords: string | undefined, path: string, body: object) => Promise<void>;

function switchRow([name, title]: SwitchWords, act: Act): HTMLElement {
  const row = h(
    'button',
    {
      class: 'switch',
      role: 'switch',
      'aria-checked': 'false',
      'aria-label': title,
      'data-testid': `switch-${name}`,
    },
    h('span', { class: 'name' }, title, h('code', {}, name)),
    h('span', { class: 'note' }),
    h('i'),
  );
  row.addEventListener('click', () => {
    void act(row, undefined, `/api/switches/${name}`, { on: row.getAttribute('aria-checked') !== 'true' });
  });
  return row;
}

function showTimers(place: HTMLElement, names: readonly string[], act: Act): void {
  if (place.dataset.names === names.join()) return;
  place.dataset.names = names.join();
  const buttons = names.map((name) => {
    const button = h('button', { class: 'main', 'data-testid': `run-${name}` }, `立即运行 ${name}`);
    button.addEventListener('click', () => void act(button, `${name} 在运行…`, `/api/timers/${name}`, {}));
    return button;
  });
  place.replaceChildren(...buttons);
}

/** A refusal is shown below the buttons until the next press. */
export function showOutcome(outcome: Outcome): void {
  const problem = byId('problem');
  problem.hidden = outcome.ok;
  setText(problem, outcome.ok ? '' : outcome.message);
}
