/** How many times as fast as its peer a contender was, over rounds in which both ran. */
export interface Ratio {
  readonly median: number;
  /** The middle half of the rounds lies between them. */
  readonly quarter: number;
  readonly threeQuarters: number;
}

/** @param peer, ours: what one unit of work cost, round by round */
export function ratioOf({ peer, ours }: { peer: readonly number[]; ours: readonly number[] }): Ratio {
  const ratios = ours.map((cost, round) => (peer[round] ?? Number.NaN) / cost).toSorted((a, b) => a - b);
  const at = (part: number) =>
    ratios[Math.min(ratios.length - 1, Math.floor(ratios.length * part))] ?? Number.NaN;
  return { median: at(0.5), quarter: at(0.25), threeQuarters: at(0.75) };
}

export function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

export function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}
