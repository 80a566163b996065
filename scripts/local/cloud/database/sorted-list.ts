/** A chunk that grows beyond this is cut in two: small enough to shift, large enough that there are few. */
const CHUNK_ITEMS_MAX = 512;

/** A stretch of a list: below 0 for items before it, 0 for its own, above 0 for those after it. */
export type Position<Item> = (item: Item) => number;

/** A place between items. */
interface Cut {
  readonly chunk: number;
  readonly place: number;
}

/**
 * Items in order, no two of them equal: added, taken out, found and counted without looking at the others. It is a list
 * of short sorted arrays.
 */
export class SortedList<Item> {
  readonly #compare: (a: Item, b: Item) => number;
  /** Never an empty one. */
  readonly #chunks: Item[][] = [];

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  add(item: Item): void {
    const { chunk: at, place } = this.#before(item);
    const last = this.#chunks.length - 1;
    const chunk = this.#chunks[Math.min(at, last)];
    if (!chunk) {
      this.#chunks.push([item]);
      return;
    }
    chunk.splice(at > last ? chunk.length : place, 0, item);
    if (chunk.length > CHUNK_ITEMS_MAX) {
      this.#chunks.splice(Math.min(at, last) + 1, 0, chunk.splice(CHUNK_ITEMS_MAX / 2));
    }
  }

  /** Takes out the item that is equal to this one, if there is one. */
  delete(item: Item): void {
    const { chunk: at, place } = this.#before(item);
    const chunk = this.#chunks[at];
    const found = chunk?.[place];
    if (!chunk || found === undefined || this.#compare(found, item) !== 0) return;
    chunk.splice(place, 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
  }

  /** The items of a stretch, in order or from its end. The list must not change meanwhile. */
  *within(position: Position<Item>, isReverse = false): Generator<Item> {
    const parts = this.#parts(position);
    if (isReverse) parts.reverse();
    for (const [at, from, to] of parts) {
      const chunk = this.#chunks[at] ?? [];
      for (let step = 0; step < to - from; step++) {
        const item = chunk[isReverse ? to - 1 - step : from + step];
        if (item !== undefined) yield item;
      }
    }
  }

  /** How many items a stretch has. */
  count(position: Position<Item>): number {
    return this.#parts(position).reduce((sum, [, from, to]) => sum + to - from, 0);
  }

  /** What a stretch takes of each chunk that it touches. */
  #parts(position: Position<Item>): [chunk: number, from: number, to: number][] {
    const start = this.#cut((item) => position(item) >= 0);
    const end = this.#cut((item) => position(item) > 0);
    const parts: [number, number, number][] = [];
    for (let at = start.chunk; at <= end.chunk && at < this.#chunks.length; at++) {
      const from = at === start.chunk ? start.place : 0;
      parts.push([at, from, at === end.chunk ? end.place : (this.#chunks[at]?.length ?? 0)]);
    }
    return parts;
  }

  #before(item: Item): Cut {
    return this.#cut((other) => this.#compare(other, item) >= 0);
  }

  /** The place before the first item that passes; all after it pass too. */
  #cut(passes: (item: Item) => boolean): Cut {
    const chunk = firstIndex(this.#chunks, (items) => {
      const last = items[items.length - 1];
      return last !== undefined && passes(last);
    });
    return { chunk, place: firstIndex(this.#chunks[chunk] ?? [], passes) };
  }
}

/** The index of the first item that passes, where all after it pass too; the length when none does. */
function firstIndex<Item>(items: readonly Item[], passes: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && passes(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
