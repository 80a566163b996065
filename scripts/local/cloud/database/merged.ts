/** One stream of several that are sorted already; the next item of a stream is asked for when its last one was taken. */
export function* merged<Item>(
  streams: readonly Iterator<Item>[],
  compare: (a: Item, b: Item) => number,
): Generator<Item> {
  const heads = streams.flatMap((stream) => headOf(stream));
  for (;;) {
    let least = heads[0];
    for (const head of heads) if (least && compare(head.item, least.item) < 0) least = head;
    if (!least) return;
    yield least.item;
    heads.splice(heads.indexOf(least), 1, ...headOf(least.stream));
  }
}

function headOf<Item>(stream: Iterator<Item>): { readonly item: Item; readonly stream: Iterator<Item> }[] {
  const { value: item, done } = stream.next();
  return done ? [] : [{ item, stream }];
}
