import type { ConsoleEvent } from '../../wire.ts';
import type { ChapterWords } from '../words/chapters.ts';
import { say } from '../words/language.ts';
import { ROWS } from '../words/story.ts';
import { chapterOf, isInvocation } from './chapters.ts';
import type { Owners } from './owners.ts';
import type { Row } from './row.ts';

/** Rows that stand together: an act of one order, or what lies between acts. */
export interface Segment {
  readonly kind: 'act' | 'between';
  readonly rows: Row[];
  /** Whose act it is; acts of nobody's order have none. */
  readonly order: string | undefined;
  readonly openid: string | undefined;
  readonly title: string | undefined;
  /** Stands before its rows, once it has one. */
  readonly heading: Row | undefined;
  /** The functions that are at work in it. */
  readonly working: Set<string>;
}

const BETWEEN = {
  kind: 'between',
  order: undefined,
  openid: undefined,
  title: undefined,
  heading: undefined,
} as const;

/**
 * Puts each event where it belongs: an order's story is never inside another's, however the two run at once. Acts stand in
 * the order in which they began; what belongs to an act that began earlier is added to it.
 */
export class Segments {
  readonly all: Segment[] = [];
  readonly #owners: Owners;
  readonly #ofCourse = new Map<string, Segment>();
  readonly #ofOrder = new Map<string, Segment>();

  constructor(owners: Owners) {
    this.#owners = owners;
  }

  /** Where an event's row goes; opens a segment where it begins an act. */
  of(event: ConsoleEvent): Segment {
    const order = this.#owners.get(event.seq);
    const course = `${event.invocation ?? ''} ${order ?? ''}`;
    const segment =
      (event.invocation === undefined ? undefined : this.#ofCourse.get(course)) ?? this.#next(event, order);
    this.#ofCourse.set(course, segment);
    if (order !== undefined) this.#ofOrder.set(order, segment);
    return segment;
  }

  /** What lies between acts: the clock was moved, a timer had nothing to do. */
  between(): Segment {
    const last = this.all.at(-1);
    return last?.kind === 'between' ? last : this.#push(BETWEEN);
  }

  #next(event: ConsoleEvent, order: string | undefined): Segment {
    const chapter = this.#chapterOf(event, order);
    const last = this.all.at(-1);
    const isSameHands = last?.kind === 'act' && last.order === order && isSame(last.openid, event.openid);
    if (isSameHands && (chapter === undefined || chapter.title === last.title)) return last;
    const before = order === undefined ? undefined : this.#ofOrder.get(order);
    if (!chapter && before) return before;
    const isPhone = event.from === 'mini-program' || event.to === 'mini-program';
    // What a function asks in nobody's name, such as a token, belongs to what it does just now.
    if (!chapter && order === undefined && !isPhone && last?.kind === 'act') return last;
    const words = chapter ?? (order === undefined && this.all.length > 0 ? phoneWords() : undefined);
    const heading = words && chapterRow(event, words, order);
    return this.#push({ kind: 'act', order, openid: event.openid, title: words?.title, heading });
  }

  /** A course that has no words of its own is an act under the function's name, where it is about nobody's order. */
  #chapterOf(event: ConsoleEvent, order: string | undefined): ChapterWords | undefined {
    const chapter = chapterOf(event);
    if (chapter || order !== undefined || !isInvocation(event)) return chapter;
    return { title: event.label, text: '' };
  }

  #push(segment: Omit<Segment, 'rows' | 'working'>): Segment {
    const pushed = { ...segment, rows: [], working: new Set<string>() };
    this.all.push(pushed);
    return pushed;
  }
}

/** What a phone reads is about no order. */
function phoneWords(): ChapterWords {
  const { phoneReads: title, phoneReadsText: text } = say(ROWS);
  return { title, text };
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

function chapterRow({ seq }: ConsoleEvent, words: ChapterWords, order: string | undefined): Row {
  const busy = { before: false, after: false };
  return { kind: 'chapter', key: `chapter ${seq}`, ...words, ...(order && { order }), busy };
}
