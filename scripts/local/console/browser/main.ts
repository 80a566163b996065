import type { ConsoleEvent, ConsoleState } from '../wire.ts';
import { follow, readState } from './api.ts';
import { createControls } from './controls.ts';
import { byId, setText } from './dom.ts';
import { abbreviated } from './orders.ts';
import { showPayload } from './payload.ts';
import { showPhone } from './phone.ts';
import { createSequence } from './sequence.ts';
import { narrate } from './story/narration.ts';
import { plannedRows } from './story/planned.ts';
import type { Arrow, Mark, Row } from './story/row.ts';
import { JUMP_MIN_MS, storyOf } from './story/story.ts';
import { createTables } from './tables.ts';
import { clockTime, day, duration } from './time.ts';

/** As many as the server keeps. */
const EVENTS_MAX = 2000;
/** A burst of events asks for the state once. */
const STATE_AFTER_MS = 80;
/** What moves without an event: armed switches, planned things. */
const STATE_EVERY_MS = 2000;

let events: readonly ConsoleEvent[] = [];
let state: ConsoleState | undefined;
/** From this machine's clock to the world's. */
let aheadMs = 0;
let selected: string | undefined;
let isWhole = false;
let isDrawing = false;
let isAsking = false;

const sequence = createSequence(select);
const controls = createControls(refresh);
const tables = createTables();

byId('whole').addEventListener('click', () => {
  isWhole = !isWhole;
  byId('whole').setAttribute('aria-pressed', String(isWhole));
  select(undefined);
});
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') select(undefined);
});
follow({
  onEvents(more) {
    events = [...events, ...more].slice(-EVENTS_MAX);
    draw();
    refresh();
  },
  onLive(isLive) {
    byId('live').classList.toggle('off', !isLive);
    setText(byId('live'), isLive ? '实时' : '连接断开，正在重连');
  },
});
setInterval(tick, 200);
setInterval(refresh, STATE_EVERY_MS);
refresh();

function select(key: string | undefined): void {
  selected = key;
  draw();
}

/** Asks for the state, and once more after that when something happened meanwhile. */
function refresh(): void {
  if (isAsking) return;
  isAsking = true;
  setTimeout(async () => {
    isAsking = false;
    try {
      state = await readState();
    } catch {
      return; // The stream says that the connection is gone, and comes back by itself.
    }
    aheadMs = new Date(state.now).getTime() - Date.now();
    showPhone(state);
    controls.show(state);
    tables.show(state);
    draw();
  }, STATE_AFTER_MS);
}

function draw(): void {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    const rows = [
      ...storyOf(events, { productNames: state?.productNames ?? {}, isWhole }),
      ...jumpSince(state),
    ];
    const row = rows.filter(isTold).find(({ key }) => key === selected);
    if (!row) selected = undefined;
    sequence.show({ rows, planned: plannedRows(state?.planned ?? []), selected });
    showPayload(row, () => select(undefined));
    const narration = state && narrate(events, state.orders);
    setText(byId('story-order'), narration ? abbreviated(narration.out_trade_no) : '');
    setText(byId('story'), narration?.sentence ?? '在手机上买一次会员，这里会画出谁对谁说了什么');
    byId('intro').hidden = narration !== undefined;
  });
}

/** The clock may have been moved past the last event. */
function jumpSince(now: ConsoleState | undefined): readonly Row[] {
  if (!now) return [];
  const ms = now.offset - (events.at(-1)?.offset ?? 0);
  if (ms < JUMP_MIN_MS) return [];
  return [{ kind: 'jump', key: 'jump now', ms, until: now.now, busy: { before: false, after: false } }];
}

function isTold(row: Row): row is Arrow | Mark {
  return row.kind === 'arrow' || row.kind === 'mark';
}

function tick(): void {
  if (!state) return;
  const now = new Date(Date.now() + aheadMs);
  setText(byId('clock'), clockTime(now));
  setText(byId('clock-date'), day(now));
  setText(
    byId('clock-offset'),
    state.offset >= JUMP_MIN_MS ? `快进了 ${duration(state.offset)}` : '虚拟时钟',
  );
}
