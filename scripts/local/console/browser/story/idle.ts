import type { ConsoleEvent } from '../../wire.ts';
import { say } from '../words/language.ts';
import { ROWS } from '../words/story.ts';
import type { Busy, Jump, Mark, Row } from './row.ts';

/** Adds a run of a timer that found nothing: to the row before when that is one too, and then their jumps are one. */
export function addIdleRun(
  rows: Row[],
  events: readonly ConsoleEvent[],
  { at, busy }: { at: ConsoleEvent; busy: Busy },
) {
  const jump = takeJump(rows);
  const last = rows.at(-1);
  const first = rows.at(-2);
  const isIdle = last?.kind === 'mark' && last.idleRuns !== undefined && last.events[0]?.label === at.label;
  if (isIdle && (!jump || first?.kind === 'jump')) {
    if (jump && first?.kind === 'jump') {
      first.ms += jump.ms;
      first.until = jump.until;
    }
    last.idleRuns = (last.idleRuns ?? 0) + 1;
    last.at = at.at;
    last.label = say(ROWS).idle(at.label, last.idleRuns);
    last.events.splice(0, last.events.length, ...events);
    return;
  }
  if (jump) rows.push(jump);
  const label = say(ROWS).idle(at.label, 1);
  const drawn = { key: `${at.seq}`, at: at.at, label, events: [...events], busy };
  rows.push({
    ...drawn,
    kind: 'mark',
    lane: 'function',
    sign: 'timer',
    topic: 'idle',
    idleRuns: 1,
  } satisfies Mark);
}

function takeJump(rows: Row[]): Jump | undefined {
  const last = rows.at(-1);
  if (last?.kind !== 'jump') return undefined;
  rows.pop();
  return last;
}
