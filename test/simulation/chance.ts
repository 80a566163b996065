/** A source of chance that gives the same for the same seed, in every process and on every machine. */
export interface Chance {
  /** From 0 up to 1, as Math.random. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number;
  happens(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  bytes(count: number): Buffer;
  /** A source of its own: what one part of the world draws does not move what another part gets. */
  branch(name: string): Chance;
}

export function chanceOf(seed: number, name = ''): Chance {
  const next = sfc32(seed, hashOf(name));
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    whole,
    happens: (probability) => next() < probability,
    pick: (items) => items[whole(0, items.length - 1)] ?? items[0],
    bytes(count) {
      const bytes = Buffer.alloc(count);
      for (let at = 0; at < count; at++) bytes[at] = whole(0, 255);
      return bytes;
    },
    branch: (branch) => chanceOf(seed, `${name}/${branch}`),
  };
}

/** Small fast counter, 32 bit (Chris Doty-Humphrey's PractRand): passes the usual tests and fits on a screen. */
function sfc32(seed: number, stream: number): () => number {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = stream | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
