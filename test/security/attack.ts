import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Secret, secretsIn } from './secrets.ts';

/** Where attacks happen: a part of the project that runs, with what an attacker could get out of it or change in it. */
export interface Place {
  /** Everything that must be as it was: by name, what is stored there. */
  snapshot(): Readonly<Record<string, unknown>>;
  /** What was written, logged or recorded since this was asked last. */
  outputs(): string;
  /** What must be in no output. */
  readonly secrets: readonly Secret[];
  close(): Promise<void>;
}

/** One attack: a row of a table. */
export interface Attack<Where extends Place> {
  readonly name: string;
  /** What the attacker sends, and gives what the attacker gets to see. */
  readonly send: (place: Where) => Promise<unknown>;
  /** What that must be: values, or matchers of the test library. */
  readonly answered: unknown;
  /** What may change all the same, where something does: an order at the catalogue's price, an alarm. */
  readonly touches?: readonly string[];
  /** What must hold afterwards besides. */
  readonly after?: (place: Where, answer: unknown) => void;
}

/** All attacks that come in by one door. */
export interface Door<Where extends Place> {
  readonly name: string;
  readonly open: () => Promise<Where>;
  readonly attacks: readonly Attack<Where>[];
}

/** Carries out every attack of a door, one after the other, and sees after each that nothing happened or leaked. */
export function defend<Where extends Place>({ name, open, attacks }: Door<Where>): void {
  describe(name, () => {
    let place: Where;
    beforeAll(async () => {
      place = await open();
    });
    afterAll(() => place?.close());

    test.each(attacks)('$name', async ({ send, answered, touches = [], after }) => {
      const before = without(place.snapshot(), touches);
      place.outputs();
      const answer = await send(place);
      expect(answer).toEqual(answered);
      expect(without(place.snapshot(), touches)).toEqual(before);
      after?.(place, answer);
      expect(secretsIn(`${JSON.stringify(answer)}\n${place.outputs()}`, place.secrets)).toEqual([]);
    });
  });
}

function without(snapshot: Readonly<Record<string, unknown>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(snapshot).filter(([name]) => !names.includes(name)));
}
