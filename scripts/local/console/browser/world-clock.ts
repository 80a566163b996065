import type { ConsoleState } from '../wire.ts';
import { byId, setText } from './dom.ts';
import { JUMP_MIN_MS } from './story/story.ts';
import { clockTime, day, duration } from './time.ts';
import { say } from './words/language.ts';
import { PAGE } from './words/page.ts';
import { isRecorded } from './world.ts';

/** From this machine's clock to the world's, by the state that was read last. */
let ahead: { readonly of: ConsoleState; readonly ms: number } | undefined;

/** The world's time, which goes on between two readings of the state; a world that was saved stands still. */
export function showClock(state: ConsoleState | undefined): void {
  if (!state) return;
  if (ahead?.of !== state) ahead = { of: state, ms: new Date(state.now).getTime() - Date.now() };
  const now = isRecorded ? new Date(state.now) : new Date(Date.now() + ahead.ms);
  const words = say(PAGE);
  setText(byId('clock'), clockTime(now));
  setText(byId('clock-date'), day(now));
  const isAhead = state.offset >= JUMP_MIN_MS;
  const offset = isAhead ? words.ahead(duration(state.offset)) : words.virtualClock;
  setText(byId('clock-offset'), offset);
  byId('clock').title = offset;
}
