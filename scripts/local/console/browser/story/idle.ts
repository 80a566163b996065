import type { ConsoleEvent } from '../../wire.ts';
import { CHAPTERS } from '../words/chapters.ts';
import { say } from '../words/language.ts';
import { ROWS } from '../words/story.ts';
import type { Busy, Chapter, Jump, Mark, Row } from './row.ts';

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
    last.label = idleWords(at.label, last.idleRuns);
    last.events.splice(0, last.events.length, ...events);
    return;
  }
  if (jump) rows.push(jump);
  const label = idleWords(at.label, 1);
  const drawn = { key: `${at.seq}`, at: at.at, label, events: [...events], busy };
  rows.push({
    ...drawn,
    kind: 'mark',
    lane: 'function',
    sign: 'timer',
    topic: at.label === 'queryOrders' ? 'idle' : 'idle timer',
    idleRuns: 1,
  } satisfies Mark);
}

/** The timer of orders looks for those that are due; another one has its own reasons. */
function idleWords(name: string, runs: number): string {
  const { idle, noneDue, nothingToDo } = say(ROWS);
  return idle(name, runs, name === 'queryOrders' ? noneDue : nothingToDo);
}

/** Stands before rows among which there are such runs; undefined where there are none. */
export function idleHeading(rows: readonly Row[]): Chapter | undefined {
  const first = rows.find((row) => row.kind === 'mark' && row.idleRuns !== undefined);
  if (first?.kind !== 'mark') return undefined;
  const busy = { before: false, after: false };
  return { kind: 'chapter', key: `chapter ${first.key}`, ...say(CHAPTERS).idle, busy };
}

function takeJump(rows: Row[]): Jump | undefined {
  const last = rows.at(-1);
  if (last?.kind !== 'jump') return undefined;
  rows.pop();
  return last;
}
