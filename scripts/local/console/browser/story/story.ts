import type { ConsoleEvent } from '../../wire.ts';
import { say } from '../words/language.ts';
import { ROWS } from '../words/story.ts';
import { databaseTopic, databaseWords, isRead, isThereAlready, readWords } from './database.ts';
import { everyEvent, laneOf } from './every-event.ts';
import { textField } from './fields.ts';
import { addIdleRun, idleHeading } from './idle.ts';
import { messageRow } from './message-row.ts';
import { type Owners, ownersOf } from './owners.ts';
import type { Arrow, Busy, Jump, Mark, Row } from './row.ts';
import { type Segment, Segments } from './segments.ts';
import { indexOf, type TraceIndex } from './trace-index.ts';
import { transactionRow } from './transaction-row.ts';

export interface StoryOptions {
  /** What a product is called, by its `_id`. */
  readonly productNames: Readonly<Record<string, string>>;
  /** Every event as a row of its own, instead of the gist. */
  readonly isWhole?: boolean;
  /** Which order each event is about, where that is known already. */
  readonly owners?: Owners;
}

/** Less than this and nobody moved the clock. */
export const JUMP_MIN_MS = 1000;

/**
 * The rows of the diagram. The gist leaves out what a reader would have to skip: the database's plain answers, the second
 * hop of a notice, the steps inside a transaction, runs of a timer that found nothing to do.
 */
export function storyOf(events: readonly ConsoleEvent[], options: StoryOptions): readonly Row[] {
  const { owners = ownersOf(events) } = options;
  const builder = new StoryBuilder(indexOf(events), { ...options, owners });
  for (const event of events) {
    if (options.isWhole) builder.addWhole(event);
    else builder.add(event);
  }
  return builder.rows;
}

/** Goes through the events once; lives only for that. */
class StoryBuilder {
  readonly #index: TraceIndex;
  readonly #options: StoryOptions & { readonly owners: Owners };
  readonly #segments: Segments;
  #offset: number | undefined;

  constructor(index: TraceIndex, options: StoryOptions & { readonly owners: Owners }) {
    this.#index = index;
    this.#options = options;
    this.#segments = new Segments(options.owners);
  }

  get rows(): readonly Row[] {
    let isAfterAct = false;
    return this.#segments.all.flatMap(({ kind, heading, rows }) => {
      if (rows.length === 0) return [];
      // What timers had nothing to do for is no part of the act above.
      const idle = isAfterAct && kind === 'between' ? idleHeading(rows) : undefined;
      isAfterAct = kind === 'act';
      const first = heading ?? idle;
      return first ? [first, ...rows] : rows;
    });
  }

  addWhole(event: ConsoleEvent): void {
    this.#jump(event);
    const segment = this.#segments.between();
    segment.rows.push(everyEvent(event, follow(segment, event)));
  }

  add(event: ConsoleEvent): void {
    this.#jump(event);
    if (this.#index.idleRuns.has(event.invocation ?? '')) {
      if (event.from !== 'timer') return;
      const between = this.#segments.between();
      addIdleRun(between.rows, [event, ...this.#answersTo(event)], { at: event, busy: still(between) });
      return;
    }
    const segment = this.#segments.of(event);
    const busy = follow(segment, event);
    const row = this.#row(event, busy, segment.rows);
    const last = segment.rows.at(-1);
    const order = this.#options.owners.get(event.seq);
    if (row) segment.rows.push(order === undefined ? row : { ...row, order });
    // An event without a row of its own may still begin or end a function's work: the bar of the row before shows it.
    else if (last) last.busy.after = busy.after;
  }

  #jump({ seq, at, offset }: ConsoleEvent): void {
    const ms = offset - (this.#offset ?? offset);
    this.#offset = offset;
    if (ms < JUMP_MIN_MS) return;
    const busy = { before: false, after: false };
    this.#segments
      .between()
      .rows.push({ kind: 'jump', key: `jump ${seq}`, ms, until: at, busy } satisfies Jump);
  }

  #row(event: ConsoleEvent, busy: Busy, rows: readonly Row[]): Arrow | Mark | undefined {
    const transaction = this.#index.transactions.get(event.seq);
    const { productNames } = this.#options;
    if (transaction) return transactionRow(transaction, event, { busy, productNames });
    if (event.from === 'database' && event.kind !== 'lost') return undefined;
    if (event.to === 'database') return this.#databaseRow(event, busy, rows);
    return messageRow(event, busy, this.#index);
  }

  #databaseRow(event: ConsoleEvent, busy: Busy, rows: readonly Row[]): Arrow | undefined {
    const answers = this.#answersTo(event);
    const last = rows.at(-1);
    const before = last?.kind === 'arrow' && last.line === 'call' ? last.events[0] : undefined;
    const isReading = before?.to === 'database' && isRead(before) && isRead(event);
    if (
      last?.kind === 'arrow' &&
      isReading &&
      before.from === event.from &&
      before.invocation === event.invocation
    ) {
      last.label += `${say(ROWS).list}${readWords(event, answers[0])}`;
      last.events.push(event, ...answers);
      return undefined;
    }
    const topic = databaseTopic(event);
    return {
      kind: 'arrow',
      key: `${event.seq}`,
      at: event.at,
      from: laneOf(event.from),
      to: 'database',
      line: 'call',
      label: databaseWords(event, answers[0]),
      topic,
      isBad: topic === 'alarm' || answers.some((answer) => isRefused(event, answer)),
      events: [event, ...answers],
      busy,
    };
  }

  #answersTo({ id }: ConsoleEvent): ConsoleEvent[] {
    const answer = this.#index.answers.get(id ?? '');
    return answer ? [answer] : [];
  }
}

function isRefused(call: ConsoleEvent, answer: ConsoleEvent): boolean {
  return textField(answer.payload, 'code') !== undefined && !isThereAlready(call, answer);
}

/** Which functions of a segment are at work before and after an event. */
function follow({ working }: Segment, { id, invocation, kind, to, from }: ConsoleEvent): Busy {
  const before = working.size > 0;
  if (invocation !== undefined && id === invocation) {
    if (kind === 'call' && to === 'function') working.add(invocation);
    else if (from === 'function') working.delete(invocation);
  }
  return { before, after: working.size > 0 };
}

function still({ working }: Segment): Busy {
  return { before: working.size > 0, after: working.size > 0 };
}
