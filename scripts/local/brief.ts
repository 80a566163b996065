const UTF8 = new TextEncoder();
/** More fields than any message of the wires has. */
const FIELDS_MAX = 100;
/** What a cut field keeps, so that it can still be distinguished from others. */
const FIELD_BYTES_MIN = 200;

/**
 * A message's content as JSON of at most `bytesMax` bytes, and the bytes it takes. What is too long is cut where it is
 * long: a text, or a list as text, then begins with how much there was, since its end may be cut where it is shown. The
 * copy holds on to nothing of the original.
 */
export function brief(
  content: unknown,
  bytesMax: number,
): { readonly content: unknown; readonly bytes: number } {
  const whole = jsonOf(content);
  if (whole === undefined) return { content: undefined, bytes: 0 };
  let text = bytesOf(whole) <= bytesMax ? whole : JSON.stringify(shortened(JSON.parse(whole), bytesMax));
  if (bytesOf(text) > bytesMax) text = JSON.stringify(cut(whole, bytesMax));
  return { content: JSON.parse(text), bytes: bytesOf(text) };
}

function shortened(value: unknown, bytesMax: number): unknown {
  const text = JSON.stringify(value);
  if (bytesOf(text) <= bytesMax) return value;
  if (typeof value === 'string') return cut(value, bytesMax);
  const fields = Array.isArray(value) ? [] : Object.entries(Object(value));
  if (fields.length === 0 || fields.length > FIELDS_MAX) return cut(text, bytesMax);
  const long = fields.filter(([, field]) => bytesOf(JSON.stringify(field)) > FIELD_BYTES_MIN);
  const names = long.map(([name]) => name);
  const rest = bytesOf(JSON.stringify(value, (name, field) => (names.includes(name) ? 0 : field)));
  const share = Math.max((bytesMax - rest) / long.length, FIELD_BYTES_MIN);
  return Object.fromEntries(fields.map(([name, field]) => [name, shortened(field, share)]));
}

function cut(text: string, bytesMax: number): string {
  const mark = `(cut: ${text.length} characters in all) `;
  for (let length = Math.floor(bytesMax); ; length = Math.floor(length / 2)) {
    const short = `${mark}${text.slice(0, length)}…`;
    if (length === 0 || bytesOf(JSON.stringify(short)) <= bytesMax) return short;
  }
}

/** Undefined for what JSON has no word for, such as undefined itself. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return '"(cut: nested too deeply) …"';
  }
}

function bytesOf(text: string): number {
  return UTF8.encode(text).length;
}
