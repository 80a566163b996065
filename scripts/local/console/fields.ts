/** Stored documents may have been edited by hand: a field of another type is as good as none. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function newestFirst<Item>(items: readonly Item[], timeOf: (item: Item) => number): Item[] {
  return items.toReversed().sort((a, b) => timeOf(b) - timeOf(a));
}
