import { type Channel, type ConsoleState, SWITCH_NAMES, type SwitchName, type SwitchState } from '../wire.ts';
import { press } from './api.ts';
import { byId, h, replaceContent, setText } from './dom.ts';
import { showOutcome } from './outcome.ts';
import { rove } from './roving.ts';
import { clockTime } from './time.ts';
import { CONTROLS, FAULTS } from './words/controls.ts';
import { language, say } from './words/language.ts';

const JUMPS_MINUTES = [1, 30, 1440];
const DAY_MINUTES = 1440;

/** How long the next fault that is asked for lasts, as the server takes it. */
const SCOPES = {
  once: { times: 1 },
  thrice: { times: 3 },
  minutes: { minutes: 2 },
  on: { lasting: true },
} as const;
type Scope = keyof typeof SCOPES;
const SCOPE_NAMES: readonly Scope[] = ['once', 'thrice', 'minutes', 'on'];

export interface Controls {
  /** Shows which switches are armed, and a button for each timer. */
  show(state: ConsoleState): void;
}

/** Everything that can be pressed: the clock, timers, faults. */
export function createControls(onPressed: () => void): Controls {
  const scopes = rove(byId('controls'), { items: '.scopes [role=radio]' });
  const rows = new Map<SwitchName, HTMLElement>();
  let scope: Scope = 'once';
  let shown = '';

  const act: Act = async (button, busyWords, path, body) => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    const words = button.textContent ?? '';
    button.setAttribute('aria-disabled', 'true');
    if (busyWords) setText(button, busyWords);
    showOutcome(await press(path, body));
    button.removeAttribute('aria-disabled');
    if (busyWords) setText(button, words);
    onPressed();
  };
  const choose = (next: Scope) => {
    scope = next;
    for (const [place, radio] of byId('controls').querySelectorAll('.scopes [role=radio]').entries())
      radio.setAttribute('aria-checked', String(SCOPE_NAMES[place] === next));
    scopes.settle();
  };
  const build = ({ timers, channels }: ConsoleState) => {
    rows.clear();
    for (const name of namesFor(channels))
      rows.set(
        name,
        switchRow(name, () => SCOPES[scope], act),
      );
    replaceContent(
      byId('controls'),
      ...timeControls(timers, act),
      h('h2', { id: 'faults' }, say(CONTROLS).faults, scopeChoice(scope, choose)),
      h('div', { class: 'faults' }, ...rows.values()),
    );
    scopes.settle();
  };

  return {
    show(state) {
      const signature = JSON.stringify([language(), state.timers, state.channels]);
      if (signature !== shown) build(state);
      shown = signature;
      for (const [name, row] of rows) showSwitch(row, state.switches[name]);
    },
  };
}

/** Only faults that can happen here: those of the ways to pay that something is sold through, then those of any way. */
function namesFor(channels: readonly Channel[]): readonly SwitchName[] {
  const own = channels.flatMap((channel): readonly SwitchName[] => SWITCH_NAMES[channel]);
  return [...own, ...SWITCH_NAMES.anyway];
}

type Act = (button: HTMLElement, busyWords: string | undefined, path: string, body: object) => Promise<void>;

function timeControls(timers: readonly string[], act: Act): HTMLElement[] {
  const words = say(CONTROLS);
  const jumps = JUMPS_MINUTES.map((minutes) => {
    const title = minutes === DAY_MINUTES ? words.day : words.minutes(minutes);
    const button = h('button', { type: 'button', 'data-testid': `clock-${minutes}` }, title);
    button.addEventListener('click', () => void act(button, words.moving, '/api/clock', { minutes }));
    return button;
  });
  const runs = timers.map((name) => {
    const title = words.run(name);
    const button = h(
      'button',
      { type: 'button', class: 'main', title, 'aria-label': title, 'data-testid': `run-${name}` },
      name,
    );
    button.addEventListener('click', () => void act(button, words.running, `/api/timers/${name}`, {}));
    return button;
  });
  return [
    h('h2', {}, words.time, h('small', {}, words.timeHint)),
    h('div', { class: 'buttons' }, ...jumps),
    ...(runs.length > 0
      ? [
          h('h2', {}, words.timers, h('small', {}, words.timersHint)),
          h('div', { class: 'buttons runs' }, ...runs),
        ]
      : []),
  ];
}

function scopeChoice(chosen: Scope, choose: (scope: Scope) => void): HTMLElement {
  const words = say(CONTROLS);
  const radios = SCOPE_NAMES.map((name) =>
    h(
      'button',
      {
        type: 'button',
        role: 'radio',
        'aria-checked': String(name === chosen),
        'data-testid': `scope-${name}`,
        onclick: () => choose(name),
      },
      words.scopes[name],
    ),
  );
  return h('div', { class: 'scopes', role: 'radiogroup', 'aria-label': words.lasting }, ...radios);
}

function switchRow(name: SwitchName, lasting: () => object, act: Act): HTMLElement {
  const { name: title, hint } = say(FAULTS)[name];
  const row = h(
    'button',
    {
      ...{ class: 'switch', type: 'button', role: 'switch', 'aria-checked': 'false', 'aria-label': title },
      ...{ title: `${hint} (${name})`, 'data-testid': `switch-${name}` },
    },
    h('span', { class: 'name' }, title),
    h('span', { class: 'note' }),
    h('i'),
  );
  row.addEventListener('click', () => {
    const on = row.getAttribute('aria-checked') !== 'true';
    void act(row, undefined, `/api/switches/${name}`, on ? { on, ...lasting() } : { on });
  });
  return row;
}

function showSwitch(row: HTMLElement, state: SwitchState | undefined): void {
  if (!state) return;
  row.setAttribute('aria-checked', String(state.isArmed));
  const note = row.querySelector('.note');
  if (note) setText(note, noteOf(state));
}

function noteOf({ isArmed, used, left, until }: SwitchState): string {
  const words = say(CONTROLS);
  if (!isArmed) return used > 0 ? words.used(used) : '';
  if (until !== null) return words.until(clockTime(new Date(until)));
  return left === null ? words.on : words.left(left);
}
