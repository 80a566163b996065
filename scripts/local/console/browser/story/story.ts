import type { ConsoleEvent } from '../../wire.ts';
import { chapterOf } from './chapters.ts';
import { databaseTopic, databaseWords, isRead } from './database.ts';
import { everyEvent, laneOf } from './every-event.ts';
import { textField } from './fields.ts';
import { addIdleRun } from './idle.ts';
import { messageRow } from './message-row.ts';
import type { Arrow, Busy, Mark, Row } from './row.ts';
import { indexOf, type TraceIndex } from './trace-index.ts';
import { transactionRow } from './transaction-row.ts';

export interface StoryOptions {
  /** What a product is called, by its `_id`. */
  readonly productNames: Readonly<Record<string, string>>;
  /** Every event as a row of its own, instead of the gist. */
  readonly isWhole?: boolean;
}

/** Less than this and nobody moved the clock. */
export const JUMP_MIN_MS = 1000;

/**
 * The rows of the diagram. The gist leaves out what a reader would have to skip: the database's plain answers, the second
 * hop of a notice, the steps inside a transaction, runs of a timer that found nothing to do.
 */
export function storyOf(events: readonly ConsoleEvent[], options: StoryOptions): readonly Row[] {
  const builder = new StoryBuilder(indexOf(events), options);
  for (const event of events) {
    if (options.isWhole) builder.addWhole(event);
    else builder.add(event);
  }
  return builder.rows;
}

/** Goes through the events once; lives only for that. */
class StoryBuilder {
  readonly rows: Row[] = [];
  readonly #index: TraceIndex;
  readonly #options: StoryOptions;
  readonly #working = new Set<string>();
  #chapter: string | undefined;
  #offset: number | undefined;

  constructor(index: TraceIndex, options: StoryOptions) {
    this.#index = index;
    this.#options = options;
  }

  addWhole(event: ConsoleEvent): void {
    this.#jump(event);
    this.rows.push(everyEvent(event, this.#follow(event)));
  }

  add(event: ConsoleEvent): void {
    this.#jump(event);
    if (this.#index.idleRuns.has(event.invocation ?? '')) {
      if (event.from !== 'timer') return;
      addIdleRun(this.rows, [event, ...this.#answersTo(event)], { at: event, busy: this.#still() });
      return;
    }
    this.#open(event);
    const busy = this.#follow(event);
    const row = this.#row(event, busy);
    const last = this.rows.at(-1);
    if (row) this.rows.push(row);
    // An event without a row of its own may still begin or end a function's work: the bar of the row before shows it.
    else if (last) last.busy.after = busy.after;
  }

  /** Which functions are at work before and after an event. */
  #follow({ id, invocation, kind, to, from }: ConsoleEvent): Busy {
    const before = this.#working.size > 0;
    if (invocation !== undefined && id === invocation) {
      if (kind === 'call' && to === 'function') this.#working.add(invocation);
      else if (from === 'function') this.#working.delete(invocation);
    }
    return { before, after: this.#working.size > 0 };
  }

  #still(): Busy {
    const isWorking = this.#working.size > 0;
    return { before: isWorking, after: isWorking };
  }

  #jump({ seq, at, offset }: ConsoleEvent): void {
    const ms = offset - (this.#offset ?? offset);
    this.#offset = offset;
    if (ms >= JUMP_MIN_MS)
      this.rows.push({ kind: 'jump', key: `jump ${seq}`, ms, until: at, busy: this.#still() });
  }

  #open(event: ConsoleEvent): void {
    const chapter = chapterOf(event);
    if (!chapter || chapter.title === this.#chapter) return;
    this.#chapter = chapter.title;
    this.rows.push({ kind: 'chapter', key: `chapter ${event.seq}`, ...chapter, busy: this.#still() });
  }

  #row(event: ConsoleEvent, busy: Busy): Arrow | Mark | undefined {
    const transaction = this.#index.transactions.get(event.seq);
    const { productNames } = this.#options;
    if (transaction) return transactionRow(transaction, event, { busy, productNames });
    if (event.from === 'database' && event.kind !== 'lost') return undefined;
    if (event.to === 'database') return this.#databaseRow(event, busy);
    return messageRow(event, busy, this.#index);
  }

  #databaseRow(event: ConsoleEvent, busy: Busy): Arrow | undefined {
    const answers = this.#answersTo(event);
    const label = databaseWords(event, answers[0]);
    const last = this.rows.at(-1);
    const before = last?.kind === 'arrow' && last.line === 'call' ? last.events[0] : undefined;
    const isReading = before?.to === 'database' && isRead(before) && isRead(event);
    if (
      last?.kind === 'arrow' &&
      isReading &&
      before.from === event.from &&
      before.invocation === event.invocation
    ) {
      last.label += `，${label.replace(/^读 /, '')}`;
      last.events.push(event, ...answers);
      return undefined;
    }
    return {
      kind: 'arrow',
      key: `${event.seq}`,
      at: event.at,
      from: laneOf(event.from),
      to: 'database',
      line: 'call',
      label,
      topic: databaseTopic(event),
      isBad:
        label.startsWith('alarms') || answers.some(({ payload }) => textField(payload, 'code') !== undefined),
      events: [event, ...answers],
      busy,
    };
  }

  #answersTo({ id }: ConsoleEvent): ConsoleEvent[] {
    const answer = this.#index.answers.get(id ?? '');
    return answer ? [answer] : [];
  }
}
