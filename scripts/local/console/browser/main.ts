import type { ConsoleEvent, ConsoleState } from '../wire.ts';
import { chooseLanguage, createBar } from './bar.ts';
import { createControls } from './controls.ts';
import { abbreviated, byId, setText } from './dom.ts';
import { noticeDeeds } from './notice-deeds.ts';
import { showPayload } from './payload.ts';
import { createPhone } from './phone.ts';
import { recording } from './recorded.ts';
import { showRecording } from './recording-note.ts';
import { createSequence } from './sequence.ts';
import { wantedOf } from './story/filter.ts';
import { narrate, sentenceOf } from './story/narration.ts';
import { ownersOf } from './story/owners.ts';
import { plannedRows } from './story/planned.ts';
import type { Arrow, Mark, Row } from './story/row.ts';
import { JUMP_MIN_MS, storyOf } from './story/story.ts';
import { whyOf } from './story/why.ts';
import { createTables } from './tables.ts';
import { createTour } from './tour.ts';
import { say } from './words/language.ts';
import { PAGE } from './words/page.ts';
import { isRecorded, world } from './world.ts';
import { showClock } from './world-clock.ts';

/** As many as the server keeps. */
const EVENTS_MAX = 2000;
/** Nobody reads faster; while much happens, a page that draws everything at once would be busy with nothing else. */
const DRAW_EVERY_MS = 250;
/** A burst of events asks for the state once. */
const STATE_AFTER_MS = 80;
const STATE_EVERY_MS = 400;
/** What moves without an event: armed switches, planned things. */
const STATE_IDLE_MS = 2000;

let events: readonly ConsoleEvent[] = [];
let state: ConsoleState | undefined;
let isLive: boolean | undefined;
/** What somebody looks at. */
let view: {
  readonly order?: string | undefined;
  readonly find: string;
  readonly isWhole: boolean;
  readonly selected?: string | undefined;
} = { order: recording?.order ?? undefined, find: '', isWhole: false };
let isAsking = false;
let isDrawing = false;
let askedAt = 0;
let drawnAt = 0;

document.body.classList.toggle('recorded', isRecorded);
chooseLanguage();
const bar = createBar({
  onFind: (find) => look({ find, order: undefined, selected: undefined }),
  onWhole: (isWhole) => look({ isWhole, selected: undefined }),
  onOnly: () => look({ order: undefined, selected: undefined }),
  onLanguage() {
    sequence.redraw();
    showState();
    tour.redraw();
  },
});
const sequence = createSequence((row) => {
  if (row.kind === 'chapter') look({ order: row.order, selected: undefined });
  else look({ selected: row.key === view.selected ? undefined : row.key });
});
const controls = createControls(refresh);
const tables = createTables((order) =>
  look({ order: order === view.order ? undefined : order, selected: undefined }),
);
const phone = createPhone();
const tour = createTour();

document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') look({ selected: undefined });
});
world.follow({
  onEvents(more) {
    events = [...events, ...more].slice(-EVENTS_MAX);
    draw();
    refresh();
  },
  onLive(isNow) {
    isLive = isNow;
    showLive();
  },
});
if (!isRecorded) {
  setInterval(() => showClock(state), 250);
  setInterval(refresh, STATE_IDLE_MS);
}
showLive();
refresh();

function look(change: Partial<typeof view>): void {
  view = { ...view, ...change };
  if ('find' in change) refresh();
  showState();
}

/** Asks for the state, and once more after that when something happened meanwhile. */
function refresh(): void {
  if (isAsking) return;
  isAsking = true;
  const wait = Math.max(STATE_AFTER_MS, askedAt + STATE_EVERY_MS - performance.now());
  setTimeout(async () => {
    isAsking = false;
    askedAt = performance.now();
    try {
      state = await world.readState(view.find);
    } catch {
      return; // The stream says that the connection is gone, and comes back by itself.
    }
    showState();
  }, wait);
}

function showState(): void {
  if (!state) return;
  showLive();
  showClock(state);
  if (isRecorded) showRecording(state);
  else {
    phone.show(state);
    controls.show(state);
    tour.offer();
  }
  const why = (order: ConsoleState['orders'][number]) => whyOf(events, order);
  tables.show({ state, find: view.find, opened: view.order, why });
  draw();
}

function draw(): void {
  if (isDrawing) return;
  isDrawing = true;
  const wait = Math.max(0, drawnAt + DRAW_EVERY_MS - performance.now());
  setTimeout(() => requestAnimationFrame(drawNow), wait);
}

function drawNow(): void {
  isDrawing = false;
  drawnAt = performance.now();
  const orders = state?.orders ?? [];
  const owners = ownersOf(events);
  const wanted = wantedOf(events, { order: view.order, find: view.find }, { owners, orders });
  const isAll = wanted.length === events.length;
  const productNames = state?.productNames ?? {};
  const rows = [
    ...storyOf(wanted, { productNames, isWhole: view.isWhole, owners }),
    ...(isAll ? jumpSince(state) : []),
  ];
  const row = rows.filter(isSaid).find(({ key }) => key === view.selected);
  if (!row && view.selected !== undefined) view = { ...view, selected: undefined };
  const planned = (state?.planned ?? []).filter(
    (plan) => view.order === undefined || ('out_trade_no' in plan && plan.out_trade_no === view.order),
  );
  const channels = state?.channels ?? ['wechatpay'];
  sequence.show({ rows, planned: plannedRows(planned), selected: view.selected, channels });
  showPayload(row, { onClose: () => look({ selected: undefined }), deeds });
  byId('intro').hidden = events.length > 0 && orders.length > 0;
  byId('nothing').hidden = isAll || rows.length > 0;
  showStory();
}

/** The latest order, or the one that somebody looks at, in one sentence. */
function showStory(): void {
  const words = say(PAGE);
  const orders = state?.orders ?? [];
  const chosen = orders.find(({ out_trade_no }) => out_trade_no === view.order);
  const told = chosen
    ? { out_trade_no: chosen.out_trade_no, sentence: sentenceOf(events, chosen) }
    : state && narrate(events, orders);
  setText(byId('story-order'), told ? abbreviated(told.out_trade_no) : '');
  setText(byId('story'), told?.sentence ?? words.welcome);
  bar.showOnly(view.order);
}

/** What can be done with a message of WeChat's about an order. */
function deeds(row: Arrow | Mark): HTMLElement[] {
  const order = state?.orders.find(({ out_trade_no }) => out_trade_no === row.order);
  const isSent = row.topic !== undefined && ['notice', 'event', 'lost', 'lost event'].includes(row.topic);
  return order && isSent ? noticeDeeds(order) : [];
}

/** The clock may have been moved past the last event. */
function jumpSince(now: ConsoleState | undefined): readonly Row[] {
  if (!now) return [];
  const ms = now.offset - (events.at(-1)?.offset ?? 0);
  if (ms < JUMP_MIN_MS) return [];
  return [{ kind: 'jump', key: 'jump now', ms, until: now.now, busy: { before: false, after: false } }];
}

function isSaid(row: Row): row is Arrow | Mark {
  return row.kind === 'arrow' || row.kind === 'mark';
}

function showLive(): void {
  const words = say(PAGE);
  byId('live').classList.toggle('off', isLive !== true);
  const live = isRecorded ? words.recorded : words.live;
  setText(byId('live'), isLive === undefined ? words.connecting : isLive ? live : words.broken);
}
