import type { Document } from '../../../scripts/local/cloud/database/value.ts';
import type { Books } from '../books.ts';
import type { Findings } from '../findings.ts';
import { OPENID_PREFIX } from '../people.ts';
import type { FunctionInstance, Outcome } from '../platform.ts';
import type { Secrets } from '../secrets.ts';
import { readAlarms, readDay, type ToldDay, type ToldGroup } from './chat-text.ts';

/** A text that is in the chat. */
export interface Said {
  readonly at: number;
  /** The run that said it, and when it began. */
  readonly run: string;
  readonly began: number;
  readonly alarms: readonly ToldGroup[];
  readonly day: ToldDay | undefined;
  /** Whether the robot's yes reached that run. */
  isAnswered: boolean;
  /** Whether that run went to its end undisturbed, so that it has written down what was said. */
  isKept: boolean;
}

interface Surroundings {
  readonly now: () => number;
  readonly books: Books;
  readonly findings: Findings;
  readonly secrets: Secrets;
  /** Whether the shop has a robot. */
  readonly isThere: boolean;
}

/** Two messages, each waited for two seconds, and what is written down of them. */
const HELD_UP_MAX_MS = 5000;

/** Looks at what the merchant's people are told, and at who tells them. */
export class TellingChecks {
  readonly #world: Surroundings;
  readonly #said: Said[] = [];
  /** When each run first called the robot. */
  readonly #calledAt = new Map<string, number>();
  /** When each alarm was raised, or raised again, as a document. */
  readonly #raisedAt = new Map<string, number>();

  constructor(world: Surroundings) {
    this.#world = world;
    world.books.onCommit(({ alarms }) => {
      for (const { id, before, after } of alarms)
        if (momentOf(before) !== momentOf(after)) this.#raisedAt.set(id, world.now());
    });
  }

  /** A function is about to call the robot. */
  called({ name, run }: FunctionInstance): void {
    const { now, findings } = this.#world;
    if (!this.#calledAt.has(run)) this.#calledAt.set(run, now());
    if (!name.startsWith('queryOrders#'))
      findings.report('the robot is in nobody’s way', `${name} calls the robot`);
  }

  said({ run, servesSince: began }: FunctionInstance, text: string): Said {
    const { now, findings, secrets } = this.#world;
    if (secrets.areIn(text)) findings.report('no secrets', 'a key is in the chat');
    if (text.includes(OPENID_PREFIX)) findings.report('no secrets', 'a whole openid is in the chat');
    const about = { alarms: readAlarms(text), day: readDay(text) };
    const said = { at: now(), run, began, ...about, isAnswered: false, isKept: false };
    for (const earlier of this.#said) this.#compare(earlier, said);
    this.#said.push(said);
    return said;
  }

  /** A run of the timer has ended. */
  ended({ kind, run, troubles, isRobotTroubled }: Outcome): void {
    const { findings, now } = this.#world;
    const heldUp = now() - (this.#calledAt.get(run) ?? now());
    if (isRobotTroubled && troubles.size === 0 && kind !== 'died') {
      if (kind !== 'answered')
        findings.report('the robot is in nobody’s way', `${run} met nothing but the robot, and ${kind}`);
      if (heldUp > HELD_UP_MAX_MS)
        findings.report('the robot is in nobody’s way', `${run} was held up for ${heldUp} ms`);
    }
    if (kind !== 'answered' || troubles.size > 0) return;
    for (const [place, said] of this.#said.entries()) {
      if (said.run !== run || !said.isAnswered) continue;
      said.isKept = true;
      for (const later of this.#said.slice(place + 1)) this.#compare(said, later);
    }
  }

  /** Every alarm that was raised by then is told by now. */
  checkTold(raisedBy: number): void {
    const { books, findings, isThere } = this.#world;
    if (!isThere) return;
    for (const [id, alarm] of books.alarms) {
      const raised = this.#raisedAt.get(id) ?? 0;
      // One that somebody is done with is told no more, and what was marked as told must have been said as well.
      if (raised > raisedBy || alarm.done_at instanceof Date) continue;
      const isTold = this.#said.some((said) => said.at >= raised && names(said, alarm));
      if (!isTold)
        findings.report('the merchant is told', `nobody was told of ${id}, raised at ${shown(raised)}`);
    }
  }

  /** The days that were said, in the order in which they were. */
  days(): readonly ToldDay[] {
    return this.#said.flatMap(({ day }) => day ?? []);
  }

  /** Nothing is said again that was kept, but for what was raised again since that run began. */
  #compare(earlier: Said, later: Said): void {
    if (!earlier.isKept) return;
    const { findings, books } = this.#world;
    if (earlier.day && earlier.day.day === later.day?.day)
      findings.report('told once', `the day ${earlier.day.day} was said twice`);
    for (const { code, subjects } of later.alarms) {
      const again = subjects.filter((subject) => namesIt(earlier, code, subject));
      for (const subject of again) {
        const cases = [...books.alarms].filter(
          ([, alarm]) => alarm.code === code && alarm.subject === subject,
        );
        if (cases.every(([id]) => (this.#raisedAt.get(id) ?? 0) < earlier.began))
          findings.report('told once', `${code} of ${subject} was said twice`);
      }
    }
  }
}

function names({ alarms }: Said, { code, subject }: Document): boolean {
  return alarms.some(
    (group) =>
      group.code === code &&
      (group.subjects.some((named) => named === subject) || group.count > group.subjects.length),
  );
}

function namesIt({ alarms }: Said, code: string, subject: string): boolean {
  return alarms.some((group) => group.code === code && group.subjects.includes(subject));
}

function momentOf(alarm: Document | undefined): number {
  return alarm?.created_at instanceof Date ? alarm.created_at.getTime() : 0;
}

function shown(moment: number): string {
  return new Date(moment).toISOString();
}
