import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { readLines, replaceLines } from './lines.ts';
import { PARTIES, TRACE_BYTES_MAX, TRACE_EVENTS_MAX, type Trace, type TraceEvent } from './trace.ts';

const FILE = 'trace.ndjson';
/** The file is rewritten when it is longer than this, so that it holds about twice what the trace does at most. */
const FILE_BYTES_MAX = 2 * TRACE_BYTES_MAX;

const Line = v.object({
  seq: v.number(),
  at: v.pipe(
    v.string(),
    v.transform((text) => new Date(text)),
  ),
  from: v.picklist(PARTIES),
  to: v.picklist(PARTIES),
  kind: v.picklist(['call', 'reply', 'lost', 'change']),
  label: v.string(),
  id: v.exactOptional(v.string()),
  invocation: v.exactOptional(v.string()),
  about: v.exactOptional(v.string()),
  openid: v.exactOptional(v.string()),
  payload: v.exactOptional(v.unknown()),
  offset: v.exactOptional(v.number()),
});

/**
 * The trace of a world that is kept between runs, so that the story is there after a restart. Nothing else depends on it: a
 * line of another shape is left out, and one may be lost with a machine that loses power.
 */
class SavedTrace {
  /** Of earlier runs, oldest first. */
  readonly events: readonly TraceEvent[];
  readonly #path: string;
  readonly #shown: (payload: unknown) => unknown;
  #descriptor: number | undefined;
  #bytes: number;

  /**
   * @param shown what of a payload may lie in a file: nothing secret
   * @throws Error naming the file when it is damaged before its end
   */
  constructor(directory: string, shown: (payload: unknown) => unknown) {
    mkdirSync(directory, { recursive: true });
    this.#path = join(directory, FILE);
    this.#shown = shown;
    const { lines, bytes } = readLines(this.#path);
    this.events = lines.flatMap(eventsIn).slice(-TRACE_EVENTS_MAX);
    this.#bytes = bytes;
    this.#descriptor = openSync(this.#path, 'a');
  }

  save({ payload, ...event }: TraceEvent): void {
    if (this.#descriptor === undefined) return;
    const kept = payload === undefined ? event : { ...event, payload: this.#shown(payload) };
    this.#bytes += writeSync(this.#descriptor, `${JSON.stringify(kept)}\n`);
    if (this.#bytes > FILE_BYTES_MAX) this.#shorten();
  }

  /** From now on nothing is saved any more: the directory may be another world's. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** To half of what it may have, else the next line would mean writing everything again. */
  #shorten(): void {
    this.close();
    const kept: string[] = [];
    let bytes = 0;
    for (const line of readLines(this.#path).lines.toReversed()) {
      bytes += Buffer.byteLength(line) + 1;
      if (bytes > TRACE_BYTES_MAX) break;
      kept.unshift(line);
    }
    this.#bytes = replaceLines(this.#path, kept);
    this.#descriptor = openSync(this.#path, 'a');
  }
}

/**
 * Lets a trace go on where it was, and keeps what comes.
 * @param shown what of a payload may lie in a file: nothing secret
 * @returns what ends it
 */
export function keepTrace(trace: Trace, directory: string, shown: (payload: unknown) => unknown): () => void {
  const saved = new SavedTrace(directory, shown);
  trace.resume(saved.events);
  const unsubscribe = trace.subscribe((event) => saved.save(event));
  return () => {
    unsubscribe();
    saved.close();
  };
}

function eventsIn(line: string): TraceEvent[] {
  const read = v.safeParse(Line, JSON.parse(line));
  return read.success ? [read.output] : [];
}
