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
const VirtualOrder = v.looseObject({ env: v.picklist([0, 1]), out_trade_no: v.string() });
const VirtualItem = v.looseObject({ env: v.picklist([0, 1]), id: v.string() });
const Line = v.union([
  v.object({ offset: v.number() }),
  v.object({ order: Order }),
  v.object({ virtual_order: VirtualOrder }),
  v.object({ virtual_item: VirtualItem }),
]);
const Former = v.object({ offset: v.number(), orders: v.array(Order) });

type Entry = v.InferOutput<typeof Line>;

/**
 * What a world saves besides its database: the offset of its clock, and WeChat’s orders and items. One line of JSON for
 * each change, which is with the operating system before the change is reported to anybody.
 */
export class SavedWorld {
  readonly #path: string;
  /** The newest line of everything that is saved but the offset. */
  readonly #newest = new Map<string, string>();
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

  /** WeChat Pay's. */
  get orders(): readonly unknown[] {
    return this.#saved('order');
  }

  /** Virtual payment's. */
  get virtualOrders(): readonly unknown[] {
    return this.#saved('virtual_order');
  }

  get virtualItems(): readonly unknown[] {
    return this.#saved('virtual_item');
  }

  saveOrder(order: object): void {
    this.#append({ order: v.parse(Order, order) });
  }

  saveVirtualOrder(order: object): void {
    this.#append({ virtual_order: v.parse(VirtualOrder, order) });
  }

  saveVirtualItem(item: object): void {
    this.#append({ virtual_item: v.parse(VirtualItem, item) });
  }

  saveOffset(offset: number): void {
    if (offset !== this.#offset) this.#append({ offset });
  }

  /** From now on nothing is saved any more: the directory may be another world's. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #saved(kind: string): readonly unknown[] {
    return [...this.#newest.values()].flatMap((line) => {
      const entry = JSON.parse(line);
      return kind in entry ? [entry[kind]] : [];
    });
  }

  #append(entry: Entry): void {
    if (this.#descriptor === undefined) return;
    this.#bytes += writeSync(this.#descriptor, `${this.#remember(entry)}\n`);
    if (this.#bytes > Math.max(REWRITE_BYTES_MIN, this.#neededBytes * REWRITE_GROWTH)) this.#rewrite();
  }

  /** Answers the entry's line. */
  #remember(entry: Entry): string {
    const line = JSON.stringify(entry);
    if ('offset' in entry) {
      this.#offset = entry.offset;
      return line;
    }
    const key = keyOf(entry);
    this.#neededBytes += Buffer.byteLength(line) - Buffer.byteLength(this.#newest.get(key) ?? '');
    this.#newest.set(key, line);
    return line;
  }

  #rewrite(): void {
    this.close();
    this.#bytes = this.#replace();
    this.#descriptor = openSync(this.#path, 'a');
  }

  #replace(): number {
    return replaceLines(this.#path, [JSON.stringify({ offset: this.#offset }), ...this.#newest.values()]);
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

function keyOf(entry: Exclude<Entry, { offset: number }>): string {
  if ('order' in entry) return `${entry.order.mch_id} ${entry.order.out_trade_no}`;
  if ('virtual_order' in entry)
    return `virtual ${entry.virtual_order.env} ${entry.virtual_order.out_trade_no}`;
  return `item ${entry.virtual_item.env} ${entry.virtual_item.id}`;
}
