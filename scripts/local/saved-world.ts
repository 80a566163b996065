import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { readLines, replaceLines } from './lines.ts';

const FILE = 'world.ndjson';
/** What a world before this one wrote, as a whole for each thing that happened. */
const FORMER_FILE = 'world.json';

/** The file is rewritten when it is this many times longer than what it says, and longer than anybody minds. */
const REWRITE_GROWTH = 3;
const REWRITE_BYTES_MIN = 1024 * 1024;

const Order = v.looseObject({ mch_id: v.string(), out_trade_no: v.string() });
const Line = v.union([v.object({ offset: v.number() }), v.object({ order: Order })]);
const Former = v.object({ offset: v.number(), orders: v.array(Order) });

type SavedOrder = v.InferOutput<typeof Order>;

/**
 * What a world saves besides its database: the offset of its clock, and WeChat’s orders. One line of JSON for
 * each change, which is with the operating system before the change is reported to anybody.
 */
export class SavedWorld {
  readonly #path: string;
  readonly #orders = new Map<string, string>();
  #offset = 0;
  #descriptor: number | undefined;
  #bytes = 0;
  #neededBytes = 0;

  /** @throws Error naming the file when it cannot be read, since going on without WeChat's orders would mislead */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.#path = join(directory, FILE);
    const { lines, bytes } = readLines(this.#path);
    for (const [at, line] of lines.entries())
      this.#remember(parsed(Line, line, `${this.#path}, line ${at + 1}`));
    this.#bytes = bytes;
    if (bytes === 0) this.#takeOver(join(directory, FORMER_FILE));
    this.#descriptor = openSync(this.#path, 'a');
  }

  /** In milliseconds. */
  get offset(): number {
    return this.#offset;
  }

  get orders(): readonly unknown[] {
    return [...this.#orders.values()].map((line) => JSON.parse(line).order);
  }

  saveOrder(order: object): void {
    this.#append({ order: v.parse(Order, order) });
  }

  saveOffset(offset: number): void {
    if (offset !== this.#offset) this.#append({ offset });
  }

  /** From now on nothing is saved any more: the directory may be another world's. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #append(entry: v.InferOutput<typeof Line>): void {
    if (this.#descriptor === undefined) return;
    this.#bytes += writeSync(this.#descriptor, `${this.#remember(entry)}\n`);
    if (this.#bytes > Math.max(REWRITE_BYTES_MIN, this.#neededBytes * REWRITE_GROWTH)) this.#rewrite();
  }

  /** Answers the entry's line. */
  #remember(entry: v.InferOutput<typeof Line>): string {
    const line = JSON.stringify(entry);
    if ('offset' in entry) {
      this.#offset = entry.offset;
      return line;
    }
    const key = keyOf(entry.order);
    this.#neededBytes += Buffer.byteLength(line) - Buffer.byteLength(this.#orders.get(key) ?? '');
    this.#orders.set(key, line);
    return line;
  }

  #rewrite(): void {
    this.close();
    this.#bytes = this.#replace();
    this.#descriptor = openSync(this.#path, 'a');
  }

  #replace(): number {
    return replaceLines(this.#path, [JSON.stringify({ offset: this.#offset }), ...this.#orders.values()]);
  }

  #takeOver(former: string): void {
    const text = readIfThere(former);
    if (text === undefined) return;
    const { offset, orders } = parsed(Former, text, former);
    this.#remember({ offset });
    for (const order of orders) this.#remember({ order });
    this.#bytes = this.#replace();
    rmSync(former);
  }
}

function parsed<Entry>(schema: v.GenericSchema<unknown, Entry>, text: string, place: string): Entry {
  try {
    return v.parse(schema, JSON.parse(text));
  } catch (cause) {
    throw new Error(`${place} cannot be read. Remove the file, and the folder beside it, to begin anew.`, {
      cause,
    });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function keyOf({ mch_id, out_trade_no }: SavedOrder): string {
  return `${mch_id} ${out_trade_no}`;
}
