/** A value that must not be seen, and what it is called where it is. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** Shorter pieces of a key occur in other texts by chance. */
const PIECE_CHARACTERS = 12;

/** The names of the secrets that are in a text: whole or in part, as they are, in base64, in hexadecimal, escaped. */
export function secretsIn(text: string, secrets: readonly Secret[]): string[] {
  const lower = text.toLowerCase();
  return secrets.flatMap(({ name, value }) =>
    spellingsOf(value).some((spelling) => lower.includes(spelling.toLowerCase())) ? [name] : [],
  );
}

function spellingsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  // In base64 a text looks different at each of three offsets; the first and last characters depend on the neighbours.
  const shifted = [0, 1, 2].map((skip) => bytes.subarray(skip).toString('base64').slice(0, -4));
  return [
    value.slice(0, PIECE_CHARACTERS),
    value.slice(-PIECE_CHARACTERS),
    bytes.toString('hex'),
    encodeURIComponent(value),
    ...shifted,
  ];
}
